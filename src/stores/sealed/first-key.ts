import { randomBytes, scryptSync } from 'node:crypto'
import { sha256 } from '../../sha256.ts'
import type { SealingKey, SealingKeys } from './sealing-keys.ts'

/**
 * What later stages are told of the key that seals, to know it again and nothing else. An identity is random through and
 * through; a passphrase may be poor, so each guess at it is made slow.
 */
export function keyDigest(key: SealingKey): string {
  switch (key.kind) {
    case 'identity':
    case 'recipient':
      return `${key.kind}:${sha256(`codex-auth-keeper sealing key\n${key.secret}`)}`
    case 'passphrase':
      return slowDigest(key.secret, randomBytes(16).toString('base64url'))
  }
}

/** The keys with the one of this digest in front; undefined when it is not among them. */
export function withFirstKey(keys: SealingKeys, digest: string): SealingKeys | undefined {
  const first = keys.find((key) => hasDigest(key, digest))
  return first && [first, ...keys.filter((key) => key !== first)]
}

function hasDigest(key: SealingKey, digest: string): boolean {
  const [kind, salt = ''] = digest.split(':')
  if (kind !== key.kind) return false
  return digest === (key.kind === 'passphrase' ? slowDigest(key.secret, salt) : keyDigest(key))
}

function slowDigest(secret: string, salt: string): string {
  const hash = scryptSync(secret, salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 })
  return `passphrase:${salt}:${hash.toString('base64url')}`
}
