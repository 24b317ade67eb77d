import type { Store } from '../store.ts'
import { leaseKeyOf } from './s3-address.ts'
import { s3Object } from './s3-object.ts'
import { s3Session, type S3SessionSetup } from './s3-session.ts'

export interface S3StoreOptions extends S3SessionSetup {
  /** The line of the `store` input. */
  readonly name: string
  /** What an earlier stage of this job has found out. */
  readonly handover: S3Handover | undefined
}

/** What one stage leaves to the next: whether this server has proved that it supports conditional writes. */
export interface S3Handover {
  readonly conditional: boolean
}

/** An object in AWS S3, or in a server that speaks it with conditional writes: one request each to read, to prove and to write. */
export function s3Store({ name, handover, ...setup }: S3StoreOptions): Store {
  const { address } = setup
  let conditional = address.endpoint === undefined || handover?.conditional === true
  const common = {
    session: s3Session(setup),
    address,
    isConditional: () => conditional,
    onConditional: () => {
      conditional = true
    },
  }
  const { read, write } = s3Object({ ...common, key: leaseKeyOf(address) })
  return {
    name,
    guarantee: 'compare-and-set',
    ...s3Object({ ...common, key: address.key }),
    leasePlace: { seenBy: 'all-jobs', read, write },
    handover: (): S3Handover => ({ conditional }),
  }
}
