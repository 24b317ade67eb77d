import { KeeperError } from '../../keeper-error.ts'
import { unanswered } from '../server-answers.ts'
import type { Store, StoredCopy, WriteOutcome } from '../store.ts'
import type { S3Address } from './s3-address.ts'
import type { S3Answer } from './s3-exchange.ts'
import { ignoresConditions, refused } from './s3-refusals.ts'
import type { S3Session } from './s3-session.ts'

export interface S3Place {
  readonly session: S3Session
  readonly address: S3Address
  readonly key: string
  /** Whether conditional writes are known to work there: AWS promises them, any other server has to prove them. */
  readonly isConditional: () => boolean
  readonly onConditional: () => void
}

export type S3Object = Pick<Store, 'read' | 'write' | 'proveWritable'>

/** No object has this ETag. */
const impossible = '"ffffffffffffffffffffffffffffffff"'

/**
 * One object, with compare-and-set by its ETag. The proof writes what was just read under a condition that cannot hold: a server
 * that says so may be written to, and one that takes it ignores conditions and is never written to.
 */
export function s3Object({ session, address, key, isConditional, onConditional }: S3Place): S3Object {
  let looking: Promise<StoredCopy | undefined> | undefined
  /** The ETag of an object without a byte: no login, but what the proof leaves where a server ignores conditions. */
  let emptyAt: string | undefined

  const look = async (): Promise<StoredCopy | undefined> => {
    const answer = await session.send({ method: 'GET', key, changes: false })
    if (answer.status === 200) {
      const { etag, body } = answer
      emptyAt = body.length === 0 ? etag : undefined
      if (etag !== undefined) return body.length === 0 ? undefined : { bytes: body, version: etag }
      throw new KeeperError('store-refused', `${answer.name} gives no ETag, by which writers are told apart.`, 'Use another store.')
    }
    emptyAt = undefined
    if (answer.status === 404 && answer.code === 'NoSuchKey') return undefined
    throw unexpected(answer)
  }

  const unexpected = (answer: S3Answer): KeeperError =>
    answer.code === undefined && answer.status === 404
      ? unanswered(answer, 'status 404, and not as S3 says it', false)
      : refused(address, answer)

  /** Writes under a condition; undefined when that did not hold. */
  const put = async (bytes: Uint8Array, condition: Readonly<Record<string, string>>, changes: boolean): Promise<S3Answer | undefined> => {
    const headers = { ...condition, 'content-type': 'application/octet-stream' }
    const answer = await session.send({ method: 'PUT', key, headers, body: bytes, changes })
    // 404: there is nothing that could match. 409: another writer is at it.
    const isConflict = answer.status === 412 || answer.status === 409 || (answer.status === 404 && answer.code === 'NoSuchKey')
    if (isConflict) return undefined
    if (answer.status !== 200) throw unexpected(answer)
    return answer
  }

  const prove = async (): Promise<void> => {
    const copy = await (looking ?? look())
    const taken = await put(copy?.bytes ?? new Uint8Array(), { 'if-match': impossible }, false)
    if (taken !== undefined) throw ignoresConditions(taken.name, 'If-Match')
    if (copy !== undefined && !isConditional()) {
      const again = await put(copy.bytes, { 'if-none-match': '*' }, false)
      if (again !== undefined) throw ignoresConditions(again.name, 'If-None-Match')
    }
    onConditional()
  }

  return {
    read: async () => {
      const copy = look()
      looking = copy
      try {
        return await copy
      } finally {
        if (looking === copy) looking = undefined
      }
    },
    proveWritable: async () => {
      await prove()
      return 'proved'
    },
    write: async (bytes, ifVersion): Promise<WriteOutcome> => {
      if (ifVersion !== undefined && !/^[\x21-\x7e]+$/.test(ifVersion)) return { kind: 'conflict' }
      if (!isConditional()) await prove()
      const follows = ifVersion ?? emptyAt
      const answer = await put(bytes, follows === undefined ? { 'if-none-match': '*' } : { 'if-match': follows }, true)
      if (answer === undefined) return { kind: 'conflict' }
      if (answer.etag !== undefined) return { kind: 'written', version: answer.etag }
      throw unanswered(answer, 'the answer has no ETag', true)
    },
  }
}
