import { secretValues } from '../credential/secret-values.ts'
import { seedBytes } from '../credential/seed.ts'
import { sealingSecrets } from '../stores/sealed/sealing-keys.ts'
import type { Masks } from './runner/masks.ts'

/**
 * Masks every secret the inputs hold, before anything else is printed: the values themselves, and one by one the tokens
 * inside the seed, whatever form it has.
 */
export function maskInputs(read: (name: string) => string, masks: Masks): void {
  const authJson = read('auth-json')
  const secrets = [
    ...seedSecrets(authJson),
    ...sealingSecrets(read('encryption-key')),
    ...linesOf(read('app-private-key')),
    ...linesOf(read('ssh-key')),
    read('github-token').trim(),
    read('store-token').trim(),
    read('secret-writer-token').trim(),
  ]
  masks.add(secrets.filter((secret) => secret.length >= 8))
}

function seedSecrets(text: string): string[] {
  if (text.trim() === '') return []
  try {
    const found = secretValues(new TextDecoder().decode(seedBytes(text)))
    return text.trim().startsWith('{') ? found : [...found, ...linesOf(text)]
  } catch {
    return secretValues(text)
  }
}

/** The lines of a key file, without the lines that say what it is. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !line.startsWith('-----'))
}
