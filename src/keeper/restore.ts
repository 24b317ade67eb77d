import { isAnotherLogin, unmanagedReasons, type ManagedCredential } from '../credential/auth-json.ts'
import { accountHash, isAccountNamed, type Fingerprint } from '../credential/fingerprint.ts'
import { isDue, type ClockName } from '../credential/issued.ts'
import { chooseNewest, originName, type Candidate, type NewestChoice, type Origin } from '../credential/newest.ts'
import { authFileChangedAt, installAuthFile, observeAuthFile, type ObservedFile } from '../codex/codex-home.ts'
import type { Hazard } from '../codex/hazard.ts'
import { findHazards, type SpendingGuard, type Surroundings } from '../codex/hazards.ts'
import { reclaimLeftovers } from '../codex/leftover-files.ts'
import type { KeeperJob } from './job.ts'
import { fileWords, hazardous, notChosen, notWritable, occupied } from './restore-refusals.ts'
import type { CurrentLogin, Standing } from './standing.ts'
import { copyState } from './store-access.ts'
import { canTake, examine, type StoreFinding } from './store-finding.ts'

export interface RestoreRequest extends KeeperJob {
  readonly seed: ManagedCredential | undefined
  /** An account hash as the output `account` shows it, or an account id. */
  readonly expectedAccount: string | undefined
  /** Seconds. */
  readonly refreshWindow: number
  /** The refresh token will be spent whatever its age. */
  readonly willRefresh: boolean
  /** Whether the login can be refreshed before the job goes on, or why not. */
  readonly earlyRefresh: 'possible' | Exclude<SpendingGuard, 'lease' | 'no-lease'>
  /** What could make Codex ignore, delete or give away the login. */
  readonly surroundings: Pick<Surroundings, 'workspace' | 'env' | 'jobTotal' | 'systemConfigs'>
}

export interface Restored extends CurrentLogin {
  readonly origin: Origin
  readonly due: boolean
  readonly stores: readonly StoreFinding[]
  /** False when the file was already the newest and was left as it is. */
  readonly installed: boolean
  /** What the user should change in the surroundings, or know of them. */
  readonly hazards: readonly Hazard[]
  /** Sentences for the log: what was passed over and why. */
  readonly remarks: readonly string[]
}

/**
 * Chooses the newest usable credential among the stores, the file at hand and the seed, looks for hazards, proves that a
 * rotated one can be written, and installs it.
 * @throws KeeperError: no-credential, two-accounts, store-unreachable, hazard, not-writable or install-failed
 */
export async function restore(request: RestoreRequest): Promise<Restored> {
  const { stores, codexHome, seed, clock, state, refreshWindow, willRefresh, expectedAccount, surroundings } = request
  await reclaimLeftovers(codexHome)
  const finding = Promise.all(stores.map((store) => examine(store, clock)))
  // When this throws, the caller closes the stores, and none may still be at work then.
  const file = await observeAuthFile(codexHome, clock).finally(() => finding)
  const findings = await finding
  const candidates = [...stored(findings), ...atHand(file, codexHome), ...seeded(seed)]
  for (const { credential } of candidates) request.onCredential(credential)

  const due = (fingerprint: Fingerprint): boolean => isDue(fingerprint.issued, clock.now() / 1000, refreshWindow)
  const choice = chooseNewest({
    candidates,
    unread: findings.some(({ look: { kind } }) => kind === 'unreadable'),
    isDue: (fingerprint) => willRefresh || due(fingerprint),
    isExpected: expectedAccount === undefined ? undefined : (fingerprint) => isAccountNamed(fingerprint, expectedAccount),
  })
  if (choice.kind !== 'chosen') throw notChosen(choice, findings, file)
  const foreignFile = choice.foreign.find(({ origin }) => origin.kind === 'file')
  if (foreignFile !== undefined)
    throw occupied(codexHome, `belongs to another account (${accountHash(foreignFile.credential.fingerprint)})`)

  const { credential, origin } = choice.candidate
  const base = credential.fingerprint
  const hazards = await findHazards({
    ...surroundings,
    codexHome,
    accountId: credential.account.id,
    due: due(base),
    guard: guardOf(request, findings),
  })
  if (hazards.some(({ severity }) => severity === 'refuse')) throw hazardous(hazards)
  if (!findings.some((finding) => canTake(finding, base))) throw notWritable(findings, base)
  const installed = !(file.kind === 'managed' && equalBytes(file.credential.bytes, credential.bytes))
  const standing: Standing = {
    base,
    ...(seed && { seed: seed.fingerprint }),
    lastSeen: Object.fromEntries(findings.map((finding) => [finding.name, { base, copy: copyState(finding.look) }])),
  }
  state.update({ standing, installed })
  if (installed) await installAuthFile(codexHome, credential.bytes)
  state.update({ ownChange: await authFileChangedAt(codexHome) })
  return {
    credential,
    standing,
    origin,
    installed,
    hazards,
    stores: findings,
    due: due(base),
    remarks: remarks(choice, file, codexHome),
  }
}

/** Only now: whether a store of the user's own commands can hold a lease shows when it is read. */
function guardOf({ stores, earlyRefresh }: RestoreRequest, findings: readonly StoreFinding[]): SpendingGuard {
  const refused = findings.filter(({ proof }) => proof.kind === 'refused').map(({ name }) => name)
  if (!stores.some(({ name, leasePlace }) => leasePlace !== undefined && !refused.includes(name))) return 'no-lease'
  return earlyRefresh === 'possible' ? 'lease' : earlyRefresh
}

function stored(findings: readonly StoreFinding[]): Candidate[] {
  return findings.flatMap(({ name, look: seen }) =>
    seen.kind === 'held' ? [{ origin: { kind: 'store', name }, credential: seen.credential }] : [],
  )
}

function atHand(file: ObservedFile, codexHome: string): Candidate[] {
  switch (file.kind) {
    case 'managed':
      return [{ origin: { kind: 'file' }, credential: file.credential }]
    case 'missing':
    case 'damaged':
      return []
    case 'unmanaged':
      if (!isAnotherLogin[file.credential.why]) return []
      throw occupied(codexHome, unmanagedReasons[file.credential.why])
  }
}

function seeded(seed: ManagedCredential | undefined): Candidate[] {
  return seed === undefined ? [] : [{ origin: { kind: 'seed' }, credential: seed }]
}

function remarks(chosen: Extract<NewestChoice, { kind: 'chosen' }>, file: ObservedFile, codexHome: string): string[] {
  const { candidate, foreign, rivals } = chosen
  return [
    ...doubts(candidate),
    ...foreign.map(({ origin }) => `${originName(origin)} holds another account than expected-account and was passed over.`),
    ...rivals.map(
      ({ origin }) =>
        `${originName(origin)} and ${originName(candidate.origin)} hold different tokens that were issued at the same moment; the latter is used.`,
    ),
    ...(file.kind === 'damaged' || file.kind === 'unmanaged' ? [`${fileWords(file)}; it is replaced (${codexHome}/auth.json).`] : []),
  ]
}

const timeNames: Readonly<Record<ClockName, string>> = { iat: 'iat', exp: 'exp', lastRefresh: 'last_refresh' }

function doubts({ origin, credential }: Candidate): string[] {
  const { impossible = [] } = credential.issued
  if (impossible.length === 0) return []
  const names = impossible.map((name) => timeNames[name]).join(', ')
  return [`The login from ${originName(origin)} has times that cannot be true (${names}). They do not count when ages are compared.`]
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
