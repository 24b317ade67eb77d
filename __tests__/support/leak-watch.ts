import type { Job, StageRecord } from './fake-runner/job-result.ts'
import type { Machine } from './fake-runner/machine.ts'
import type { ProcessRecord } from './fake-runner/processes/process-table.ts'
import { collectSinks, findLeaks, type Sink } from './leak-search.ts'
import { authFileOf } from './keeper-workflow.ts'

/** The secrets of a scenario, which may grow while it runs. */
export interface LeakWatch {
  /** One more secret: a token, a key, the lines of a key file. */
  readonly add: (...secrets: readonly string[]) => void
  /** The three tokens of an `auth.json`, and whose it is. */
  readonly addDocument: (text: string | undefined) => void
  /** One more secret, which these children, and those that they start, need in their environment. */
  readonly addFor: (secret: string | undefined, needs: (found: ProcessRecord) => boolean) => void
  /** Everything by which a job gave a secret away or masked badly; empty when it did not. */
  readonly faults: (job: Job, machine: Machine, more?: readonly Sink[]) => string[]
}

export function leakWatch(): LeakWatch {
  const secrets: string[] = []
  const persons: string[] = []
  const needs = new Map<string, (found: ProcessRecord) => boolean>()
  const add = (...more: readonly string[]): void => {
    for (const secret of more) if (!secrets.includes(secret)) secrets.push(secret)
  }
  return {
    add,
    addDocument: (text) => {
      if (text === undefined) return
      const { tokens } = JSON.parse(text) as { tokens: Record<string, string> }
      const { id_token: idToken = '', access_token: accessToken = '', refresh_token: refreshToken = '', account_id: account = '' } = tokens
      add(idToken, accessToken, refreshToken)
      const claims = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8')) as { email: string; sub: string }
      for (const person of [account, claims.email, claims.sub.replace(/^.*\|/, '')]) if (!persons.includes(person)) persons.push(person)
    },
    addFor: (secret, needed) => {
      if (secret === undefined) return
      add(secret)
      needs.set(secret, needed)
    },
    faults: (job, machine, more = []) => {
      const stages = job.stages.filter(({ step, pid }) => step === 'keeper' && pid !== undefined)
      const files = machine.files().filter(({ path }) => path !== authFileOf(machine))
      const sinks = [...collectSinks(job, { files }), ...more]
      const leaks = findLeaks(secrets, sinks).map(({ canary, form, sink }) => `secret ${canary} (${form}) in ${sink}`)
      const shown = sinks.filter(({ name }) => !name.startsWith('left') && !name.startsWith('stdout of main codex'))
      const people = findLeaks(persons, shown).map(({ canary, form, sink }) => `person ${canary} (${form}) in ${sink}`)
      return [...new Set([...leaks, ...people, ...stages.flatMap(maskFaults), ...environmentFaults(job, secrets, needs)])]
    },
  }
}

/** Masks that come late, that would blacken ordinary words, or that hold more than one line. */
function maskFaults({ stage, stdout, stderr }: StageRecord): string[] {
  const values = stdout.filter((line) => line.startsWith('::add-mask::')).map((line) => line.slice('::add-mask::'.length))
  return [
    ...(stdout[0]?.startsWith('::add-mask::') === true ? [] : [`the first line of ${stage} is not a mask`]),
    ...(stderr.length > 0 ? [`${stage} wrote to stderr, which the runner reads before the masks`] : []),
    ...values.filter((value) => value.replaceAll('%25', '%').length <= 3).map((value) => `${stage} masks "${value}"`),
    ...values.filter((value) => /%0[AD]/.test(value)).map(() => `${stage} masks several lines as one`),
  ]
}

/** Secrets in the environment of children of the keeper that have no need of them. */
function environmentFaults(
  { processes, stages }: Job,
  secrets: readonly string[],
  needs: ReadonlyMap<string, (found: ProcessRecord) => boolean>,
): string[] {
  const isStage = ({ pid, argv }: ProcessRecord): boolean =>
    stages.some((stage) => stage.step === 'keeper' && (stage.pid === pid || argv[1]?.endsWith(`/dist/${stage.stage}.js`) === true))
  const allowed = new Map([...needs].map(([secret, needed]) => [secret, withChildren(processes, needed)]))
  const others = processes.filter((found) => !isStage(found))
  const sinks = others.map(({ environ }, index) => ({ name: String(index), content: environ.join('\n') }))
  return findLeaks(secrets, sinks).flatMap(({ canary, form, sink }) => {
    const found = others[Number(sink)]
    if (found === undefined || allowed.get(secrets[canary] ?? '')?.has(found.pid) === true) return []
    return [`secret ${canary} (${form}) in the environment of ${found.argv.slice(0, 3).join(' ')}`]
  })
}

/** The process ids of those that meet the condition, and of all below them. */
export function withChildren(processes: readonly ProcessRecord[], meets: (found: ProcessRecord) => boolean): ReadonlySet<number> {
  const pids = new Set(processes.filter(meets).map(({ pid }) => pid))
  for (let size = -1; size !== pids.size;) {
    size = pids.size
    for (const { pid, parent } of processes) if (pids.has(parent)) pids.add(pid)
  }
  return pids
}

/** git at work on a server; what it starts inherits its environment. */
export function isGitOnTheNetwork({ argv: [program = '', ...args] }: ProcessRecord): boolean {
  return /\bgit[^/]*$/.test(program) && args.some((argument) => /^(ls-remote|fetch|push)$/.test(argument))
}

/** The process of ours that brings an entry to the Actions cache; the packer that it starts inherits its environment. */
export function isCacheUpload({ argv: [, script = ''] }: ProcessRecord): boolean {
  return script.endsWith('/dist/cache-upload.js')
}

/** A `run:` step of the job, to which the runner itself gives the right to ask for an id token. */
export function isScriptStep({ argv: [program = '', ...args] }: ProcessRecord): boolean {
  return /\bbash$/.test(program) && args.at(-1)?.endsWith('.sh') === true
}
