import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { KeeperError, messageOf } from '../keeper-error.ts'
import { inTime } from '../process/in-time.ts'
import { codexEnvironment } from './codex-environment.ts'

export interface LoginSetup {
  /** Absolute path of the `codex` program. */
  readonly program: string
  /** An empty folder for this login alone. */
  readonly codexHome: string
  /** The person's environment; Codex gets what it needs to log in. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** In a browser of this machine, or with a code that the person enters on any device. */
  readonly way: LoginWay
  /** Told each line that Codex prints: where to go, the code, what went wrong. */
  readonly onLine: (line: string) => void
}

export type LoginWay = 'browser' | 'device'

/** A `codex login` that waits for the person. */
export interface RunningLogin {
  /** The exit code, once it has ended; 128 and the signal's number where one has ended it. */
  readonly ended: Promise<number>
  /** Ends it and waits until it is gone. */
  end(): Promise<void>
}

/** What opens a browser on the person's screen. */
const screenVariables = [
  'BROWSER',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'XDG_CURRENT_DESKTOP',
  'XDG_DATA_DIRS',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'WSL_DISTRO_NAME',
]
/** They lead refresh tokens elsewhere; a login has no use for them. */
const tokenUrls = ['CODEX_REFRESH_TOKEN_URL_OVERRIDE', 'CODEX_REVOKE_TOKEN_URL_OVERRIDE']

/** So long may Codex take to end when it is asked to. Milliseconds. */
const patience = 2_000

/**
 * Starts `codex login`, which writes `auth.json` into that home whatever the machine's configuration says. It has a process group of its
 * own, so that Ctrl-C comes to its parent, which ends it and looks at what it has left.
 */
export function startLogin({ program, codexHome, env, way, onLine }: LoginSetup): RunningLogin {
  const screen = Object.fromEntries(screenVariables.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
  const own = Object.entries(codexEnvironment(env, codexHome)).filter(([name]) => !tokenUrls.includes(name))
  const child = spawn(program, ['login', ...(way === 'device' ? ['--device-auth'] : []), '-c', 'cli_auth_credentials_store="file"'], {
    env: { ...Object.fromEntries(own), ...screen },
    cwd: codexHome,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      onLine(stripVTControlCharacters(line))
    })
  }
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => {
      reject(notStarted(program, error))
    })
    child.once('close', (code, signal) => {
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
  ended.catch(() => undefined)
  const isGone = (): Promise<boolean> =>
    inTime(
      ended.catch(() => 0),
      patience,
    ).then((end) => end !== 'late')
  return {
    ended,
    end: async () => {
      child.kill('SIGTERM')
      if (!(await isGone())) child.kill('SIGKILL')
      child.unref()
    },
  }
}

function notStarted(program: string, error: unknown): KeeperError {
  return new KeeperError(
    'codex-failed',
    `Codex could not be started (${program}): ${messageOf(error)}`,
    'Install a Codex CLI that runs on this machine.',
    { cause: error },
  )
}
