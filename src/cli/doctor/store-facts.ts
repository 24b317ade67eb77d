import type { ManagedCredential } from '../../credential/auth-json.ts'
import { secretValues } from '../../credential/secret-values.ts'
import { failureWords } from '../../codex/failure.ts'
import { KeeperError, messageOf } from '../../keeper-error.ts'
import { holderName, parseLease, refusedToken } from '../../keeper/lease-document.ts'
import { examine, type Proof } from '../../keeper/store-finding.ts'
import type { RememberingStore } from '../../stores/known-copy.ts'
import type { CliContext } from '../context.ts'
import { inWordsOfTheCommandLine } from '../input-names.ts'
import type { Places } from '../places.ts'

/** What went wrong, in words for a person. */
export interface Refusal {
  readonly why: string
  readonly wayOut: string
}

/** What a store was seen to be like. */
export interface StoreFacts {
  readonly name: string
  /** It lies on this machine, and the keeper takes the machine's own login and this one for the same. */
  readonly isOfThisMachine: boolean
  readonly copy:
    | { readonly kind: 'none' }
    | { readonly kind: 'held'; readonly credential: ManagedCredential }
    /** There may be a copy, and nobody can be shown it. */
    | { readonly kind: 'hidden' }
    | ({ readonly kind: 'unreadable' } & Refusal)
  readonly proof: { readonly kind: 'proved' | 'unprovable' | 'not-counted' } | ({ readonly kind: 'refused' } & Refusal)
  /** Where a person finds what wrote the copy: a run, or a machine. */
  readonly writer?: string | undefined
  /** OpenAI has refused the token of this copy to somebody. */
  readonly refused?: Refusal | undefined
}

/** The same places without the stores whose `role=` wants the id token of a job, where there is none. */
export function reachedFromHere(places: Places, env: Readonly<Record<string, string>>): Places {
  const isReached = (index: number): boolean =>
    Boolean(env['ACTIONS_ID_TOKEN_REQUEST_URL']) ||
    !['vault', 's3'].includes(places.settings[index]?.kind ?? '') ||
    !/[?&]role=/.test(places.stores[index]?.name ?? '')
  const why = 'role= logs in with the id token of a job of GitHub Actions'
  return {
    ...places,
    stores: places.stores.filter((_, index) => isReached(index)),
    settings: places.settings.filter((_, index) => isReached(index)),
    outOfReach: [...places.outOfReach, ...places.stores.flatMap(({ name }, index) => (isReached(index) ? [] : [{ name, why }]))],
  }
}

/** Reads and proves all stores at once; nothing is written. Never throws. */
export async function storeFacts({ stores, settings }: Places, context: CliContext): Promise<StoreFacts[]> {
  const seen = await Promise.all(
    stores.map((store, index) => {
      const kind = settings[index]?.kind
      const isHidden = kind === 'github-secret' && context.environment.secrets.CODEX_AUTH_SEED === undefined
      return isHidden ? hiddenStore(store) : openStore(store, kind === 'runner', context)
    }),
  )
  const held = seen.flatMap(({ copy }) => (copy.kind === 'held' ? [copy.credential] : []))
  context.terminal.secrets.add(held.flatMap(({ bytes }) => secretValues(Buffer.from(bytes).toString('utf8'))))
  return seen
}

async function openStore(store: RememberingStore, isOfThisMachine: boolean, { clock }: CliContext): Promise<StoreFacts> {
  const { look, proof } = await examine(store, clock)
  const facts = { name: store.name, isOfThisMachine, proof: proofFacts(proof) }
  switch (look.kind) {
    case 'none':
      return { ...facts, copy: { kind: 'none' } }
    case 'unreadable':
      return { ...facts, copy: { kind: 'unreadable', ...refusal(look.error) } }
    case 'held':
      return {
        ...facts,
        copy: { kind: 'held', credential: look.credential },
        writer: await writerOf(store),
        refused: await refusalIn(store, look.credential),
      }
  }
}

async function writerOf(store: RememberingStore): Promise<string | undefined> {
  return (await store.about?.().catch(() => undefined))?.writtenBy
}

/** GitHub shows no secret to anybody: whether there is one, and whether it could be written, is all that can be asked. */
async function hiddenStore(store: RememberingStore): Promise<StoreFacts> {
  const [copy, proof] = await Promise.all([
    Promise.resolve(store.about?.()).then(
      (facts): StoreFacts['copy'] => ({ kind: facts === undefined ? 'none' : 'hidden' }),
      (error: unknown): StoreFacts['copy'] => ({ kind: 'unreadable', ...refusal(error) }),
    ),
    store.proveWritable().then(
      (kind): Proof => ({ kind }),
      (error: unknown): Proof => ({ kind: 'refused', error }),
    ),
  ])
  return { name: store.name, isOfThisMachine: false, copy, proof: proofFacts(proof) }
}

function proofFacts(proof: Proof): StoreFacts['proof'] {
  return proof.kind === 'refused' ? { kind: 'refused', ...refusal(proof.error) } : proof
}

/** What the lease says of this copy: a holder that was refused leaves a word for those who would present the token again. */
async function refusalIn({ leasePlace }: RememberingStore, { fingerprint }: ManagedCredential): Promise<Refusal | undefined> {
  const found = await leasePlace?.read().catch(() => undefined)
  const lease = found && parseLease(found.bytes)
  if (lease?.state !== 'refused' || lease.token !== refusedToken(fingerprint.refreshToken, lease.nonce)) return undefined
  const { cause, wayOut } = failureWords[lease.failure]
  return { why: `${cause} It was ${holderName(lease.holder)} that presented the token.`, wayOut }
}

function refusal(error: unknown): Refusal {
  const wayOut = error instanceof KeeperError ? error.remedy : 'See the message.'
  return { why: inWordsOfTheCommandLine(messageOf(error)), wayOut: inWordsOfTheCommandLine(wayOut) }
}
