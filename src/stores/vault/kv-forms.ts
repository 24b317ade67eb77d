import { KeeperError } from '../../keeper-error.ts'
import type { KvForm } from './kv-document.ts'

const field = 'auth.json'

/** The login: the one field of its secret, so that `kv get -field=auth.json` prints the file. */
export const loginForm: KvForm = {
  dataOf: (bytes) => ({ [field]: textOf(bytes) }),
  bytesIn: (data, apiPath) => {
    const { [field]: text, ...others } = data
    if (typeof text === 'string' && Object.keys(others).length === 0) return Buffer.from(text)
    // A write replaces the whole secret, so that what is not ours would be gone.
    throw new KeeperError(
      'store-damaged',
      `The secret at ${apiPath} does not hold the one field ${field}${typeof text === 'string' ? ', it has others beside it' : ''}.`,
      `Give the keeper a path of its own, or put the login there by hand: kv put … ${field}=@auth.json`,
    )
  },
}

/** The lease: anything else there is not a lease, and is given as it is so that it can be replaced. */
export const leaseForm: KvForm = {
  dataOf: (bytes) => ({ lease: textOf(bytes) }),
  bytesIn: (data) => Buffer.from(typeof data['lease'] === 'string' ? data['lease'] : JSON.stringify(data)),
}

/** A secret is JSON, which holds text alone. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new KeeperError('store-refused', 'Vault holds text, and this document is not text.', 'See what has written auth.json.')
  }
}
