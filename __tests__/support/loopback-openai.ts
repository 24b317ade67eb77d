import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { managedLogin, tenDays, type Login, type LoginOptions } from './codex-login.ts'
import { json, type Answer } from './loopback-openai/answer.ts'
import type { ExchangeFault, ModelFault } from './loopback-openai/faults.ts'
import type { Gate, Held } from './loopback-openai/gate.ts'
import { loginEndpoints } from './loopback-openai/login-endpoints.ts'
import { tokenBook, type TokenBook, type TokenRecord } from './loopback-openai/ledger.ts'
import { bearer, modelEndpoint } from './loopback-openai/model-endpoint.ts'
import type { ModelTurn } from './loopback-openai/model-turns.ts'
import { tokenEndpoint, type HoldMoment } from './loopback-openai/token-endpoint.ts'

export interface LoopbackOpenAIOptions {
  /**
   * Seconds from a rotation until the new access token ends; ten days when absent. Above 300 by more than the run
   * takes: Codex refreshes without end when what it gets is due again (measured on 0.169.0 and 0.150.0).
   */
  readonly rotatedExpiresIn?: number
  /** Whether the model accepts only the newest access token of a login, until it ends, and answers 401 to others. */
  readonly enforce?: boolean
}

/** What the server has seen so far: the evidence of a test or a demonstration. */
export interface Ledger {
  /** Every refresh token ever issued, in order of issue. */
  readonly tokens: readonly TokenRecord[]
  /** Posts of refresh tokens that were never issued here. */
  readonly strangers: number
  readonly modelRequests: number
  /** Model requests turned away because the bearer was not the newest access token. */
  readonly modelRefusals: number
  /** Calls of the revocation endpoint; nothing of ours may make one. */
  readonly revocations: number
  /** Method and path of every request, in order. */
  readonly requests: readonly string[]
  /** Hosts outside that someone with this server as `HTTPS_PROXY` wanted to reach; none was reached. */
  readonly outside: readonly string[]
}

