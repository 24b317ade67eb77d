import { compareAge, isSame, isSameAccount, type Fingerprint } from '../credential/fingerprint.ts'
import { codexRefreshesFrom } from '../credential/issued.ts'
import type { CodexCli, CodexRun } from '../codex/codex-cli.ts'
import { installAuthFile, observeAuthFile } from '../codex/codex-home.ts'
import { failureWords, type CodexFailure } from '../codex/failure.ts'
import { KeeperError } from '../keeper-error.ts'
import type { Store } from '../stores/store.ts'
import type { Clock } from '../clock.ts'
import type { CurrentLogin, Standing } from './standing.ts'
import { look, type Look } from './store-access.ts'
import { standingAfter, writeBack, type WriteBack } from './write-back.ts'
import type { ManagedCredential } from '../credential/auth-json.ts'

/** What letting Codex work with the login needs. */
export interface LoginRequest {
  readonly standing: Standing
  readonly codexHome: string
  readonly stores: readonly Store[]
  readonly clock: Clock
  /** Told each credential before anything else happens to it, so that its secrets can be masked. */
  readonly onCredential: (credential: ManagedCredential) => void
  /** Told the process that may be in an exchange from now on, so that post can wait for it if this stage dies. */
  readonly onCodexStart: (pid: number) => void
  /** That process has ended. */
  readonly onCodexEnd: () => void
  /** Told each new standing at once: it is what post needs if this stage dies. */
  readonly onStanding: (standing: Standing) => void
}

export interface RefreshRequest extends LoginRequest {
  readonly when: 'auto' | 'always' | 'never'
  readonly due: boolean
  /** undefined when no Codex CLI is at hand. */
  readonly codex: CodexCli | undefined
}

export type Refresh =
  | { readonly kind: 'not-asked'; readonly why: 'never' | 'not-due' | 'no-cli' }
  | (Stored & { readonly kind: 'refreshed' })
  /** Another job has refreshed the login; its copy was installed. */
  | (CurrentLogin & { readonly kind: 'overtaken'; readonly store: string })
  /** Another job has refreshed the login, and its copy cannot be had in this run (a secret is read when a job starts). */
  | { readonly kind: 'superseded'; readonly store: string }
  | { readonly kind: 'unchanged'; readonly failure: CodexFailure | undefined }
  | { readonly kind: 'left-running'; readonly pid: number }
  /** OpenAI refused the refresh, and a store that may hold a newer login cannot be read. */
  | { readonly kind: 'unread'; readonly failure: CodexFailure; readonly store: string; readonly error: unknown }
  | { readonly kind: 'needs-reseed'; readonly failure: CodexFailure; readonly seedIsOlder: boolean }

/** Pauses before each look for the copy of another job that has won: it stores right after its exchange. Milliseconds. */
const rereadPauses = [0, 1_000, 2_000, 4_000, 8_000]

/** Codex answers within a second of its start where the machine is not overloaded. Seconds. */
const longestStart = 30

/** Lets Codex refresh the login now, where that is asked for, and writes the new file back at once. */
export async function refreshEarly(request: RefreshRequest): Promise<Refresh> {
  const { when, due, codex, standing, codexHome, clock } = request
  if (when === 'never') return { kind: 'not-asked', why: 'never' }
  if (when === 'auto' && !due) return { kind: 'not-asked', why: 'not-due' }
  if (codex === undefined) return { kind: 'not-asked', why: 'no-cli' }

  const from = codexRefreshesFrom(standing.base.issued)
  await clock.sleep(waitBefore(from - clock.now() / 1000) * 1000)
  const asked = await codex.refresh({
    refreshesFrom: from,
    hasChanged: async () => (await changedFile(codexHome, standing, clock)) !== undefined,
    onStart: request.onCodexStart,
  })
  // A Codex without app-server refreshes only what runs out, in the course of a model call.
  const run = asked.kind === 'unsupported' ? await codex.smokeTest(request.onCodexStart) : asked
  if (run.kind !== 'left-running') request.onCodexEnd()
  const stored = await storeChange(request)
  if (stored !== undefined) return { kind: 'refreshed', ...stored }
  if (run.kind === 'left-running') return run
  if (run.kind === 'unsupported' || run.failure === undefined || !failureWords[run.failure].needsPerson) {
    return { kind: 'unchanged', failure: run.kind === 'ended' ? run.failure : undefined }
  }
  return (await newerCopy(request, run.failure)) ?? { kind: 'needs-reseed', failure: run.failure, seedIsOlder: seedIsOlder(request) }
}

