import { homedir } from 'node:os'
import { systemClock } from '../clock.ts'
import { KeeperError, systemCodeOf } from '../keeper-error.ts'
import { secretsIn } from '../keeper/given-secrets.ts'
import type { CliContext } from './context.ts'
import { divideEnvironment } from './environment.ts'
import { exitCodeOf } from './exit-code.ts'
import { listenToInterrupts, type Interrupts } from './interrupts.ts'
import { runProgram } from './program.ts'
import { refuseSecrets } from './refuse-secrets.ts'
import { questionsOn } from './terminal/questions.ts'
import { tellError } from './tell-error.ts'
import { openTerminal } from './terminal/terminal.ts'

export interface Start {
  /** What stands on the command line behind the program's name. */
  readonly words: readonly string[]
  readonly version: string
  readonly process: NodeJS.Process
}

/**
 * The whole program, but for its process. This is the only place that catches what a command throws.
 * @returns the exit code
 */
export async function main({ words, version, process }: Start): Promise<number> {
  const { stdin, stdout, stderr, env } = process
  const environment = divideEnvironment(env)
  const terminal = openTerminal({ stdout, stderr, env })
  terminal.secrets.add(secretsOf(environment))
  const interrupts = listenToInterrupts()
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error) => {
      endQuietly(error, interrupts)
    })
  }
  const context: CliContext = {
    environment,
    terminal,
    interrupts,
    questions: questionsOn(stdin.isTTY && stdout.isTTY, terminal.fit, () => interrupts.end('SIGINT')),
    clock: systemClock,
    home: environment.shared['HOME'] ?? homedir(),
    cwd: process.cwd(),
  }
  try {
    refuseSecrets(words)
    if (process.platform === 'win32') {
      throw new KeeperError('unsupported-platform', 'Windows is not supported yet.', 'Use it on Linux or macOS, or in WSL.')
    }
    return await runProgram(words, version, context)
  } catch (error) {
    tellError(error, terminal)
    return exitCodeOf(error)
  } finally {
    interrupts.close()
  }
}

function secretsOf({ secrets, shared }: CliContext['environment']): string[] {
  return secretsIn({
    authJson: secrets.CODEX_AUTH_SEED,
    encryptionKey: secrets.CODEX_AUTH_KEY,
    keyFiles: [secrets.CODEX_AUTH_SSH_KEY],
    tokens: [secrets.CODEX_AUTH_TOKEN, secrets.CODEX_AUTH_STORE_TOKEN, shared['GH_TOKEN'], shared['GITHUB_TOKEN']],
  })
}

/** Whoever reads our output has read enough (`… | head`). */
function endQuietly(error: unknown, interrupts: Interrupts): void {
  if (systemCodeOf(error) !== 'EPIPE') throw error
  // Who has taken the signals over has something to finish, whether anybody reads of it or not.
  if (!interrupts.isTakenOver()) process.exit()
}
