import { AuthJsonError, parseAuthJson, unmanagedReasons, type ManagedCredential } from '../credential/auth-json.ts'
import { seedBytes } from '../credential/seed.ts'
import { KeeperError } from '../keeper-error.ts'
import type { Inputs } from './inputs.ts'

/**
 * The seed of the input auth-json; with the store github-secret that input is the store's copy, and there is no seed.
 * @throws KeeperError unusable-credential when Codex could not use or refresh it
 */
export function readSeed({ authJson, stores }: Pick<Inputs, 'authJson' | 'stores'>): ManagedCredential | undefined {
  if (authJson === undefined || stores.some(({ kind }) => kind === 'github-secret')) return undefined
  const remedy = 'Log in with "codex login --device-auth" in a separate CODEX_HOME and put that whole auth.json into the secret.'
  try {
    const seed = parseAuthJson(seedBytes(authJson))
    if (seed.kind === 'managed') return seed
    throw new KeeperError('unusable-credential', `The seed in auth-json ${unmanagedReasons[seed.why]}.`, remedy)
  } catch (error) {
    if (error instanceof AuthJsonError) {
      throw new KeeperError('unusable-credential', `The seed in auth-json cannot be used: ${error.message}.`, remedy)
    }
    throw error
  }
}
