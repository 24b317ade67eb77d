import * as z from 'zod/mini'
import { failureOfExec, failureOfRefresh, type CodexFailure } from './failure.ts'
import type { CodexProcess, CodexProgram } from './codex-process.ts'

/** The Codex CLI as the keeper uses it. Only a changed `auth.json` proves a refresh; an answer never does. */
export interface CodexCli {
  /** Asks for one refresh without a model call. */
  refresh(request: RefreshCall): Promise<CodexRun>
  /** Makes one short model call. */
  smokeTest(onStart: OnStart): Promise<CodexRun>
}

/** Told the id of a process that may be in the middle of an exchange from now on. */
export type OnStart = (pid: number) => void

export interface RefreshCall {
  /** Seconds since 1970 from which Codex refreshes this token as it starts, without being asked. */
  readonly refreshesFrom: number
  /** Whether auth.json differs from what it was before. */
  readonly hasChanged: () => Promise<boolean>
  readonly onStart: OnStart
}

export type CodexRun =
  | { readonly kind: 'ended'; readonly ok: boolean; readonly failure: CodexFailure | undefined }
  /** This Codex has no app-server. */
  | { readonly kind: 'unsupported' }
  /** It did not end in time and may be in the middle of an exchange, so it was left alone. */
  | { readonly kind: 'left-running'; readonly pid: number }

export interface CodexOptions extends CodexProgram {
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

/** How often to look for an answer. Milliseconds. */
const pollEvery = 20

export function codexCli(options: CodexOptions): CodexCli {
  const limits = options.limits ?? defaultLimits
  return {
    refresh: async (call) => {
      const refreshesAtStart = Date.now() / 1000 >= call.refreshesFrom
      const codex = await started(options, ['app-server'], call.onStart)
      return refresh(codex, limits, async () => !refreshesAtStart && !(await call.hasChanged())).finally(codex.release)
    },
    smokeTest: async (onStart) => {
      const codex = await started(
        options,
        ['exec', '--json', '--skip-git-repo-check', '--sandbox', 'read-only', 'Reply exactly: OK'],
        onStart,
      )
      return smokeTest(codex, limits).finally(codex.release)
    },
  }
}

async function started(options: CodexOptions, args: readonly string[], onStart: OnStart): Promise<CodexProcess> {
  const { startCodex } = await import('./codex-process.ts')
  const codex = await startCodex(options, args)
  onStart(codex.pid)
  return codex
}

/**
 * Speaks to `codex app-server` over its standard streams, one JSON object a line (measured on 0.150.0 and 0.169.0). A token
 * that runs out is refreshed before `initialize` is answered; asking for a refresh then would spend a second token. Closing
 * its input lets an exchange that is under way finish and be saved.
 */
async function refresh(codex: CodexProcess, limits: Limits, mustAsk: () => Promise<boolean>): Promise<CodexRun> {
  const deadline = Date.now() + limits.answer
  codex.send({
    id: 0,
    method: 'initialize',
    params: { clientInfo: { name: 'codex-auth-keeper', title: 'codex-auth-keeper', version: '1' } },
  })
  const greeting = await answerTo(codex, 0, deadline)
  let answer: object | undefined
  if (greeting !== undefined) {
    codex.send({ method: 'initialized' })
    codex.send({ id: 1, method: 'account/read', params: { refreshToken: await mustAsk() } })
    answer = await answerTo(codex, 1, deadline)
  }
  if (!(await finish(codex, limits))) return { kind: 'left-running', pid: codex.pid }
  const errors = await codex.errors()
  if (greeting === undefined && hasNoAppServer(errors)) return { kind: 'unsupported' }
  const failure = failureOfRefresh(errors) ?? (refusal.safeParse(answer).success ? 'refused' : undefined)
  return { kind: 'ended', ok: failure === undefined, failure }
}

/** The first Codex releases took `app-server` for a prompt and asked for a terminal. */
function hasNoAppServer(errors: string): boolean {
  return /unrecognized subcommand|is not a terminal/i.test(errors)
}

/** An answer without an account is what Codex gives after a refresh that was refused for good. */
const refusal = z.object({ result: z.object({ account: z.null() }) })

async function smokeTest(codex: CodexProcess, limits: Limits): Promise<CodexRun> {
  codex.endInput()
  // Not killed: a Codex that is cut off between the exchange and the save has lost the login.
  if (!(await codex.endsWithin(limits.smokeTest))) return { kind: 'left-running', pid: codex.pid }
  const ok = codex.exitCode() === 0
  return { kind: 'ended', ok, failure: ok ? undefined : failureOfExec(await codex.output(), await codex.errors()) }
}

/** Closes the input, waits past the token request's own limit, then asks it once to stop; never kills. Tells whether it ended. */
async function finish(codex: CodexProcess, limits: Limits): Promise<boolean> {
  codex.endInput()
  if (await codex.endsWithin(limits.exit)) return true
  codex.terminate()
  return codex.endsWithin(limits.terminate)
}

/** The answer to one request; undefined when Codex ended without it or the time was up. */
async function answerTo(codex: CodexProcess, id: number, deadline: number): Promise<object | undefined> {
  for (;;) {
    const ended = await codex.endsWithin(pollEvery)
    const answer = (await codex.output())
      .split('\n')
      .map(parsed)
      .find((message) => message?.id === id)
    if (answer !== undefined || ended || Date.now() >= deadline) return answer
  }
}

/** What answers a request; notifications have no id. */
const numbered = z.looseObject({ id: z.number() })

function parsed(line: string): z.infer<typeof numbered> | undefined {
  try {
    return numbered.safeParse(JSON.parse(line)).data
  } catch {
    return undefined // Not every line of a program is a message.
  }
}
