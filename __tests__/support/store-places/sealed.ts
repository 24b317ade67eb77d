import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'

/** The user's key for the stores that others can read. */
export interface Sealing {
  readonly identity: string
  seal(bytes: Uint8Array): Promise<Uint8Array>
  open(sealed: Uint8Array): Promise<Uint8Array>
}

export async function sealing(): Promise<Sealing> {
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  return {
    identity,
    seal: (bytes) => {
      const age = new Encrypter()
      age.addRecipient(recipient)
      return age.encrypt(bytes)
    },
    open: (sealed) => {
      const age = new Decrypter()
      age.addIdentity(identity)
      return age.decrypt(sealed)
    },
  }
}
