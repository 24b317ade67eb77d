import { isAnotherLogin, unmanagedReasons, type ManagedCredential } from '../credential/auth-json.ts'
import { accountHash, fingerprintOf, isAccountNamed, type Fingerprint } from '../credential/fingerprint.ts'
import { isDue } from '../credential/issued.ts'
import { chooseNewest, originName, type Candidate, type NewestChoice, type Origin } from '../credential/newest.ts'
import type { CopyState } from '../credential/write-back-decision.ts'
import { installAuthFile, observeAuthFile, type ObservedFile } from '../codex/codex-home.ts'
import { sha256 } from '../sha256.ts'
import type { Guarantee, Store } from '../stores/store.ts'
import type { Clock } from '../clock.ts'
import { fileWords, holdsForeign, notChosen, notWritable, occupied } from './restore-refusals.ts'
import { copyState, look, retried, type Look } from './store-access.ts'

export interface RestoreRequest {
  readonly stores: readonly Store[]
  readonly codexHome: string
  readonly seed: ManagedCredential | undefined
  /** An account hash as the output `account` shows it, or an account id. */
  readonly expectedAccount: string | undefined
  /** Seconds. */
  readonly refreshWindow: number
  /** The refresh token will be spent whatever its age. */
  readonly willRefresh: boolean
  readonly clock: Clock
  /** Told each credential before anything else happens to it, so that its secrets can be masked. */
  readonly onCredential: (credential: ManagedCredential) => void
  /** Throws when the job's surroundings would ignore, delete or give away this credential. */
  readonly checkSurroundings: (credential: ManagedCredential) => Promise<void>
  /** Called once, after every check and before the file is put in place. */
  readonly beforeInstall: (restored: Restored) => void
}

export type Proof =
  | { readonly kind: 'proved' }
  | { readonly kind: 'unprovable' }
  | { readonly kind: 'refused'; readonly error: unknown }
  /** The store could not be read, so whether it can be written does not count. */
  | { readonly kind: 'not-counted' }

/** What restore found out about one store. */
export interface StoreFinding {
  readonly name: string
  readonly guarantee: Guarantee
  readonly look: Look
  readonly copy: CopyState
  readonly proof: Proof
}

export interface Restored {
  readonly credential: ManagedCredential
  readonly base: Fingerprint
  readonly seed: Fingerprint | undefined
  readonly origin: Origin
  readonly due: boolean
  readonly stores: readonly StoreFinding[]
  /** False when the file was already the newest and was left as it is. */
  readonly installed: boolean
  /** Sentences for the log: what was passed over and why. */
  readonly remarks: readonly string[]
}

interface Found extends Candidate {
  readonly credential: ManagedCredential
}

/**
 * Chooses the newest usable credential among the stores, the file at hand and the seed, proves that a rotated one can be
 * written, and installs it.
 * @throws KeeperError: no-credential, two-accounts, unusable-credential, not-writable, install-failed, or what the checks throw
 */
export async function restore(request: RestoreRequest): Promise<Restored> {
  const { stores, codexHome, seed, clock, refreshWindow, willRefresh, expectedAccount } = request
  const finding = Promise.all(stores.map((store) => find(store, clock)))
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
    isExpected: expectedAccount === undefined ? undefined : (fingerprint) => isAccountNamed(fingerprint, expectedAccount, sha256),
  })
  if (choice.kind !== 'chosen') throw notChosen(choice, findings, file)
  const foreignFile = choice.foreign.find(({ origin }) => origin.kind === 'file')
  if (foreignFile !== undefined) throw occupied(codexHome, `belongs to another account (${accountHash(foreignFile.fingerprint)})`)
  await request.checkSurroundings(choice.candidate.credential)

  const { credential, fingerprint: base, origin } = choice.candidate
  if (!findings.some((finding) => canTake(finding, base))) throw notWritable(findings, base)
  const installed = origin.kind !== 'file' && !(file.kind === 'managed' && equalBytes(file.credential.bytes, credential.bytes))
  const restored: Restored = {
    credential,
    base,
    origin,
    installed,
    stores: findings,
    seed: seed && fingerprintOf(seed, sha256),
    due: due(base),
    remarks: remarks(choice, file, codexHome),
  }
  request.beforeInstall(restored)
  if (installed) await installAuthFile(codexHome, credential.bytes)
  return restored
}

function stored(findings: readonly StoreFinding[]): Found[] {
  return findings.flatMap(({ name, look: seen }) => (seen.kind === 'held' ? [found({ kind: 'store', name }, seen.credential)] : []))
}

function atHand(file: ObservedFile, codexHome: string): Found[] {
  switch (file.kind) {
    case 'managed':
      return [found({ kind: 'file' }, file.credential)]
    case 'missing':
    case 'damaged':
      return []
    case 'unmanaged':
      if (!isAnotherLogin[file.credential.why]) return []
      throw occupied(codexHome, unmanagedReasons[file.credential.why])
  }
}

function seeded(seed: ManagedCredential | undefined): Found[] {
  return seed === undefined ? [] : [found({ kind: 'seed' }, seed)]
}

function found(origin: Origin, credential: ManagedCredential): Found {
  return { origin, credential, fingerprint: fingerprintOf(credential, sha256) }
}

/** Reads a store and has it prove that it can be written; both at once, which saves a round trip. */
async function find(store: Store, clock: Clock): Promise<StoreFinding> {
  const [seen, proof] = await Promise.all([look(store, clock), proofOf(store, clock)])
  return {
    name: store.name,
    guarantee: store.guarantee,
    look: seen,
    copy: copyState(seen),
    proof: seen.kind === 'unreadable' ? { kind: 'not-counted' } : proof,
  }
}

async function proofOf(store: Store, clock: Clock): Promise<Proof> {
  try {
    return { kind: await retried(() => store.proveWritable(), clock) }
  } catch (error) {
    return { kind: 'refused', error }
  }
}

/** Whether a store would take a refreshed copy of this credential; it never gives up what it holds of another account. */
function canTake({ copy, proof }: StoreFinding, base: Fingerprint): boolean {
  return (proof.kind === 'proved' || proof.kind === 'unprovable') && !holdsForeign(copy, base)
}

function remarks(chosen: Extract<NewestChoice<Found>, { kind: 'chosen' }>, file: ObservedFile, codexHome: string): string[] {
  const { candidate, foreign, rivals } = chosen
  return [
    ...foreign.map(({ origin }) => `${originName(origin)} holds another account than expected-account and was passed over.`),
    ...rivals.map(
      ({ origin }) =>
        `${originName(origin)} holds other tokens of the same instant as ${originName(candidate.origin)}; the latter is used.`,
    ),
    ...(file.kind === 'damaged' || file.kind === 'unmanaged' ? [`${fileWords(file)}; it is replaced (${codexHome}/auth.json).`] : []),
  ]
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
