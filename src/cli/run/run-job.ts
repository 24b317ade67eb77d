import { existsSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { secretValues } from '../../credential/secret-values.ts'
import { codexCli, type CodexCli } from '../../codex/codex-cli.ts'
import { codexEnvironment } from '../../codex/codex-environment.ts'
import { authFileIn } from '../../codex/codex-home.ts'
import type { KeeperJob, LoginState } from '../../keeper/job.ts'
import { retryWords } from '../../keeper/retry-words.ts'
import type { Retry } from '../../keeper/retry.ts'
import { findTool } from '../../process/tools.ts'
import type { RememberingStore } from '../../stores/known-copy.ts'
import { storeForms } from '../../stores/store-settings.ts'
import type { CliContext } from '../context.ts'
import type { Places } from '../places.ts'
import { wrongUsage } from '../wrong-usage.ts'
import type { RunOptions } from './run-options.ts'
import { runLine } from './run-words.ts'

/** The keeper around one command. What it knows of the login is in its memory alone. */
export interface RunJob {
  readonly context: CliContext
  readonly options: RunOptions
  readonly places: Places
  readonly keeper: KeeperJob & { readonly stores: readonly RememberingStore[] }
  /** undefined when there is none in PATH. It does not begin any more when the program is about to be ended. */
  readonly codex: CodexCli | undefined
  /** Whether Codex may have spent the refresh token. */
  readonly hasAskedCodex: () => boolean
  /** How the login stands, as far as the keeper has got. */
  readonly login: () => Partial<LoginState>
  /** False when `auth.json` was there before: then it is the machine's own and stays. */
  readonly isOurs: boolean
  /** Further tries for so many seconds, each told. */
  readonly retry: (seconds: number) => Retry
  /** In the environment of the command and of all that it starts: a Codex that outlives it is found by this. */
  readonly mark: string
}

/** The variable that holds the mark. */
export const markVariable = 'CODEX_KEEPER_RUN'

/** @throws KeeperError invalid-inputs where there is no store, or one that cannot be reached from here */
export function runJob(options: RunOptions, places: Places, context: CliContext): RunJob {
  requireStores(places)
  const { environment, terminal, clock } = context
  const { codexHome, stores, tempDirectory } = places
  let login: Partial<LoginState> = {}
  let hasAsked = false
  const ask = <T>(call: () => Promise<T>): Promise<T> => {
    if (context.interrupts.signal.aborted) return new Promise(() => undefined)
    hasAsked = true
    return call()
  }
  const program = findTool('codex', environment.shared['PATH'] ?? '')
  const env = codexEnvironment(environment.shared, codexHome)
  const codex = program === undefined ? undefined : codexCli({ program, env, cwd: tempDirectory })
  return {
    context,
    options,
    places,
    keeper: {
      codexHome,
      stores,
      clock,
      onCredential: ({ bytes }) => {
        terminal.secrets.add(secretValues(Buffer.from(bytes).toString('utf8')))
      },
      state: {
        update: (part) => {
          login = { ...login, ...part }
        },
      },
    },
    codex: codex && {
      refresh: (call) => ask(() => codex.refresh(call)),
      smokeTest: (onStart) => ask(() => codex.smokeTest(onStart)),
    },
    hasAskedCodex: () => hasAsked,
    login: () => login,
    isOurs: !existsSync(authFileIn(codexHome)),
    retry: (seconds) => ({
      lasting: seconds * 1_000,
      onPause: (news) => {
        terminal.say(runLine(retryWords(news)))
      },
    }),
    mark: randomUUID(),
  }
}

function requireStores({ stores, outOfReach }: Places): void {
  for (const { name, why } of outOfReach) {
    // Another copy may be older than what it holds, and to refresh that would spend a token twice.
    throw wrongUsage(`The store ${name} cannot be used here: ${why}.`, 'Name the stores with --store.')
  }
  if (stores.length > 0) return
  const forms = storeForms.map((form) => `  ${form}`).join('\n')
  throw wrongUsage(`--store is required: it says where the refreshed login is kept. Give one or more:\n${forms}`, 'See "run --help".')
}
