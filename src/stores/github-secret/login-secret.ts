import type { Clock } from '../../clock.ts'
import type { ManagedCredential } from '../../credential/auth-json.ts'
import { compareIssued, judgeTimes } from '../../credential/issued.ts'
import type { GithubApi } from '../../github/github-api.ts'
import { KeeperError } from '../../keeper-error.ts'
import { compactDocument } from './github-secret-document.ts'
import type { SecretName } from './github-secret-name.ts'
import { secretPlace, type Repository } from './github-secret-place.ts'
import { invalid } from './github-secret-refusals.ts'

/**
 * A GitHub secret that takes the login a person has just made. Nobody can ask GitHub what is in it; what can be known of that is in the
 * variable that the store github-secret keeps beside it.
 */
export interface LoginSecret {
  /** In words, for messages. */
  readonly words: string
  /** Finds out whether the token may write it, and whether it is there. @throws KeeperError as a store */
  prove(): Promise<'new' | 'replaces'>
  /**
   * Puts the login there, on one line.
   * @returns superseded, where the keeper has stored one there that was issued later; then nothing was written
   * @throws KeeperError as a store
   */
  put(login: ManagedCredential): Promise<'written' | 'superseded'>
  /** Puts another value there (a key) as it is. @throws KeeperError as a store */
  putValue(value: Uint8Array): Promise<void>
}

const attempts = 3

export function loginSecret(api: GithubApi, repository: Repository, name: SecretName, clock: Clock): LoginSecret {
  const place = secretPlace(api, repository, name)
  const putValue = async (value: Uint8Array): Promise<void> => {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const { kind } = await place.put(value, await place.publicKey())
      if (kind === 'stored') return
      if (kind === 'invalid' && attempt > 1) throw invalid(place.words)
      await clock.sleep(attempt * 500)
    }
    throw new KeeperError('store-refused', `Others were writing ${place.words} at each of ${attempts} tries.`, 'Try again in a minute.')
  }
  return {
    putValue,
    words: `${place.words} of ${repository.owner}/${repository.repo}`,
    prove: async () => {
      // The key is there where the repository and the environment are.
      const [sight] = await Promise.all([place.look(), place.publicKey(), place.proveWritable()])
      return sight.updatedAt === undefined ? 'new' : 'replaces'
    },
    put: async ({ bytes, issued }) => {
      const { record } = await place.look()
      const stored = record.kind === 'held' ? record.record.issued : undefined
      if (stored !== undefined && compareIssued(judgeTimes(stored, clock.now() / 1000), issued) === 'newer') return 'superseded'
      await putValue(compactDocument(bytes))
      return 'written'
    },
  }
}
