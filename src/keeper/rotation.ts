import type { ManagedCredential } from '../credential/auth-json.ts'
import { isSame, isSameAccount, type Fingerprint } from '../credential/fingerprint.ts'
import { authFileChangedAt, observeAuthFile, type ObservedFile } from '../codex/codex-home.ts'
import type { KeeperJob } from './job.ts'
import { writeBackLatest } from './latest-write-back.ts'
import type { Retry } from './retry.ts'
import type { CurrentLogin, Standing } from './standing.ts'
import { standingAfter, type WriteBack } from './write-back.ts'

/** What letting Codex work with the login needs. */
export interface LoginRequest extends KeeperJob {
  readonly standing: Standing
  readonly retry: Retry
}

/** A login that Codex has rotated, and what became of the new one. */
export interface Rotation extends CurrentLogin {
  readonly writeBack: WriteBack
}

/** The credential that Codex has put in the place of the base, if it has. */
export async function rotatedCredential({ standing: { base }, codexHome, clock }: LoginRequest): Promise<ManagedCredential | undefined> {
  const file = await observeAuthFile(codexHome, clock)
  if (file.kind !== 'managed') return undefined
  const { fingerprint } = file.credential
  return isSame(fingerprint, base) || !isSameAccount(fingerprint, base) ? undefined : file.credential
}

/**
 * Writes back what Codex has rotated, if it has; where no store takes it, again as long as `retry` says.
 * @param tried a login that was tried for so long before: it is tried once more, without a wait
 */
export async function writeBackRotation(request: LoginRequest, tried?: Fingerprint): Promise<Rotation | undefined> {
  const { stores, clock, codexHome } = request
  let ownChange = await authFileChangedAt(codexHome)
  const first = await rotatedCredential(request)
  if (first === undefined) return undefined
  let credential = first
  request.onCredential(credential)
  const wasTried = tried !== undefined && isSame(credential.fingerprint, tried)
  const retry = wasTried ? { ...request.retry, lasting: 0 } : request.retry
  const observe = async (): Promise<ObservedFile> => {
    ownChange = await authFileChangedAt(codexHome)
    const file = await observeAuthFile(codexHome, clock)
    if (file.kind === 'managed' && !isSame(file.credential.fingerprint, credential.fingerprint)) request.onCredential(file.credential)
    return file
  }
  const file = { kind: 'managed', credential } as const
  const { request: last, result } = await writeBackLatest({ stores, standing: request.standing, clock, file, observe, retry })
  if (last.file.kind === 'managed') ({ credential } = last.file)
  const seen = standingAfter(last.standing, result, credential.fingerprint)
  // Where no store took it, the old base stays, so that post still sees a rotated file and tries again.
  const next = result.verdict === 'lost' ? seen : { ...seen, base: credential.fingerprint }
  request.state.update({ standing: next, ownChange })
  return { credential, standing: next, writeBack: result }
}

/** Whether a store took the new login in this run. */
export function wasStored(rotation: Rotation | undefined): boolean {
  return rotation?.writeBack.results.some(({ outcome }) => outcome.kind === 'written') === true
}
