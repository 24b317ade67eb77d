import * as z from 'zod/mini'
import { KeeperError } from '../keeper-error.ts'
import { parseSealingKeys, type SealingKeys } from '../stores/sealed/sealing-keys.ts'
import { parseStores, type StoreSpec } from '../stores/store-spec.ts'

export type RefreshWhen = 'auto' | 'always' | 'never'

/** All inputs of the action, validated together. */
export interface Inputs {
  readonly authJson: string | undefined
  readonly stores: readonly StoreSpec[]
  readonly slot: string
  readonly sealingKeys: SealingKeys | undefined
  readonly githubToken: string | undefined
  readonly secretWriterToken: string | undefined
  readonly app: { readonly id: string; readonly privateKey: string } | undefined
  readonly readCommand: string | undefined
  readonly writeCommand: string | undefined
  readonly sshKey: string | undefined
  readonly sshKnownHosts: string | undefined
  readonly codexHome: string | undefined
  readonly expectedAccount: string | undefined
  readonly refresh: RefreshWhen
  /** Seconds. */
  readonly refreshWindow: number
  readonly smokeTest: boolean
  readonly reseedIssue: boolean
  readonly allowPublicRepository: boolean
  readonly allowUntrustedEvent: boolean
  readonly jobTotal: number
  readonly jobStatus: string
}

const trimmed = z.string().check(z.trim())
const text = z.pipe(
  z.string(),
  z.transform((value) => (value.trim() === '' ? undefined : value)),
)
const line = z.pipe(
  trimmed,
  z.transform((value) => (value === '' ? undefined : value)),
)
const truth = z.pipe(
  z.pipe(z.string().check(z.trim(), z.toLowerCase()), z.enum(['true', 'false', ''], 'must be true or false')),
  z.transform((value) => value === 'true'),
)
const withDefault = (byDefault: string) =>
  z.pipe(
    trimmed,
    z.transform((value) => (value === '' ? byDefault : value)),
  )

const schema = z.object({
  'auth-json': text,
  store: z.string(),
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
  'encryption-key': text,
  'github-token': line,
  'secret-writer-token': line,
  'app-id': line,
  'app-private-key': text,
  'read-command': text,
  'write-command': text,
  'ssh-key': text,
  'ssh-known-hosts': text,
  'codex-home': line,
  'expected-account': line,
  refresh: z.pipe(withDefault('auto'), z.enum(['auto', 'always', 'never'], 'must be auto, always or never')),
  'refresh-window': z.pipe(
    withDefault('12h'),
    z.transform((value, { issues }) => {
      const seconds = durationSeconds(value)
      if (seconds === undefined) issues.push({ code: 'custom', input: value, message: 'must be a time such as 30m, 12h or 2d' })
      return seconds ?? z.NEVER
    }),
  ),
  'smoke-test': truth,
  'reseed-issue': truth,
  'allow-public-repository': truth,
  'allow-untrusted-event': truth,
  'job-total': z.pipe(
    trimmed,
    z.transform((value) => (/^\d+$/.test(value) ? Number(value) : 1)),
  ),
  'job-status': trimmed,
})

/**
 * Reads all inputs and lists every problem at once.
 * @param read the value of an input by its name, '' when it is not set
 * @throws KeeperError invalid-inputs; names inputs and rules, never a value that could be a secret
 */
export function parseInputs(read: (name: string) => string): Inputs {
  const raw = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, read(name)]))
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value.trim() !== ''))
  const result = schema.safeParse(raw)
  const { specs, problems } = parseStores(read('store'))
  if (!result.success) problems.push(...result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`))
  problems.push(...missing(given, specs))
  const sealing = given['encryption-key'] === undefined ? undefined : parseSealingKeys(given['encryption-key'])
  if (sealing?.kind === 'problems') problems.push(...sealing.problems)
  if (problems.length > 0 || !result.success) {
    throw new KeeperError(
      'invalid-inputs',
      problems.length === 1
        ? (problems[0] ?? '')
        : `${problems.length} inputs need attention:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
      'Correct the inputs of this step; the README lists each of them.',
    )
  }
  const values = result.data
  const { 'app-id': id, 'app-private-key': privateKey } = values
  return {
    authJson: values['auth-json'],
    stores: specs,
    slot: values.slot,
    sealingKeys: sealing?.kind === 'keys' ? sealing.keys : undefined,
    githubToken: values['github-token'],
    secretWriterToken: values['secret-writer-token'],
    app: id !== undefined && privateKey !== undefined ? { id, privateKey } : undefined,
    readCommand: values['read-command'],
    writeCommand: values['write-command'],
    sshKey: values['ssh-key'],
    sshKnownHosts: values['ssh-known-hosts'],
    codexHome: values['codex-home'],
    expectedAccount: values['expected-account'],
    refresh: values.refresh,
    refreshWindow: values['refresh-window'],
    smokeTest: values['smoke-test'],
    reseedIssue: values['reseed-issue'],
    allowPublicRepository: values['allow-public-repository'],
    allowUntrustedEvent: values['allow-untrusted-event'],
    jobTotal: values['job-total'],
    jobStatus: values['job-status'],
  }
}

function missing(values: Readonly<Record<string, string | undefined>>, specs: readonly StoreSpec[]): string[] {
  const has = (kind: StoreSpec['kind']): boolean => specs.some((spec) => spec.kind === kind)
  const problems: string[] = []
  if ((has('git') || has('cache')) && values['encryption-key'] === undefined) {
    problems.push(
      'encryption-key is needed: others can read the stores git and cache, so the login is sealed. ' +
        'Make one with age-keygen; if there is one, see that the secret has this name and that the event is given secrets.',
    )
  }
  if (has('command') && (values['read-command'] === undefined || values['write-command'] === undefined)) {
    problems.push('read-command and write-command are both needed by the store command.')
  }
  const { 'app-id': appId, 'app-private-key': appKey } = values
  if ((appId === undefined) !== (appKey === undefined)) problems.push('app-id and app-private-key go together.')
  if (has('github-secret') && values['secret-writer-token'] === undefined && appId === undefined) {
    problems.push(
      'secret-writer-token (or app-id and app-private-key) is needed by the store github-secret: GITHUB_TOKEN can never write secrets.',
    )
  }
  if (has('ssh') && values['ssh-known-hosts'] === undefined) {
    problems.push('ssh-known-hosts is needed by the store ssh: the line that ssh-keyscan prints, after you compared it with the host.')
  }
  return problems
}

const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** Seconds in "30m", "12h", "2d" or "0"; undefined when the text is no such time. */
export function durationSeconds(text: string): number | undefined {
  if (text === '0') return 0
  const [, count, unit] = /^(\d{1,6})\s*([smhd])$/.exec(text.toLowerCase()) ?? []
  return count === undefined || unit === undefined ? undefined : Number(count) * unitSeconds[unit as keyof typeof unitSeconds]
}
