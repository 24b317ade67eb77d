import { readFileSync } from 'node:fs'
import { failureOfExec, type CodexFailure } from '../../codex/failure.ts'
import { KeeperError } from '../../keeper-error.ts'
import type { ChildResult } from '../../process/child.ts'
import { stderrTail } from '../../process/stderr-tail.ts'
import { howToPin, quoted } from '../../stores/openssh.ts'
import { sshClient, type SshClientOptions } from '../../stores/ssh/ssh-client.ts'

/** What a host runs. It lies beside this file, and in dist beside the bundle. */
const scriptFile = new URL('./codex-auth-host.sh', import.meta.url)

/** How one short prompt to Codex on the host ended. */
export type HostProof =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly failure: CodexFailure | undefined }
  /** It gave no answer in 45 seconds, and was left alone: it may be in the middle of a refresh. */
  | { readonly kind: 'left-running' }

/** The Codex of a user on a host, over SSH. Every method throws a KeeperError where the host does not answer or cannot do it. */
export interface HostCodex {
  /** @returns the folder in which Codex there keeps its login, if a profile says so. @throws KeeperError codex-failed where there is no Codex */
  find(): Promise<string | undefined>
  /** Makes a folder for this user alone. */
  makeFolder(folder: string): Promise<void>
  prove(folder: string): Promise<HostProof>
  /** Removes a login, and what the keeper has put beside it; false where another one lies there by now, which stays. */
  remove(file: string, bytes: Uint8Array): Promise<boolean>
  close(): Promise<void>
}

/** Two profiles of ten seconds each, 45 seconds for Codex, and the way there. Milliseconds. */
const longest = 100_000

/** Works on a host by a script that is sent with each command; nothing of it stays there. */
export function hostCodex(options: SshClientOptions): HostCodex {
  const { host, port, user } = options.address
  const client = sshClient({ ...options, timeoutMs: longest })
  const script = readFileSync(scriptFile, 'utf8').trimEnd()
  const run = async (words: string, stdin?: Uint8Array): Promise<Extract<ChildResult, { kind: 'exited' }>> => {
    const result = await client.run('read', `sh -c ${quoted(script)} codex-auth-host ${words}`, stdin).catch((error: unknown) => {
      throw isUnknownHost(error, host, port) ? unknownHost(host, port) : error
    })
    if (result.kind === 'exited') return result
    throw new KeeperError('store-unreachable', `${host} did not end in time.`, 'See why it hangs; it was not stopped.')
  }
  const done = async (words: string, stdin?: Uint8Array): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(words, stdin)
    if (exitCode === 0) return stdout.toString('utf8')
    if (exitCode === exit.noCodex) {
      throw new KeeperError(
        'codex-failed',
        `${user}@${host} has no Codex: neither in PATH, nor with the profile of a login shell, nor where installers put it. Nothing was put there.`,
        'Install it there (npm install --global @openai/codex), and run this again.',
      )
    }
    throw new KeeperError(
      'store-refused',
      `${host}: ${stderrTail(stderr) || `exit code ${exitCode}`}`,
      'Make it possible for that user there.',
    )
  }
  return {
    find: async () => /^home (.+)$/m.exec(await done('find'))?.[1],
    makeFolder: async (folder) => {
      await done(`folder ${folder}`)
    },
    prove: async (folder) => proofIn(await done(`prove ${folder}`)),
    remove: async (file, bytes) => {
      const { exitCode } = await run(`remove ${file}`, bytes)
      return exitCode === 0
    },
    close: () => client.close(),
  }
}

const exit = { noCodex: 69 } as const

/** What the script prints of a proof: a line that says how it ended, then what Codex printed. */
function proofIn(printed: string): HostProof {
  const [, code] = /^ended (\d+)\n/.exec(printed) ?? []
  if (code === undefined) return { kind: 'left-running' }
  if (code === '0') return { kind: 'passed' }
  return { kind: 'failed', failure: failureOfExec(printed, printed) }
}

function isUnknownHost(error: unknown, host: string, port: number): boolean {
  return error instanceof KeeperError && error.remedy === howToPin(host, port)
}

function unknownHost(host: string, port: number): KeeperError {
  return new KeeperError(
    'store-refused',
    `The key of the host ${host} (port ${port}) is not known here, and it is not trusted on first use. Nothing was sent.`,
    `Compare the output of "ssh-keyscan -p ${port} ${host}" with the key as the host itself shows it ` +
      '(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), for ssh-keyscan alone proves nothing. Then add it: ' +
      `ssh-keyscan -p ${port} ${host} >> ~/.ssh/known_hosts`,
  )
}
