import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { failureOfExec, failureOfRefresh, type CodexFailure } from './failure.ts'

/** The Codex CLI as the keeper uses it. Only a changed `auth.json` proves a refresh; an answer never does. */
export interface CodexCli {
  /** Asks for one refresh without a model call. */
  refresh(request: RefreshCall): Promise<CodexRun>
  /** Makes one short model call. */
  smokeTest(onStart: (pid: number) => void): Promise<CodexRun>
}

export interface RefreshCall {
  /** True when the access token has run out or does so within minutes: Codex then refreshes as it starts. */
  readonly runsOut: boolean
  /** Whether auth.json differs from what it was before. */
  readonly hasChanged: () => Promise<boolean>
  readonly onStart: (pid: number) => void
}

export type CodexRun =
  | { readonly kind: 'ended'; readonly ok: boolean; readonly failure: CodexFailure | undefined }
  /** This Codex has no app-server. */
  | { readonly kind: 'unsupported' }
  /** It did not end in time and may be in the middle of an exchange, so it was left alone. */
  | { readonly kind: 'left-running'; readonly pid: number }

export interface CodexOptions {
  /** Absolute path of the `codex` program. */
  readonly program: string
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** Existing directory to run in. */
  readonly cwd: string
  readonly limits?: Limits
}

/** Milliseconds. Codex gives up a token request after 45 s (measured), so nobody may hurry it before that. */
export interface Limits {
  readonly answer: number
  readonly exit: number
  readonly terminate: number
  readonly smokeTest: number
}
const defaultLimits: Limits = { answer: 60_000, exit: 50_000, terminate: 10_000, smokeTest: 180_000 }

/** How much of a stream is kept for finding the cause of a failure. */
const keptText = 64 * 1024

export function codexCli(options: CodexOptions): CodexCli {
  const limits = options.limits ?? defaultLimits
  return {
    refresh: (call) => refresh(options, limits, call),
    smokeTest: (onStart) => smokeTest(options, limits, onStart),
  }
}

/**
 * Speaks to `codex app-server` over its standard streams, one JSON object a line (measured on 0.169.0). A token that runs
 * out is refreshed before `initialize` is answered; asking for a refresh then would spend a second token. Closing its
 * input lets an exchange that is under way finish and be saved.
 */
async function refresh(options: CodexOptions, limits: Limits, call: RefreshCall): Promise<CodexRun> {
  const codex = start(options, ['app-server'], call.onStart)
  const send = (message: object): void => { codex.child.stdin.write(`${JSON.stringify(message)}\n`) }
  const deadline = after(limits.answer)
  try {
    send({ id: 0, method: 'initialize', params: { clientInfo: { name: 'codex-auth-keeper', title: 'codex-auth-keeper', version: '1' } } })
    const greeting = await Promise.race([codex.answer(0), codex.exited, deadline.reached])
    if (greeting === 'exited' && codex.errors().includes('unrecognized subcommand')) return { kind: 'unsupported' }
    let answer: unknown
    if (typeof greeting === 'object') {
      send({ method: 'initialized' })
      send({ id: 1, method: 'account/read', params: { refreshToken: !call.runsOut && !await call.hasChanged() } })
      answer = await Promise.race([codex.answer(1), codex.exited, deadline.reached])
    }
    const failure = failureOfRefresh(codex.errors()) ?? (refused(answer) ? 'refused' : undefined)
    return await finish(codex, limits, { kind: 'ended', ok: failure === undefined, failure })
  } finally {
    deadline.cancel()
  }
}

/** An answer without an account is what Codex gives after a refresh that was refused for good. */
function refused(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('result' in answer)) return false
  const { result } = answer
  return typeof result === 'object' && result !== null && 'account' in result && result.account === null
}

async function smokeTest(options: CodexOptions, limits: Limits, onStart: (pid: number) => void): Promise<CodexRun> {
  const codex = start(options, ['exec', '--json', '--skip-git-repo-check', '--sandbox', 'read-only', 'Reply exactly: OK'], onStart)
  codex.child.stdin.end()
  const deadline = after(limits.smokeTest)
  try {
    // Not killed: a Codex that is cut off between the exchange and the save has lost the login.
    if (await Promise.race([codex.exited, deadline.reached]) === 'reached') return leave(codex)
    const ok = codex.child.exitCode === 0
    return { kind: 'ended', ok, failure: ok ? undefined : failureOfExec(codex.output(), codex.errors()) }
  } finally {
    deadline.cancel()
  }
}

/** Closes the input, waits past the token request's own limit, then asks it to stop; never kills. */
async function finish(codex: Conversation, limits: Limits, run: CodexRun): Promise<CodexRun> {
  codex.child.stdin.end()
  for (const limit of [limits.exit, limits.terminate]) {
    const deadline = after(limit)
    const first = await Promise.race([codex.exited, deadline.reached])
    deadline.cancel()
    if (first === 'exited') return run
    codex.child.kill('SIGTERM')
  }
  return leave(codex)
}

function leave({ child }: Conversation): CodexRun {
  child.stdout.destroy()
  child.stderr.destroy()
  child.unref()
  return { kind: 'left-running', pid: child.pid ?? 0 }
}

interface Conversation {
  readonly child: ChildProcessWithoutNullStreams
  readonly exited: Promise<'exited'>
  readonly answer: (id: number) => Promise<object>
  readonly output: () => string
  readonly errors: () => string
}

function start({ program, env, cwd }: CodexOptions, args: readonly string[], onStart: (pid: number) => void): Conversation {
  // Its own group, so that a signal to the step's group does not reach it in the middle of an exchange.
  const child = spawn(program, args, { env, cwd, detached: true, stdio: 'pipe' })
  let output = ''
  let errors = ''
  const answers = new Map<number, object>()
  const waiting = new Map<number, (answer: object) => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    output = (output + line + '\n').slice(-keptText)
    const message = parsed(line)
    if (message === undefined) return
    answers.set(message.id, message)
    waiting.get(message.id)?.(message)
  })
  child.stderr.on('data', (data: Buffer) => { errors = (errors + data.toString('utf8')).slice(-keptText) })
  child.stdin.on('error', () => undefined) // it has ended; `exited` tells
  const exited = new Promise<'exited'>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => { resolve('exited') })
  })
  exited.catch(() => undefined) // a program that cannot be started is reported by whoever waits for it
  if (child.pid !== undefined) onStart(child.pid)
  return {
    child, exited,
    answer: (id) => new Promise((resolve) => {
      const early = answers.get(id)
      if (early === undefined) waiting.set(id, resolve)
      else resolve(early)
    }),
    output: () => output,
    errors: () => errors,
  }
}

/** A line that answers a request; notifications have no id. */
function parsed(line: string): { id: number } | undefined {
  try {
    const message: unknown = JSON.parse(line)
    if (typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'number') {
      return { ...message, id: message.id }
    }
  } catch {
    // Not every line of a program is a message.
  }
  return undefined
}

function after(milliseconds: number): { reached: Promise<'reached'>; cancel: () => void } {
  let handle: NodeJS.Timeout
  const reached = new Promise<'reached'>((resolve) => { handle = setTimeout(() => { resolve('reached') }, milliseconds) })
  return { reached, cancel: () => { clearTimeout(handle) } }
}
