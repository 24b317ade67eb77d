import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { node24Path } from '../__tests__/support/fake-runner/node24.ts'
import { actionFolder } from '../__tests__/support/keeper-workflow.ts'
import { startLoopbackSshd } from '../__tests__/support/loopback-sshd.ts'
import { freshLogin, rotated } from './logins.ts'
import { slowLine } from './slow-line.ts'
import { median, quantile } from './statistics.ts'
import type { Row } from './table.ts'

interface Subject {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** What it must print, so that nothing but the real work is timed. */
  readonly shows: string
  /** The subject that it is compared with, and how many times its time it may take. */
  readonly target?: readonly [beside: string, ratio: number]
}

const cli = join(actionFolder, 'dist', 'cli.js')
const warmUps = 2

/**
 * How long the command line takes: to say its version, to show the login of this machine, and to look at three hosts, beside a shell
 * function that asks one host after the other. All take turns.
 * @param folder for their files
 * @param delayMs the round trip to each host
 */
export async function commandLineTimes(turns: number, folder: string, delayMs: number): Promise<Row[]> {
  const login = freshLogin()
  const home = join(folder, 'person')
  mkdirSync(join(home, '.codex'), { recursive: true })
  writeFileSync(join(home, '.codex', 'auth.json'), rotated(login).bytes, { mode: 0o600 })
  const base = { PATH: process.env['PATH'] ?? '', HOME: home }
  const hosts = await Promise.all([startLoopbackSshd(), startLoopbackSshd(), startLoopbackSshd()])
  const lines = await Promise.all(hosts.map(({ port }) => slowLine(port, delayMs)))
  try {
    const [first] = hosts
    const places = hosts.map((host, index) => {
      writeFileSync(join(host.directory, 'auth.json'), login.bytes, { mode: 0o600 })
      if (host !== first) copyFileSync(join(first.directory, 'user.pub'), join(host.directory, 'authorized_keys'))
      return { ...host, port: lines[index]?.port ?? 0 }
    })
    const known = places.map(({ port, knownHosts }) => knownHosts.replace(/:\d+ /, `:${port} `)).join('\n')
    const knownFile = join(folder, 'known_hosts')
    writeFileSync(knownFile, `${known}\n`)
    const node = { program: node24Path(), env: base }
    const subjects: Subject[] = [
      { ...node, name: 'node -e 0', args: ['-e', '0'], shows: '' },
      { ...node, name: '--version', args: [cli, '--version'], shows: '.', target: ['node -e 0', 2.5] },
      { ...node, name: 'status of this machine', args: [cli, 'status'], shows: 'Nobody needs', target: ['node -e 0', 4] },
      {
        name: 'shell function, 3 hosts',
        program: '/bin/bash',
        args: ['-c', oneAfterTheOther(places, first.keyFile, knownFile)],
        env: base,
        shows: 'newest:',
      },
      {
        ...node,
        name: 'status, 3 hosts',
        args: [
          cli,
          'status',
          ...places.flatMap(({ user, host, port, directory }) => ['--store', `ssh: ${user}@${host}:${port}${directory}/auth.json`]),
        ],
        env: { ...base, CODEX_AUTH_SSH_KEY: first.key, CODEX_AUTH_KNOWN_HOSTS: known },
        shows: '3 of these places are behind',
        target: ['shell function, 3 hosts', 0.5],
      },
    ]
    const samples = new Map<string, number[]>(subjects.map(({ name }) => [name, []]))
    for (let turn = -warmUps; turn < turns; turn += 1) {
      for (const subject of subjects) {
        const wall = await timed(subject)
        if (turn >= 0) samples.get(subject.name)?.push(wall)
      }
    }
    return [['', 'median', 'quartiles', 'beside', 'ratio', 'target'], ...subjects.map((subject) => row(subject, samples))]
  } finally {
    await Promise.all([...lines.map((line) => line.close()), ...hosts.map((host) => host.stop())])
  }
}

/** What people have in their shell's profile: last_refresh of each host, one ssh after the other. */
function oneAfterTheOther(
  hosts: readonly { user: string; host: string; port: number; directory: string }[],
  key: string,
  known: string,
): string {
  const reads = hosts.map(
    ({ user, host, port, directory }) =>
      `ssh -F /dev/null -o BatchMode=yes -o UserKnownHostsFile=${known} -o IdentitiesOnly=yes -i ${key} -p ${port} ${user}@${host} 'cat ${directory}/auth.json'`,
  )
  const field = `grep -o '"last_refresh": "[^"]*"' | cut -d'"' -f4`
  return [
    `best=$(${field} <"$HOME/.codex/auth.json")`,
    ...reads.map((read) => `at=$(${read} | ${field}); [[ $at > $best ]] && best=$at`),
    'echo "newest: $best"',
  ].join('\n')
}

function row({ name, target }: Subject, samples: ReadonlyMap<string, readonly number[]>): Row {
  const wall = samples.get(name) ?? []
  const [beside = '', most = NaN] = target ?? []
  const ratio = median(wall) / median(samples.get(beside) ?? [])
  const judged = target === undefined ? ['', '', ''] : [beside, ratio.toFixed(2), `${ratio <= most ? 'met' : 'MISSED'} (<= ${most})`]
  return [name, `${median(wall).toFixed(0)} ms`, `${quantile(wall, 0.25).toFixed(0)}-${quantile(wall, 0.75).toFixed(0)}`, ...judged]
}

/** The hosts are served by this process, so it must not wait for its child synchronously. */
function timed({ name, program, args, env, shows }: Subject): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint()
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', reject)
    child.once('close', (code) => {
      const wall = Number(process.hrtime.bigint() - start) / 1e6
      if (code === 0 && output.includes(shows)) resolve(wall)
      else reject(new Error(`${name} did not do what was to be timed:\n${output}`))
    })
  })
}
