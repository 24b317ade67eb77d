import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256 } from '../../src/sha256.ts'

/** The script of the store ssh, run here as a host would run it. */
export const scriptFile = fileURLToPath(new URL('../../src/stores/ssh/codex-auth-store.sh', import.meta.url))

export interface Answer {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

export interface HostShell {
  readonly name: string
  /** Program and first arguments; the script and its arguments follow. */
  readonly command: readonly [string, ...string[]]
}

/** The POSIX shells of this machine that hosts are likely to have as sh. */
export const shells: readonly HostShell[] = (
  [
    { name: 'dash', command: ['/bin/dash'] },
    { name: 'bash', command: ['/bin/bash', '--posix'] },
    { name: 'busybox', command: ['/bin/busybox', 'sh'] },
    { name: 'mksh', command: ['/bin/mksh'] },
  ] satisfies HostShell[]
).filter(({ command }) => existsSync(command[0]))

/** One file on a host, through the script in one shell. */
export interface HostFile {
  run(args: readonly string[], options?: RunOptions): Promise<Answer>
  start(args: readonly string[], options?: RunOptions): { child: ChildProcess; answer: Promise<Answer> }
  read(): Promise<{ version: string; document: string }>
  write(document: string | Uint8Array, version: string, options?: RunOptions): Promise<Answer>
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
}

export function hostFile({ command: [tool, ...first] }: HostShell, file: string, path = '/usr/bin:/bin'): HostFile {
  const start: HostFile['start'] = (args, { stdin, env } = {}) => {
    // In a group of its own, so that a test can end it with everything it started.
    const child = spawn(tool, [...first, scriptFile, ...args], { env: { PATH: path, HOME: '/nonexistent', ...env }, detached: true })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (data: Buffer) => out.push(data))
    child.stderr.on('data', (data: Buffer) => err.push(data))
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin)
    const answer = new Promise<Answer>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => {
        resolve({ code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') })
      })
    })
    return { child, answer }
  }
  const run: HostFile['run'] = (args, options) => start(args, options).answer
  return {
    start,
    run,
    read: async () => {
      const { code, stdout, stderr } = await run(['read', file])
      if (code !== 0) throw new Error(`read ended with exit code ${code ?? 'none'}: ${stderr}`)
      const end = stdout.indexOf('\n')
      return { version: stdout.subarray(0, end).toString(), document: stdout.subarray(end + 1).toString() }
    },
    write: (document, version, options) =>
      run(['write', version, sha256(document), String(Buffer.byteLength(document)), file], { stdin: document, ...options }),
  }
}

/** A folder that has these programs alone, to be a host's whole PATH. */
export async function onlyThese(folder: string, programs: readonly string[]): Promise<string> {
  await mkdir(folder)
  for (const program of programs) {
    const found = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].map((place) => join(place, program)).find((path) => existsSync(path))
    if (found) await symlink(found, join(folder, program))
  }
  return folder
}
