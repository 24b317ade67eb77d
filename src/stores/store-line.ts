import type { Tools, ToolName } from '../process/tools.ts'
import type { ParsedSecretWriter } from './github-secret/github-secret-writer.ts'
import type { ParsedSealingKeys } from './sealed/sealing-keys.ts'

/** One line of the `store` input, and all that it is judged by. */
export interface StoreLine {
  /** The line as the user wrote it; it names the store in reports. */
  readonly name: string
  /** What stands after the colon. */
  readonly address: string | undefined
  readonly given: StoreInputs
  readonly run: StoreRun
}

/** The inputs that stores are made of; each store takes only its part. */
export interface StoreInputs {
  readonly slot: string
  /** The input auth-json: with the store github-secret, that store's copy. */
  readonly authJson: string | undefined
  readonly encryptionKey: ParsedSealingKeys | undefined
  /** For the job's own server and API alone. */
  readonly githubToken: string | undefined
  /** For the one other server that git stores are on. */
  readonly storeToken: string | undefined
  readonly secretWriter: ParsedSecretWriter | undefined
  readonly readCommand: string | undefined
  readonly writeCommand: string | undefined
  readonly proveCommand: string | undefined
  readonly sshKey: string | undefined
  readonly sshKnownHosts: string | undefined
}

/** What the stores need to know of this run. Nothing else of the environment reaches them. */
export interface StoreRun {
  /** HOME as it was before any later step could change it. */
  readonly home: string
  /** Emptied by the runner before and after each job. */
  readonly tempDirectory: string
  readonly workspace: string | undefined
  readonly tools: Tools
  /** The runner's own variables. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The variables no step has changed, for the user's own commands. */
  readonly userEnv: Readonly<Record<string, string>>
  /** The names of the variables that were there at restore and that a step has changed or taken away since. */
  readonly lostVariables: readonly string[]
  /** `owner/name`. */
  readonly repository: string
  readonly ref: string
  readonly serverUrl: string
  readonly apiUrl: string
  readonly runUrl: string
  /** Whether another stage of this job will open the same stores. */
  readonly hasNextStage: boolean
  /** The digest of the key that an earlier stage of this job seals with. */
  readonly sealedFor: string | undefined
  /** What the stores of an earlier stage of this job left, by their line of the `store` input. */
  readonly handovers: Readonly<Record<string, unknown>>
  /** Told each secret that a store gets for itself (a token), before it is used, so that it is masked. */
  readonly onSecret: (secret: string) => void
}

/** What a line means, or a sentence for each input that keeps the store from being used; never with a secret in it. */
export type Judged<Settings> =
  { readonly kind: 'settings'; readonly settings: Settings } | { readonly kind: 'problems'; readonly problems: readonly string[] }

/** The sentences of all that is wrong, of several parts of a store. */
export function problemsOf(...parts: readonly Judged<unknown>[]): string[] {
  return parts.flatMap((part) => (part.kind === 'problems' ? part.problems : []))
}

/** The absolute path of a program that the store runs. */
export function judgeTool({ name, run }: StoreLine, tool: ToolName): Judged<string> {
  const path = run.tools[tool]
  if (path !== undefined) return { kind: 'settings', settings: path }
  return { kind: 'problems', problems: [`store: "${name}" needs ${tool}, and there is none in PATH. Install ${tool} before this step.`] }
}
