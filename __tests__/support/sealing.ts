import { generateX25519Identity } from 'age-encryption'
import { parseSealingKeys, type SealingKeys } from '../../src/stores/sealed/sealing-keys.ts'

/** A fresh age identity, as `age-keygen` would make it. */
export function someIdentity(): Promise<string> {
  return generateX25519Identity()
}

/** The keys of these lines of an `encryption-key` input. */
export function sealingKeysOf(...lines: string[]): SealingKeys {
  const parsed = parseSealingKeys(lines.join('\n'))
  if (parsed.kind === 'problems') throw new Error(parsed.problems.join('\n'))
  return parsed.keys
}
