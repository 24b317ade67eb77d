import { unmanagedReasons, type ManagedCredential } from '../credential/auth-json.ts'
import { accountHash, fingerprintOf, isAccountNamed, type Fingerprint } from '../credential/fingerprint.ts'
import { isDue } from '../credential/issued.ts'
import { chooseNewest, listAccounts, originName, type Candidate, type NewestChoice, type Origin } from '../credential/newest.ts'
import type { CopyState } from '../credential/write-back-decision.ts'
import { installAuthFile, observeAuthFile, type ObservedFile } from '../codex/codex-home.ts'
import { KeeperError, messageOf } from '../keeper-error.ts'
import { sha256 } from '../sha256.ts'
import type { Guarantee, Store } from '../stores/store.ts'
import type { Clock } from '../clock.ts'
import { copyState, look, retried, type Look } from './store-access.ts'

export interface RestoreRequest {
  readonly stores: readonly Store[]
  readonly codexHome: string
  readonly seed: ManagedCredential | undefined
  /** An account hash as the output `account` shows it, or an account id. */
  readonly expectedAccount: string | undefined
  /** Seconds. */
  readonly refreshWindow: number
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
  | { readonly kind: 'void' }

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
  const { stores, codexHome, seed, clock, refreshWindow, expectedAccount } = request
  const [file, ...findings] = await Promise.all([observeAuthFile(codexHome, clock), ...stores.map((store) => find(store, clock))])
  const looks = findings.map((finding) => finding.look)
  const candidates = [...stored(stores, looks), ...atHand(file, codexHome), ...seeded(seed)]
  for (const { credential } of candidates) request.onCredential(credential)

  const due = (fingerprint: Fingerprint): boolean => isDue(fingerprint.issued, clock.now() / 1000, refreshWindow)
  const choice = chooseNewest({
    candidates,
    unread: looks.some(({ kind }) => kind === 'unreadable'),
    isDue: due,
    isExpected: expectedAccount === undefined ? undefined : ((fingerprint) => isAccountNamed(fingerprint, expectedAccount, sha256)),
  })
  const chosen = chosenOrThrow(choice, stores, looks, file)
  const foreignFile = chosen.foreign.find(({ origin }) => origin.kind === 'file')
  if (foreignFile !== undefined) throw occupied(codexHome, `belongs to another account (${accountHash(foreignFile.fingerprint)})`)
  await request.checkSurroundings(chosen.candidate.credential)

  requireWritable(findings)
  const { credential, fingerprint: base, origin } = chosen.candidate
  const installed = origin.kind !== 'file' && !(file.kind === 'managed' && equalBytes(file.credential.bytes, credential.bytes))
  const restored: Restored = {
    credential, base, origin, installed, stores: findings,
    seed: seed && fingerprintOf(seed, sha256),
    due: due(base),
    remarks: remarks(chosen, file, codexHome),
  }
  request.beforeInstall(restored)
  if (installed) await installAuthFile(codexHome, credential.bytes)
  return restored
}

function stored(stores: readonly Store[], looks: readonly Look[]): Found[] {
  return looks.flatMap((seen, index) => {
    const name = stores[index]?.name ?? ''
    return seen.kind === 'held' ? [found({ kind: 'store', name }, seen.credential)] : []
  })
}

function atHand(file: ObservedFile, codexHome: string): Found[] {
  switch (file.kind) {
    case 'managed': return [found({ kind: 'file' }, file.credential)]
    case 'missing':
    case 'damaged': return []
    case 'unmanaged':
      if (file.credential.why.startsWith('no-') || file.credential.why === 'id-token-not-jwt') return []
      throw occupied(codexHome, unmanagedReasons[file.credential.why])
  }
}

/** A login that nobody has a copy of is not ours to replace. */
function occupied(codexHome: string, why: string): KeeperError {
  return new KeeperError('two-accounts', `${codexHome}/auth.json ${why}, and restoring would delete it.`,
    'Set the input codex-home to a directory of its own for this login, or move that file away.')
}

function seeded(seed: ManagedCredential | undefined): Found[] {
  return seed === undefined ? [] : [found({ kind: 'seed' }, seed)]
}

function found(origin: Origin, credential: ManagedCredential): Found {
  return { origin, credential, fingerprint: fingerprintOf(credential, sha256) }
}

