import { isAbsolute } from 'node:path'
import * as z from 'zod/mini'
import { KeeperError } from '../keeper-error.ts'
import type { StoreRun } from '../stores/store-line.ts'
import { slotPattern, slotRule } from '../stores/slot.ts'
import { judgeStores, type StoreSettings } from '../stores/store-settings.ts'
import { durationRule, durationSeconds } from '../time-words.ts'
import { invalidInputs, line, rawInputs, trimmed, truth, type ReadInput } from './input-forms.ts'
import type { RunContext } from './runner/run-context.ts'
import { parseRunFacts, type RunFacts } from './runner/run-facts.ts'
import { readStoreInputs } from './store-inputs.ts'
import { whyNoSecrets } from './trust.ts'

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
      if (seconds === undefined) issues.push({ code: 'custom', input: value, message: durationRule })
      return seconds ?? z.NEVER
    }),
  )

const schema = z.object({
  slot: z.pipe(withDefault('default'), z.string().check(z.regex(slotPattern, slotRule))),
  'codex-home': z.pipe(
    line,
    z
      .optional(z.string())
      .check(
        z.refine(
          (path) => path === undefined || isAbsolute(path),
          'must be an absolute path, such as ${{ runner.temp }}/codex-home (nothing expands ~ here)',
        ),
      ),
  ),
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
 * @param startedBy GitHub gives some runs no secrets, which is then the one thing to say
 * @throws KeeperError invalid-inputs, or untrusted-event; names inputs and rules, never a value that could be a secret
 */
export function parseInputs(
  read: ReadInput,
  run: StoreRun,
  startedBy: Pick<RunContext, 'eventName' | 'actor'> = { eventName: '', actor: '' },
): Inputs {
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
  if (!result.success || all.size > 0) {
    const noSecrets = whyNoSecrets({ ...startedBy, ...parseRunFacts(read('run-facts')) })
    throw noSecrets ? new KeeperError('untrusted-event', noSecrets.message, noSecrets.remedy) : invalidInputs([...all])
  }
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
