import { createInterface } from 'node:readline'
import { startCodex, type CodexEnd, type CodexHome, type CodexRun, type RunningCodex } from './real-codex.ts'

/** What became of a request; `ended` when the process went away without an answer. */
export type AppServerAnswer =
  | { readonly kind: 'result'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: 'error'; readonly code: number; readonly message: string }
  | { readonly kind: 'ended' }

/** A running `codex app-server`, spoken to line by line as an editor would. */
export interface AppServer extends RunningCodex {
  readonly call: (method: string, params: object) => Promise<AppServerAnswer>
  /** The first request, and the notification that it was answered. */
  readonly initialize: () => Promise<AppServerAnswer>
  readonly accountRead: (refreshToken: boolean) => Promise<AppServerAnswer>
  /** Ends its standard input, which tells it to stop. */
  readonly closeInput: () => void
}

export function startAppServer(home: CodexHome, run: CodexRun = {}): AppServer {
  const running = startCodex(home, ['app-server'], { ...run, input: 'pipe' })
  const { stdin, stdout } = running.child
  if (stdin === null) throw new Error('app-server was started without an input')
  stdin.on('error', () => undefined)
  const waiting = new Map<number, (answer: AppServerAnswer) => void>()
  let calls = 0
  const send = (message: object): void => {
    stdin.write(`${JSON.stringify(message)}\n`)
  }
  createInterface({ input: stdout }).on('line', (line) => {
    const { id, result, error } = JSON.parse(line) as {
      id?: number
      result?: Record<string, unknown>
      error?: { code: number; message: string }
    }
    if (id === undefined) return
    waiting.get(id)?.(error ? { kind: 'error', ...error } : { kind: 'result', result: result ?? {} })
    waiting.delete(id)
  })
  void running.ended.then(() => {
    for (const settle of waiting.values()) settle({ kind: 'ended' })
  })
  const call = (method: string, params: object): Promise<AppServerAnswer> =>
    new Promise((resolve) => {
      waiting.set(calls, resolve)
      send({ id: calls++, method, params })
    })
  return {
    ...running,
    call,
    initialize: async () => {
      const answer = await call('initialize', { clientInfo: { name: 'loopback', title: 'loopback', version: '0.0.0' } })
      send({ method: 'initialized' })
      return answer
    },
    accountRead: (refreshToken) => call('account/read', { refreshToken }),
    closeInput: () => {
      stdin.end()
    },
  }
}

/** One whole conversation: initialize, `account/read`, end of input, exit. */
export async function readAccount(
  home: CodexHome,
  refreshToken: boolean,
  run: CodexRun = {},
): Promise<{ answer: AppServerAnswer; end: CodexEnd }> {
  const server = startAppServer(home, run)
  await server.initialize()
  const answer = await server.accountRead(refreshToken)
  server.closeInput()
  return { answer, end: await server.ended }
}
