import { secretsIn } from '../keeper/given-secrets.ts'
import type { Masks } from './runner/masks.ts'

/** Masks every secret the inputs hold, before anything else is printed. */
export function maskInputs(read: (name: string) => string, masks: Masks): void {
  masks.add(
    secretsIn({
      authJson: read('auth-json'),
      encryptionKey: read('encryption-key'),
      keyFiles: [read('app-private-key'), read('ssh-key')],
      tokens: [read('github-token'), read('store-token'), read('secret-writer-token')],
    }),
  )
}
