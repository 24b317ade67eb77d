import * as z from 'zod/mini'
import { sha256 } from '../../sha256.ts'
import type { StoredCopy, WriteOutcome } from '../store.ts'
import type { KubernetesAddress } from './kubernetes-address.ts'
import type { ApiAnswer, ApiRequest } from './kubernetes-api.ts'
import { busy, refusal, statusOf, unchangeable, type Asked } from './kubernetes-failure.ts'

/** What one request of the API gave, and who asked. */
export interface Asking {
  readonly answer: ApiAnswer
  readonly account: Asked['account']
}

/** One Secret, of which some keys are ours. */
export interface SecretPlace {
  read(key: string): Promise<StoredCopy | undefined>
  /**
   * Compare-and-set of one key: what else is in the Secret is put back as it is, and a change there alone is not a conflict.
   * A key's version is the digest of its value; whether the Secret itself is the one that was looked at, its resourceVersion says.
   */
  write(key: string, bytes: Uint8Array, ifVersion: string | undefined): Promise<WriteOutcome>
  proveWritable(): Promise<'proved' | 'unprovable'>
}

/** A Secret as the API shows it. What we do not know of it is kept, so the object itself goes back, not what the schema gives. */
const secretSchema = z.looseObject({
  kind: z.literal('Secret'),
  metadata: z.looseObject({ resourceVersion: z.string().check(z.minLength(1)), deletionTimestamp: z.optional(z.string()) }),
  data: z.optional(z.record(z.string(), z.string())),
  immutable: z.optional(z.boolean()),
})
type Secret = z.infer<typeof secretSchema>

type Seen = { readonly kind: 'absent' } | { readonly kind: 'present'; readonly secret: Secret }

/** Tries of one write while others change the Secret, but not the key that is written. */
const mostTries = 5

export function secretPlace(address: KubernetesAddress, ask: (request: ApiRequest) => Promise<Asking>): SecretPlace {
  const secrets = `/api/v1/namespaces/${address.namespace}/secrets`
  const itself = `${secrets}/${address.name}`
  const dry = '?dryRun=All'
  let last: Seen | undefined
  let looking: Promise<Seen> | undefined

  const failed = ({ answer, account }: Asking, verb: Asked['verb'], dryRun = false): Error =>
    refusal(answer, { verb, dryRun, address, account })

  const lookNow = async (): Promise<Seen> => {
    const asking = await ask({ method: 'GET', path: itself })
    const secret = secretIn(asking.answer)
    if (secret !== undefined) return (last = { kind: 'present', secret })
    if (says(asking.answer, 404, 'NotFound')) return (last = { kind: 'absent' })
    throw failed(asking, 'get')
  }
  /** Reads and proofs of the same moment share one look. */
  const look = (): Promise<Seen> => {
    looking ??= lookNow().finally(() => {
      looking = undefined
    })
    return looking
  }
  const update = (secret: object, query = ''): Promise<Asking> => ask({ method: 'PUT', path: itself + query, body: secret })
  const create = (data: Record<string, string>, query = ''): Promise<Asking> =>
    ask({ method: 'POST', path: secrets + query, body: newSecret(address, data) })

  /** Whether it was stored, or the Secret is no longer the one that was looked at. */
  const put = async (seen: Seen, key: string, value: string): Promise<'stored' | 'overtaken'> => {
    const isNew = seen.kind === 'absent'
    const asking = isNew ? await create({ [key]: value }) : await update(withValue(seen.secret, key, value))
    const secret = secretIn(asking.answer)
    if (secret !== undefined) {
      last = { kind: 'present', secret }
      return 'stored'
    }
    const { answer } = asking
    if (answer.kind === 'answered' && statusOf(answer.body) !== undefined) {
      if (answer.status === 409 || (answer.status === 404 && !isNew)) return 'overtaken'
    }
    throw failed(asking, isNew ? 'create' : 'update')
  }

  const proveUpdate = async (secret: object): Promise<'proved' | 'unprovable'> => {
    const asking = await update(secret, dry)
    // "Somebody was faster" and "there is none" are said only to those who may.
    if (secretIn(asking.answer) !== undefined || saidTo(asking.answer, [404, 409])) return 'proved'
    if (knowsNoDryRun(asking.answer)) return 'unprovable'
    throw failed(asking, 'update', true)
  }
  const proveCreate = async (): Promise<'proved' | 'unprovable'> => {
    const asking = await create({}, dry)
    if (secretIn(asking.answer, 'new') !== undefined || saidTo(asking.answer, [409])) return 'proved'
    if (knowsNoDryRun(asking.answer)) return 'unprovable'
    throw failed(asking, 'create', true)
  }

  return {
    read: async (key) => {
      const bytes = valueIn(await look(), key)
      return bytes && { bytes, version: sha256(bytes) }
    },
    write: async (key, bytes, ifVersion) => {
      let seen = last !== undefined && versionIn(last, key) === ifVersion ? last : await look()
      for (let tries = 0; tries < mostTries; tries += 1) {
        if (versionIn(seen, key) !== ifVersion) return { kind: 'conflict' }
        if ((await put(seen, key, Buffer.from(bytes).toString('base64'))) === 'stored') return { kind: 'written', version: sha256(bytes) }
        seen = await look()
      }
      throw busy(address)
    },
    proveWritable: async () => {
      const seen = await look()
      if (seen.kind === 'present') {
        const why = whyUnchangeable(seen.secret)
        if (why !== undefined) throw unchangeable(why, address)
        return proveUpdate(seen.secret)
      }
      // A job that may only create would lose what Codex writes in the middle of the same job.
      const none = { ...newSecret(address, {}), metadata: { ...address, resourceVersion: '1' } }
      const proofs = await Promise.all([proveCreate(), proveUpdate(none)])
      return proofs.every((proof) => proof === 'proved') ? 'proved' : 'unprovable'
    },
  }
}

