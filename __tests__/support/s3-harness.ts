import { randomUUID } from 'node:crypto'
import { parseS3Address, type S3Address } from '../../src/stores/s3/s3-address.ts'
import { s3Store, type S3Handover } from '../../src/stores/s3/s3-store.ts'
import type { Store } from '../../src/stores/store.ts'
import type { StoreHarness } from '../stores/store-contract.ts'
import { loopbackIdTokens, type LoopbackIdTokens } from './loopback-id-tokens.ts'
import { sharedSeaweed, type LoopbackSeaweed } from './loopback-seaweedfs.ts'
import { serverFront, someTimes, type ServerFront } from './server-front.ts'
import { isS3Write } from './store-places/s3.ts'

/** A key in a real SeaweedFS, with a front that lets requests meet faults. */
export interface S3Harness extends StoreHarness {
  readonly seaweed: LoopbackSeaweed
  readonly key: string
  readonly front: ServerFront
  readonly idTokens: LoopbackIdTokens
  /** Every secret that the stores have told of. */
  readonly secrets: readonly string[]
  /** A store on the key; changes to the line, or variables other than those of a job that is set up well. */
  readonly store: (more?: S3StoreChanges) => Store
  /** What is stored. */
  readonly contents: () => Promise<Buffer | undefined>
  readonly put: (bytes: Uint8Array) => Promise<void>
}

export interface S3StoreChanges {
  readonly query?: string
  readonly place?: string
  /** In place of the front. */
  readonly endpoint?: string
  readonly variables?: Readonly<Record<string, string | undefined>>
  readonly lost?: readonly string[]
  /** Whether the job has a right to id tokens. */
  readonly mayAsk?: boolean
  /** What main has found out; default is that the server does conditional writes, as it does. */
  readonly handover?: S3Handover
}

export async function s3Harness(login: 'keys' | 'role'): Promise<S3Harness> {
  const { server: seaweed, release } = await sharedSeaweed()
  const [front, idTokens] = await Promise.all([serverFront(seaweed.origin), loopbackIdTokens(seaweed.issuer.issuer)])
  const key = `ci/${randomUUID()}.json`
  const path = `/${seaweed.bucket}/${key}`
  const secrets: string[] = []
  const store = ({
    query,
    place,
    endpoint = front.origin,
    variables = {},
    lost = [],
    mayAsk = true,
    handover = { conditional: true },
  }: S3StoreChanges = {}): Store => {
    const asRole = login === 'role' ? `&role=${seaweed.role}` : ''
    const line = `${place ?? `${seaweed.bucket}/${key}`}?endpoint=${endpoint}${query ?? asRole}`
    return s3Store({
      name: `s3: ${line}`,
      address: addressOf(line),
      variables: { values: { ...(login === 'keys' && seaweed.keys), ...variables }, lost },
      idTokenRight: mayAsk ? { url: idTokens.requestUrl, token: idTokens.requestToken } : undefined,
      sessionName: 'codex-auth-keeper-1',
      handover,
      onSecret: (secret) => secrets.push(secret),
    })
  }
  const put = async (bytes: Uint8Array): Promise<void> => {
    const { status } = await seaweed.admin('PUT', path, Buffer.from(bytes))
    if (status !== 200) throw new Error(`SeaweedFS: status ${status}`)
  }
  return {
    seaweed,
    key,
    front,
    idTokens,
    secrets,
    store,
    put,
    contents: async () => {
      const { status, body } = await seaweed.admin('GET', path)
      return status === 200 ? body : undefined
    },
    open: () => Promise.resolve(store()),
    faults: {
      unreachable: () => {
        front.meet(() => ({ kind: 'no-answer' }))
      },
      readDenied: () => seaweed.deny(key, 's3:GetObject'),
      writeDenied: () => seaweed.deny(key, 's3:PutObject'),
      garbage: put,
      answerLost: () => {
        front.meet(someTimes(1, isS3Write, { kind: 'answer-lost' }))
      },
      writeInterrupted: () => {
        front.meet(someTimes(1, isS3Write, { kind: 'cut' }))
      },
      emptied: async () => {
        await seaweed.admin('DELETE', path)
      },
    },
    heal: async () => {
      front.meet(() => undefined)
      await seaweed.deny(key, undefined)
    },
    cleanup: async () => {
      await seaweed.deny(key, undefined)
      await Promise.all([front.close(), idTokens.close()])
      await release()
    },
  }
}

export function addressOf(line: string): S3Address {
  const parsed = parseS3Address(line)
  if (parsed.kind === 'problems') throw new Error(parsed.problems.join(' '))
  return parsed.address
}