/** A change that was written back, and how things stand since. */
export interface Stored extends CurrentLogin {
  readonly writeBack: WriteBack
}

export type SmokeTest =
  | { readonly kind: 'passed'; readonly stored: Stored | undefined }
  | { readonly kind: 'failed'; readonly failure: CodexFailure | undefined; readonly stored: Stored | undefined }
  | { readonly kind: 'left-running'; readonly pid: number }

/** Proves with one short model call that the login works; what that call rotated is written back at once. */
export async function proveLogin(request: LoginRequest & { readonly codex: CodexCli }): Promise<SmokeTest> {
  const run: CodexRun = await request.codex.smokeTest(request.onCodexStart)
  if (run.kind !== 'left-running') request.onCodexEnd()
  const stored = await storeChange(request)
  switch (run.kind) {
    case 'left-running':
      return run
    case 'unsupported':
      return { kind: 'failed', failure: undefined, stored }
    case 'ended':
      return run.ok ? { kind: 'passed', stored } : { kind: 'failed', failure: run.failure, stored }
  }
}

/** Writes back what Codex has changed, if it has. */
async function storeChange(request: LoginRequest): Promise<Stored | undefined> {
  const { standing, codexHome, clock, stores } = request
  const credential = await changedFile(codexHome, standing, clock)
  if (credential === undefined) return undefined
  request.onCredential(credential)
  const result = await writeBack({ stores, standing, clock, file: { kind: 'managed', credential } })
  const seen = standingAfter(standing, result, credential.fingerprint)
  // Where no store took it, the old base stays, so that post still sees a rotated file and tries again.
  const next = result.verdict === 'lost' ? seen : { ...seen, base: credential.fingerprint }
  request.onStanding(next)
  return { credential, standing: next, writeBack: result }
}

async function changedFile(codexHome: string, { base }: Standing, clock: Clock): Promise<ManagedCredential | undefined> {
  const file = await observeAuthFile(codexHome, clock)
  if (file.kind !== 'managed') return undefined
  const { fingerprint } = file.credential
  return isSame(fingerprint, base) || !isSameAccount(fingerprint, base) ? undefined : file.credential
}

/** A refused refresh is not the end: of two jobs at once the other one may have won and stored a newer login. */
async function newerCopy(
  request: LoginRequest,
  failure: CodexFailure,
): Promise<Extract<Refresh, { kind: 'overtaken' | 'superseded' | 'unread' }> | undefined> {
  const { stores, standing, codexHome, clock } = request
  let unread: { store: string; error: unknown } | undefined
  for (const pause of rereadPauses) {
    await clock.sleep(pause)
    unread = undefined
    for (const store of stores) {
      const seen = await look(store, clock)
      if (isSuperseded(seen)) return { kind: 'superseded', store: store.name }
      if (seen.kind === 'unreadable') unread = { store: store.name, error: seen.error }
      if (seen.kind !== 'held') continue
      const found = seen.credential.fingerprint
      if (!isSameAccount(found, standing.base) || compareAge(found, standing.base) !== 'newer') continue
      request.onCredential(seen.credential)
      const next = standingFrom(standing, store.name, found)
      request.onStanding(next)
      await installAuthFile(codexHome, seen.credential.bytes)
      return { kind: 'overtaken', credential: seen.credential, standing: next, store: store.name }
    }
  }
  return unread && { kind: 'unread', failure, ...unread }
}

/** How the login stands once the newer copy of this store is the one the job goes on with: every store is judged by it. */
function standingFrom(standing: Standing, store: string, found: Fingerprint): Standing {
  const lastSeen = Object.entries(standing.lastSeen).map(([name, { copy }]) => [name, { base: found, copy }] as const)
  return { ...standing, base: found, lastSeen: { ...Object.fromEntries(lastSeen), [store]: { base: found, copy: found } } }
}

function isSuperseded(seen: Look): boolean {
  return seen.kind === 'unreadable' && seen.error instanceof KeeperError && seen.error.code === 'store-superseded'
}

/**
 * A token that Codex begins to refresh by itself while it starts would be spent twice when it is asked as well (measured on 0.150.0):
 * then let that moment pass first. All in seconds.
 */
function waitBefore(untilThen: number): number {
  return untilThen > 0 && untilThen <= longestStart ? untilThen + 1 : 0
}

function seedIsOlder({ standing: { seed, base } }: LoginRequest): boolean {
  return seed !== undefined && !isSame(seed, base) && compareAge(seed, base) === 'older'
}
