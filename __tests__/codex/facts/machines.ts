import { afterEach } from '@jest/globals'
import { documentOf, type Login, type LoginDocument, type LoginOptions } from '../../support/codex-login.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI, type LoopbackOpenAIOptions } from '../../support/loopback-openai.ts'
import type { TokenRecord } from '../../support/loopback-openai/ledger.ts'
import { endCodexProcesses, makeCodexHome, type CodexHome } from '../../support/real-codex.ts'

/** A login, the server that issued it, and a machine on which its `auth.json` lies. */
export interface Machine {
  readonly openai: LoopbackOpenAI
  readonly seed: Login
  readonly home: CodexHome
  /** Another machine of the same server. */
  readonly another: (document: LoginDocument) => Promise<CodexHome>
  /** What the server knows of the seed's refresh token. */
  readonly seedToken: () => TokenRecord | undefined
  /** How often any refresh token was posted. */
  readonly posts: () => number
}

export interface MachineOptions extends LoopbackOpenAIOptions {
  readonly login?: LoginOptions
  /** The `auth.json` to install, made from the login; the login's own when absent, none when undefined. */
  readonly document?: (seed: Login) => LoginDocument | undefined
}

/** Gives a maker of machines; what it made is taken down after each test, processes first. */
export function machines(): (options?: MachineOptions) => Promise<Machine> {
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    await endCodexProcesses()
    await Promise.all(closers.splice(0).map((close) => close()))
  })
  return async ({ login, document = (made: Login): LoginDocument | undefined => made, ...options } = {}) => {
    const openai = await startLoopbackOpenAI(options)
    closers.push(() => openai.close())
    const seed = openai.login(login)
    const another = async (installed?: LoginDocument): Promise<CodexHome> => {
      const home = await makeCodexHome(openai, installed)
      closers.push(() => home.remove())
      return home
    }
    return {
      openai,
      seed,
      another,
      home: await another(document(seed)),
      seedToken: () => openai.ledger().tokens[0],
      posts: () => openai.ledger().requests.filter((request) => request === 'POST /oauth/token').length,
    }
  }
}

/** A login whose access token ended a minute ago. */
export const due: LoginOptions = { expiresIn: -60 }

/** A document without one key. */
export function without({ text }: LoginDocument, key: string): LoginDocument {
  return documentOf(JSON.parse(text, (name, value: unknown) => (name === key ? undefined : value)) as object)
}
