import { spawn } from 'node:child_process'
import { accessSync, closeSync, constants as modes, existsSync, openSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { messageOf, systemCodeOf } from '../../keeper-error.ts'
import type { InterruptSignal } from '../interrupts.ts'

/** What a shell ends with where there is no such command, and where it is not one that can be executed. */
const notFound = 127
const notExecutable = 126

export type FoundCommand =
  { readonly kind: 'found'; readonly program: string } | { readonly kind: 'none'; readonly code: number; readonly why: string }

/** Looks a command up as a shell would: a name in PATH, or a path. */
export function findCommand(name: string, path: string, cwd: string): FoundCommand {
  const places = name.includes('/')
    ? [resolve(cwd, name)]
    : path.split(delimiter).flatMap((folder) => (isAbsolute(folder) ? [join(folder, name)] : []))
  const files = places.filter(isFile)
  const program = files.find(isExecutable)
  if (program !== undefined) return { kind: 'found', program }
  const there = files[0] ?? places.find((place) => name.includes('/') && existsSync(place))
  if (there === undefined) return { kind: 'none', code: notFound, why: `There is no command ${name}.` }
  return { kind: 'none', code: notExecutable, why: `${there} cannot be executed.` }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, modes.X_OK)
    return true
  } catch {
    return false
  }
}

/** After a signal to end, the command gets this long before what is there is stored without waiting for it. Milliseconds. */
const patience = 20_000

export interface CommandRequest {
  readonly program: string
  /** Its name as it was given, and its arguments. */
  readonly words: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

export type CommandEnd =
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'not-started'; readonly code: number; readonly why: string }
  /** It goes on although it was told to end. */
  | { readonly kind: 'left'; readonly pid: number }

/** A command that runs with the input and output of this process. */
export interface RunningCommand {
  readonly end: Promise<CommandEnd>
  /** Hands a signal on. @returns whether it asks the command to end, and is not one that a terminal gives to both of us */
  signal(signal: InterruptSignal): 'cancels' | 'typed'
}

export function startCommand({ program, words, env, cwd }: CommandRequest): RunningCommand {
  const [argv0 = program, ...args] = words
  const child = spawn(program, args, { argv0, env: { ...env }, cwd, stdio: 'inherit' })
  const isTyped = hasTerminal()
  let limit: NodeJS.Timeout | undefined
  let leave: (end: CommandEnd) => void = () => undefined
  const others = (['SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const).map((name) => {
    const pass = (): void => {
      // A terminal has sent it to the whole group.
      if (name !== 'SIGQUIT' || !isTyped) child.kill(name)
    }
    process.on(name, pass)
    return () => process.off(name, pass)
  })
  const end = new Promise<CommandEnd>((done) => {
    leave = done
    child.once('error', (error) => {
      const code = systemCodeOf(error) === 'ENOENT' ? notFound : notExecutable
      done({ kind: 'not-started', code, why: `${argv0} could not be started: ${messageOf(error)}.` })
    })
    child.once('exit', (code, signal) => {
      done({ kind: 'ended', code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) })
    })
  }).finally(() => {
    clearTimeout(limit)
    for (const stop of others) stop()
  })
  return {
    end,
    signal: (signal) => {
      if (isTyped && signal === 'SIGINT') return 'typed'
      if (!isTyped || signal === 'SIGTERM') child.kill(signal)
      limit ??= setTimeout(() => {
        child.unref()
        leave({ kind: 'left', pid: child.pid ?? 0 })
      }, patience)
      return 'cancels'
    },
  }
}

/** Whether a terminal sends Ctrl-C to all of its foreground processes, the command among them. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
