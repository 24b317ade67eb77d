import { secretValues } from '../credential/secret-values.ts'
import { seedBytes } from '../credential/seed.ts'
import { sealingSecrets } from '../stores/sealed/sealing-keys.ts'

/** The secrets that a person gives to the keeper, as they were given. */
export interface GivenSecrets {
  readonly authJson?: string | undefined
  readonly encryptionKey?: string | undefined
  /** Files of keys: for ssh, of a GitHub App. */
  readonly keyFiles: readonly (string | undefined)[]
  readonly tokens: readonly (string | undefined)[]
}

/**
 * Every string in them that nobody may see: the values themselves, and one by one the tokens inside the seed, whatever form
 * it has.
 */
export function secretsIn({ authJson = '', encryptionKey = '', keyFiles, tokens }: GivenSecrets): string[] {
  const secrets = [
    ...seedSecrets(authJson),
    ...sealingSecrets(encryptionKey),
    ...keyFiles.flatMap((text = '') => linesOf(text)),
    ...tokens.map((token = '') => token.trim()),
  ]
  return secrets.filter((secret) => secret.length >= 8)
}

function seedSecrets(text: string): string[] {
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