/** OpenAI as Codex sees it, on loopback: refresh tokens that work once, an account check, a model that says OK. */
export interface LoopbackOpenAI {
  /** `http://127.0.0.1:<port>`, for the token endpoint and ChatGPT. */
  readonly origin: string
  /** `http://localhost:<port>`: Codex hangs when the model has the origin of ChatGPT. */
  readonly modelOrigin: string
  readonly tokenUrl: string
  readonly revokeUrl: string
  /** A person logs in: a new `auth.json` whose refresh token this server knows. Due when `expiresIn` is below 300. */
  readonly login: (options?: LoginOptions) => Login
  /** A person agrees to each `codex login` that is asked for from now on. */
  readonly agree: (as?: LoginOptions) => void
  /** The logins that `codex login` was given, in order. */
  readonly loginsMade: () => readonly Login[]
  readonly ledger: () => Ledger
  /** Changes whether only the newest access token is accepted. */
  readonly enforce: (on: boolean) => void
  /**
   * Lets every access token issued so far run out as the server sees it, whatever it claims: the model endpoint answers
   * 401, and Codex refreshes once. So a second rotation needs no waiting.
   */
  readonly expireAccessTokens: () => void
  /** Changes how many seconds the access tokens of later rotations live. */
  readonly rotatedExpiresIn: (seconds: number) => void
  /** Ends a login, as logging out elsewhere does: every refresh token of it is refused from now on. */
  readonly revoke: (login: Login) => void
  /** Sets what every following exchange meets, or ends it. */
  readonly exchangeFault: (fault: ExchangeFault | undefined) => void
  /** Holds the next exchange before or after the token is spent, until released. Later exchanges pass. */
  readonly holdNextExchange: (moment: HoldMoment) => Held
  /** Sets what every following model request meets, or ends it. */
  readonly modelFault: (fault: ModelFault | undefined) => void
  /** Holds the next model request: the run has refreshed what it wanted to, and is in the middle of its work. */
  readonly holdNextModelRequest: () => Held
  /** Whether the account check, which Codex makes after a refresh, answers 500. */
  readonly accountCheckFails: (on: boolean) => void
  /** Turns the model takes next, in order; afterwards it says OK. */
  readonly modelTurns: (...turns: ModelTurn[]) => void
  /** What Codex has sent to the model, as text: prompts, and what commands printed. */
  readonly modelInputs: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Starts the server on a free port of 127.0.0.1. The caller closes it. */
export async function startLoopbackOpenAI(options: LoopbackOpenAIOptions = {}): Promise<LoopbackOpenAI> {
  const book = tokenBook()
  const exchange = tokenEndpoint(book, options.rotatedExpiresIn ?? tenDays)
  const logins = loginEndpoints(book)
  const model = modelEndpoint(book, options.enforce ?? false)
  const requests: string[] = []
  const outside: string[] = []
  const gates: Gate[] = []
  let revocations = 0
  let accountCheckFails = false

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const route = `${request.method ?? ''} ${url.pathname}`
    requests.push(route)
    const body = await buffer(request)
    if (request.headers.upgrade !== undefined) return json(426, {})
    const login = logins.answer(route, url, body)
    if (login !== undefined) return login
    switch (route) {
      case 'POST /oauth/token':
        return exchange.answer(body)
      case 'POST /oauth/revoke':
        revocations += 1
        return json(200, {})
      case 'GET /backend-api/wham/accounts/check':
        return accountCheckFails ? json(500, {}) : accountCheck(book, request.headers)
      case 'GET /backend-api/codex/models':
        return json(200, { models: [] })
      case 'POST /backend-api/codex/responses':
        return model.answer(request.headers, body)
      default:
        return json(404, {})
    }
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (what) => {
        if (what === 'cut') return void request.socket.destroy()
        const { status, type, body, location } = what
        response.writeHead(status, { 'content-type': type, ...(location !== undefined && { location }) }).end(body)
      },
      () => {
        request.socket.destroy()
      },
    )
  })
  server.on('connect', (request, socket) => {
    outside.push(request.url ?? '')
    socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const kept = (gate: Gate): Gate => {
    gates.push(gate)
    return gate
  }
  return {
    origin,
    modelOrigin: `http://localhost:${port}`,
    tokenUrl: `${origin}/oauth/token`,
    revokeUrl: `${origin}/oauth/revoke`,
    login: (login) => {
      const made = managedLogin(login)
      book.add(made)
      return made
    },
    agree: (as = {}) => {
      logins.agree(as)
    },
    loginsMade: logins.made,
    ledger: () => ({
      tokens: book.records(),
      strangers: exchange.strangers(),
      ...model.counts(),
      revocations,
      requests: [...requests],
      outside: [...outside],
    }),
    enforce: model.enforce,
    expireAccessTokens: book.expireAccessTokens,
    rotatedExpiresIn: exchange.expiresIn,
    revoke: ({ tokens }) => {
      book.revoke(tokens.refresh_token)
    },
    exchangeFault: exchange.fault,
    holdNextExchange: (moment) => kept(exchange.holdNext(moment)),
    modelFault: model.fault,
    holdNextModelRequest: () => kept(model.holdNext()),
    accountCheckFails: (on) => {
      accountCheckFails = on
    },
    modelTurns: (...turns) => {
      model.script(turns)
    },
    modelInputs: model.inputs,
    close: async () => {
      for (const gate of gates) gate.release()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function accountCheck(book: TokenBook, headers: IncomingHttpHeaders): Answer {
  const id = book.claimsOf(bearer(headers))?.accountId ?? headers['chatgpt-account-id']?.toString()
  const routing = { workspace_backend_origin: 'https://chatgpt.com', account_routing_override: 'NO_CONSTRAINT' }
  return json(200, { accounts: [{ id, ...routing }] })
}
