import * as z from 'zod/mini'
import { KeeperError } from '../../keeper-error.ts'
import type { Store, StoredCopy, WriteOutcome } from '../store.ts'
import type { VaultAnswer } from './vault-exchange.ts'
import { denied, refused, saidBy } from './vault-refusals.ts'
import type { VaultSession } from './vault-session.ts'

/** What is known of the secrets engine that several documents lie in. */
export interface KvEngine {
  isVersion2: boolean
}

/** How bytes are the data of a secret. */
export interface KvForm {
  readonly dataOf: (bytes: Uint8Array) => Readonly<Record<string, string>>
  /** @throws KeeperError store-damaged for what was written by somebody else and must not be written over */
  readonly bytesIn: (data: Readonly<Record<string, unknown>>, apiPath: string) => Uint8Array
}

export interface KvPlace {
  readonly session: VaultSession
  readonly engine: KvEngine
  readonly form: KvForm
  readonly mount: string
  readonly path: string
  /** The API paths that a policy for this place must name. */
  readonly policyPaths: readonly string[]
}

export type KvDocument = Pick<Store, 'read' | 'write' | 'proveWritable'>

/** No secret has so many versions: a write that wants to follow this one never succeeds. */
const impossible = 2_147_483_647

const heldSchema = z.looseObject({
  data: z.looseObject({ data: z.record(z.string(), z.unknown()), metadata: z.looseObject({ version: z.number() }) }),
})
const deletedSchema = z.looseObject({ data: z.looseObject({ data: z.null(), metadata: z.looseObject({ version: z.number() }) }) })
const writtenSchema = z.looseObject({ data: z.looseObject({ version: z.number() }) })
const mountSchema = z.looseObject({ data: z.looseObject({ type: z.literal('kv'), options: z.looseObject({ version: z.literal('2') }) }) })

/**
 * One document in a KV v2 secrets engine, with compare-and-set by the number of its version.
 *
 * KV v1 takes the same requests, answers 404 where nothing is and writes over whatever is there. So nothing is believed to be
 * empty, proved or written before an answer has shown that the engine is version 2: one that holds a version does, and
 * otherwise one more request asks for it.
 */
export function kvDocument({ session, engine, form, mount, path, policyPaths }: KvPlace): KvDocument {
  const apiPath = `${mount}/data/${path}`
  let looking: Promise<unknown> | undefined
  /** What a write to the empty place must follow: 0, or the version that somebody has deleted by hand. */
  let emptyAt = 0

  const requireVersion2 = async (): Promise<void> => {
    await looking?.catch(() => undefined)
    if (engine.isVersion2) return
    const answer = await session.send({ method: 'GET', path: `sys/internal/ui/mounts/${apiPath}`, changes: false })
    if (answer.status === 403) throw denied(apiPath, answer, policyPaths)
    if (!mountSchema.safeParse(answer.body).success) throw notVersion2(mount, answer)
    engine.isVersion2 = true
  }

  const look = async (): Promise<StoredCopy | undefined> => {
    const answer = await session.send({ method: 'GET', path: apiPath, changes: false })
    const held = heldSchema.safeParse(answer.body).data?.data
    if (answer.status === 200 && held !== undefined) {
      engine.isVersion2 = true
      return { bytes: form.bytesIn(held.data, apiPath), version: String(held.metadata.version) }
    }
    const deleted = deletedSchema.safeParse(answer.body).data?.data
    if (answer.status === 404 && deleted !== undefined) {
      engine.isVersion2 = true
      emptyAt = deleted.metadata.version
      return undefined
    }
    if (answer.status === 404 && answer.errors?.length === 0) {
      looking = undefined
      await requireVersion2()
      emptyAt = 0
      return undefined
    }
    throw answer.status === 200 ? notVersion2(mount, answer) : unexpected(answer)
  }

  const unexpected = (answer: VaultAnswer): KeeperError =>
    answer.status === 403 ? denied(apiPath, answer, policyPaths) : refused(apiPath, answer)

  const put = async (cas: number, data: Readonly<Record<string, string>>, changes: boolean): Promise<VaultAnswer | 'mismatch'> => {
    await requireVersion2()
    const answer = await session.send({ method: 'POST', path: apiPath, body: { options: { cas }, data }, changes })
    const isMismatch = answer.status === 400 && answer.errors?.some((error) => error.includes('did not match the current version'))
    return isMismatch === true ? 'mismatch' : answer
  }

  return {
    read: () => {
      const copy = look()
      looking = copy
      return copy
    },
    proveWritable: async () => {
      const answer = await put(impossible, {}, false)
      if (answer === 'mismatch') return 'proved'
      throw answer.status < 300 ? notVersion2(mount, answer) : unexpected(answer)
    },
    write: async (bytes, ifVersion): Promise<WriteOutcome> => {
      const cas = ifVersion === undefined ? emptyAt : Number(ifVersion)
      if (!Number.isSafeInteger(cas)) return { kind: 'conflict' }
      const answer = await put(cas, form.dataOf(bytes), true)
      if (answer === 'mismatch') return { kind: 'conflict' }
      if (answer.status >= 300) throw unexpected(answer)
      const version = writtenSchema.safeParse(answer.body).data?.data.version
      if (version !== undefined) return { kind: 'written', version: String(version) }
      throw new KeeperError('store-unknown-outcome', `Vault did not confirm the write of ${apiPath}.`, 'Read it back.')
    },
  }
}

function notVersion2(mount: string, answer: VaultAnswer): KeeperError {
  return new KeeperError(
    'store-refused',
    `The mount ${mount} is not a KV secrets engine of version 2 (${saidBy(answer)}); version 1 would let one job overwrite another's login.`,
    `Name another mount, or make this one version 2: "kv enable-versioning ${mount}".`,
  )
}