function chosenOrThrow(
  choice: NewestChoice<Found>, stores: readonly Store[], looks: readonly Look[], file: ObservedFile,
): Extract<NewestChoice<Found>, { kind: 'chosen' }> {
  const outages = looks.flatMap((seen, index) =>
    seen.kind === 'unreadable' ? [inStore(stores[index]?.name ?? '', seen.error)] : [])
  const outage = outages.join(' ')
  const remedyOfOutage = looks.map((seen) => seen.kind === 'unreadable' && seen.error instanceof KeeperError ? seen.error.remedy : '')
    .find((remedy) => remedy !== '') ?? 'Run the job again when the store answers.'
  switch (choice.kind) {
    case 'chosen': return choice
    case 'none':
      if (outage !== '') throw new KeeperError('store-unreachable', `No credential: ${outage}`, remedyOfOutage)
      throw new KeeperError('no-credential',
        `There is no credential: ${stores.length === 1 ? 'the store is' : 'all stores are'} empty, ${fileWords(file)}, and no seed is given.`,
        'Log in with "codex login --device-auth" in a separate CODEX_HOME, put that auth.json into a secret and pass it as auth-json.')
    case 'none-expected':
      throw new KeeperError('two-accounts', `None of the credentials belongs to expected-account. Found: ${listAccounts(choice.found)}.`,
        'Reseed with the login of the expected account, or correct expected-account.')
    case 'two-accounts':
      throw new KeeperError('two-accounts', `The credentials belong to different accounts: ${listAccounts(choice.found)}.`,
        'One slot is one login: give each its own slot, or name the right one with expected-account.')
    case 'only-seed-but-unread':
      throw new KeeperError('store-unreachable',
        `A store could not be read, so the seed is not used: it may be spent, and a spent token can cost the whole login. ${outage}`,
        remedyOfOutage)
    case 'due-but-unread':
      throw new KeeperError('store-unreachable',
        `A store could not be read, and the copy from ${originName(choice.candidate.origin)} is due for a refresh: if that store holds a newer one, this refresh would spend a token twice. ${outage}`,
        remedyOfOutage)
  }
}

/** Many stores name themselves in their errors. */
function inStore(name: string, error: unknown): string {
  const message = messageOf(error)
  return message.startsWith(`${name}:`) ? message : `${name}: ${message}`
}

function fileWords(file: ObservedFile): string {
  switch (file.kind) {
    case 'missing':
    case 'managed': return 'CODEX_HOME has no auth.json'
    case 'damaged': return `the auth.json in CODEX_HOME is damaged (${file.problem})`
    case 'unmanaged': return `the auth.json in CODEX_HOME ${unmanagedReasons[file.credential.why]}`
  }
}

/** Reads a store and has it prove that it can be written; both at once, which saves a round trip. */
async function find(store: Store, clock: Clock): Promise<StoreFinding> {
  const [seen, proof] = await Promise.all([look(store, clock), proofOf(store, clock)])
  return {
    name: store.name, guarantee: store.guarantee, look: seen, copy: copyState(seen),
    proof: seen.kind === 'unreadable' ? { kind: 'void' } : proof,
  }
}

function requireWritable(findings: readonly StoreFinding[]): void {
  if (findings.some(({ proof }) => proof.kind === 'proved' || proof.kind === 'unprovable')) return
  const errors = findings.flatMap(({ name, look: seen, proof }) => {
    const error = proof.kind === 'refused' ? proof.error : seen.kind === 'unreadable' ? seen.error : undefined
    return error === undefined ? [] : [{ name, error }]
  })
  throw new KeeperError('not-writable',
    `No store can be written, so a refreshed login would be lost. ${errors.map(({ name, error }) => inStore(name, error)).join(' ')}`,
    errors.map(({ error }) => error instanceof KeeperError ? error.remedy : '').find((remedy) => remedy !== '')
      ?? 'Make one store writable and run the job again.',
    { cause: errors[0]?.error })
}

async function proofOf(store: Store, clock: Clock): Promise<Proof> {
  try {
    return { kind: await retried(() => store.proveWritable(), clock) }
  } catch (error) {
    return { kind: 'refused', error }
  }
}

function remarks(chosen: Extract<NewestChoice<Found>, { kind: 'chosen' }>, file: ObservedFile, codexHome: string): string[] {
  const { candidate, foreign, rivals } = chosen
  return [
    ...foreign.map(({ origin }) => `${originName(origin)} holds another account than expected-account and was passed over.`),
    ...rivals.map(({ origin }) =>
      `${originName(origin)} holds other tokens of the same instant as ${originName(candidate.origin)}; the latter is used.`),
    ...(file.kind === 'damaged' || file.kind === 'unmanaged'
      ? [`${fileWords(file)}; it is replaced (${codexHome}/auth.json).`] : []),
  ]
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
