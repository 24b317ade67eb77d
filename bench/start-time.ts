import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pushEvent } from '../__tests__/support/fake-runner/events.ts'
import { createMachine, type Machine } from '../__tests__/support/fake-runner/machine.ts'
import { node24Path } from '../__tests__/support/fake-runner/node24.ts'
import { actionFolder, keeperStep } from '../__tests__/support/keeper-workflow.ts'
import { freshLogin, rotated } from './logins.ts'
import { median, quantile, sum } from './statistics.ts'
import type { Row } from './table.ts'

type Subject = 'node' | 'main' | 'post'

interface Sample {
  /** Milliseconds from start to end. */
  readonly wall: number
  /** Milliseconds of processor time; 0 where the system does not tell. */
  readonly cpu: number
}

const warmUps = 3

/**
 * Ratios of the main and post stages of other actions: create-github-app-token, actions/cache, setup-uv. They were measured by this
 * method, on Node 24, when this project began, and are for orientation: nothing measures them again.
 */
const peers = { main: ['2.8', '4.8', '6.4'], post: ['2.7', '4.9', '4.1'] } as const

/**
 * How long main and post take against a Node that does nothing: an unchanged job with the store `runner`, each stage
 * started as the runner starts it. The three take turns, so that whatever else this machine does meets all of them.
 * @param runs turns that count
 */
export async function startTimes(runs: number): Promise<Row[]> {
  const machine = createMachine({ kind: 'self-hosted' })
  try {
    const commands = await stagesOfUnchangedJob(machine)
    const samples: Record<Subject, Sample[]> = { node: [], main: [], post: [] }
    for (let turn = -warmUps; turn < runs; turn += 1) {
      for (const subject of ['node', 'main', 'post'] as const) {
        const sample = timed(commands[subject])
        if (turn >= 0) samples[subject].push(sample)
      }
    }
    return [
      ['', 'median', 'quartiles', 'ratio', 'CPU ratio', 'target', 'create-github-app-token', 'actions/cache', 'setup-uv'],
      row('node -e 0', samples.node, samples.node, '', ['', '', '']),
      row('main', samples.main, samples.node, '2.8', peers.main),
      row('post', samples.post, samples.node, '2.6', peers.post),
    ]
  } finally {
    machine.destroy()
  }
}

function row(name: string, samples: readonly Sample[], bare: readonly Sample[], target: string, others: readonly string[]): Row {
  const wall = samples.map((sample) => sample.wall)
  const ratio = median(wall) / median(bare.map((sample) => sample.wall))
  const cpu = sum(samples.map((sample) => sample.cpu)) / sum(bare.map((sample) => sample.cpu))
  return [
    name,
    `${median(wall).toFixed(0)} ms`,
    `${quantile(wall, 0.25).toFixed(0)}-${quantile(wall, 0.75).toFixed(0)}`,
    ratio.toFixed(2),
    Number.isNaN(cpu) ? '?' : cpu.toFixed(2),
    target === '' ? '' : `${ratio <= Number(target) ? 'met' : 'MISSED'} (<= ${target})`,
    ...others,
  ]
}

interface Command {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** What the output must show, so that nothing but the real work is timed. */
  readonly shows: string
}

/** Lets two jobs run, so that the store holds a login, and takes over what the second one's stages were given. */
async function stagesOfUnchangedJob(machine: Machine): Promise<Record<Subject, Command>> {
  const seed = freshLogin()
  const authFile = join(machine.home, '.codex', 'auth.json')
  const job = (refresh: () => void) =>
    machine.runJob({
      ...pushEvent(),
      secrets: { SEED: JSON.stringify(JSON.parse(seed.text)) },
      steps: [keeperStep({ store: 'runner', 'auth-json': '${{ secrets.SEED }}' }), { id: 'codex', call: refresh }],
    })
  await job(() => {
    writeFileSync(authFile, rotated(seed).bytes, { mode: 0o600 })
  })
  const unchanged = await job(() => undefined)
  const files = commandFilesIn(machine)
  const stage = (name: 'main' | 'post', shows: string): Command => {
    const record = unchanged.stage('keeper', name)
    return { args: [join(actionFolder, 'dist', `${name}.js`)], env: { ...record.env, ...files }, cwd: machine.workspace, shows }
  }
  const main = stage('main', 'Codex login restored from runner')
  return { node: { ...main, args: ['-e', '0'], shows: '' }, main, post: stage('post', 'nothing new to store') }
}

/** Command files of our own: the runner removes those of a stage that has ended. */
function commandFilesIn(machine: Machine): Record<string, string> {
  return Object.fromEntries(
    ['ENV', 'PATH', 'OUTPUT', 'STATE', 'STEP_SUMMARY'].map((name) => {
      const file = join(machine.root, `GITHUB_${name}`)
      writeFileSync(file, '')
      return [`GITHUB_${name}`, file]
    }),
  )
}

function timed({ args, env, cwd, shows }: Command): Sample {
  const cpu = childrenCpu()
  const start = process.hrtime.bigint()
  const { status, stdout } = spawnSync(node24Path(), args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  const wall = Number(process.hrtime.bigint() - start) / 1e6
  if (status !== 0 || !stdout.includes(shows)) throw new Error(`${args.join(' ')} did not do what was to be timed:\n${stdout}`)
  return { wall, cpu: childrenCpu() - cpu }
}

/** Processor time of all children that have ended, in milliseconds (Linux); counted in hundredths of a second. */
function childrenCpu(): number {
  try {
    const [user, system] = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ').slice(13, 15) ?? []
    return (Number(user) + Number(system)) * 10
  } catch {
    return NaN
  }
}