function newSecret({ namespace, name }: KubernetesAddress, data: Record<string, string>): object {
  const labels = { 'app.kubernetes.io/managed-by': 'codex-auth-keeper' }
  return { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { namespace, name, labels }, data }
}

function withValue(secret: Secret, key: string, value: string): object {
  return { ...secret, data: { ...secret.data, [key]: value } }
}

function valueIn(seen: Seen, key: string): Uint8Array | undefined {
  const value = seen.kind === 'present' ? seen.secret.data?.[key] : undefined
  // An empty value is what a person leaves who makes the key beforehand.
  return value === undefined || value === '' ? undefined : Uint8Array.from(Buffer.from(value, 'base64'))
}

function versionIn(seen: Seen, key: string): string | undefined {
  const bytes = valueIn(seen, key)
  return bytes && sha256(bytes)
}

function whyUnchangeable({ immutable, metadata }: Secret): string | undefined {
  if (immutable === true) return 'is immutable'
  return metadata.deletionTimestamp === undefined ? undefined : 'is being deleted'
}

/** The Secret that the API answers with. @param kept `new` for one that was only tried: it has no version yet */
function secretIn(answer: ApiAnswer, kept: 'kept' | 'new' = 'kept'): Secret | undefined {
  if (answer.kind !== 'answered' || answer.status < 200 || answer.status > 299) return undefined
  const { body } = answer
  const tried = kept === 'new' ? { ...(body as object), metadata: { resourceVersion: 'none yet' } } : body
  return secretSchema.safeParse(tried).success ? (body as Secret) : undefined
}

function says(answer: ApiAnswer, status: number, reason: string): boolean {
  return answer.kind === 'answered' && answer.status === status && statusOf(answer.body)?.reason === reason
}

function saidTo(answer: ApiAnswer, statuses: readonly number[]): boolean {
  return answer.kind === 'answered' && statuses.includes(answer.status) && statusOf(answer.body) !== undefined
}

/** A webhook of the cluster that has effects of its own refuses every dry run. */
function knowsNoDryRun(answer: ApiAnswer): boolean {
  return answer.kind === 'answered' && answer.status === 400 && /does not support dry run/.test(statusOf(answer.body)?.message ?? '')
}
