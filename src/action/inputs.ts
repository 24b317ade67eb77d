import * as z from 'zod/mini'
import type { StoreRun } from '../stores/store-line.ts'
import { judgeStores, type StoreSettings } from '../stores/store-settings.ts'
import { invalidInputs, line, rawInputs, trimmed, truth, type ReadInput } from './input-forms.ts'
import { parseRunFacts, type RunFacts } from './runner/run-facts.ts'
import { readStoreInputs } from './store-inputs.ts'

export type RefreshWhen = 'auto' | 'always' | 'never'
export type WriteThroughWhen = 'auto' | 'always' | 'never'

/** All inputs of the action, judged together; what only a store needs is in its own settings. */
export interface Inputs {
  readonly authJson: string | undefined
  readonly stores: readonly StoreSettings[]
  readonly slot: string
  readonly githubToken: string | undefined
  readonly codexHome: string | undefined
  readonly expectedAccount: string | undefined
  readonly refresh: RefreshWhen
  /** Seconds. */
  readonly refreshWindow: number
  /** How long to go on trying to store a refreshed login that no store takes, in seconds. */
  readonly retryFor: number
  readonly writeThrough: WriteThroughWhen
  readonly smokeTest: boolean
  readonly reseedIssue: boolean
  readonly allowPublicRepository: boolean
  readonly allowUntrustedEvent: boolean
  readonly jobTotal: number
  readonly runFacts: RunFacts
}

const withDefault = (byDefault: string) =>
  z.pipe(
    trimmed,
    z.transform((value) => (value === '' ? byDefault : value)),
  )

const duration = (byDefault: string) =>
  z.pipe(
    withDefault(byDefault),
    z.transform((value, { issues }) => {
      const seconds = durationSeconds(value)
      if (seconds === undefined) issues.push({ code: 'custom', input: value, message: 'must be a time such as 30m, 12h or 2d' })
      return seconds ?? z.NEVER
    }),
  )

const schema = z.object({
  slot: z.pipe(
    withDefault('default'),
    z
      .string()
      .check(
        z.regex(
          /^[A-Za-z0-9](?!.*\.\.)(?!.*\.lock$)[A-Za-z0-9._-]{0,62}(?<!\.)$/,
          'must be letters, digits, ".", "_" and "-", at most 63, and fit a ref name',
        ),
      ),
  ),
  'codex-home': line,
  'expected-account': line,
  refresh: z.pipe(withDefault('auto'), z.enum(['auto', 'always', 'never'], 'must be auto, always or never')),
  'refresh-window': duration('12h'),
  'retry-for': duration('4m'),
  'write-through': z.pipe(withDefault('auto'), z.enum(['auto', 'always', 'never'], 'must be auto, always or never')),
  'smoke-test': truth,
  'reseed-issue': truth,
  'allow-public-repository': truth,
  'allow-untrusted-event': truth,
  'job-total': z.pipe(
    trimmed,
    z.transform((value) => (/^\d+$/.test(value) ? Number(value) : 1)),
  ),
  'run-facts': z.pipe(z.string(), z.transform(parseRunFacts)),
})

/**
 * Judges all inputs and lists every problem at once.
 * @param run what the stores need to know of this run
 * @throws KeeperError invalid-inputs; names inputs and rules, never a value that could be a secret
 */
export function parseInputs(read: ReadInput, run: StoreRun): Inputs {
  const result = schema.safeParse(rawInputs(schema, read))
  // A slot that cannot be used is a problem of its own, not one of the stores.
  const ofStores = readStoreInputs(read, result.success ? result.data.slot : 'default')
  const { stores, problems } = judgeStores(read('store'), ofStores, run)
  const all = new Set([
    ...problems,
    ...(result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`)),
    // Wrong even where no store needs them.
    ...(ofStores.encryptionKey?.kind === 'problems' ? ofStores.encryptionKey.problems : []),
    ...(ofStores.secretWriter?.kind === 'problems' ? ofStores.secretWriter.problems : []),
  ])
  if (!result.success || all.size > 0) throw invalidInputs([...all])
  const values = result.data
  return {
    authJson: ofStores.authJson,
    stores,
    slot: values.slot,
    githubToken: ofStores.githubToken,
    codexHome: values['codex-home'],
    expectedAccount: values['expected-account'],
    refresh: values.refresh,
    refreshWindow: values['refresh-window'],
    retryFor: values['retry-for'],
    writeThrough: values['write-through'],
    smokeTest: values['smoke-test'],
    reseedIssue: values['reseed-issue'],
    allowPublicRepository: values['allow-public-repository'],
    allowUntrustedEvent: values['allow-untrusted-event'],
    jobTotal: values['job-total'],
    runFacts: values['run-facts'],
  }
}

const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** Seconds in "30m", "12h", "2d" or "0"; undefined when the text is not such a time. */
export function durationSeconds(text: string): number | undefined {
  if (text === '0') return 0
  const [, count, unit] = /^(\d{1,6})\s*([smhd])$/.exec(text.toLowerCase()) ?? []
  return count === undefined || unit === undefined ? undefined : Number(count) * unitSeconds[unit as keyof typeof unitSeconds]
}
