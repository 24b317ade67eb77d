import type { ManagedCredential } from '../credential/auth-json.ts'
import { isSame, isSameAccount } from '../credential/fingerprint.ts'
import { observeAuthFile } from '../codex/codex-home.ts'
import type { KeeperJob } from './job.ts'
import type { CurrentLogin, Standing } from './standing.ts'
import { standingAfter, writeBack, type WriteBack } from './write-back.ts'

/** What letting Codex work with the login needs. */
export interface LoginRequest extends KeeperJob {
  readonly standing: Standing
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

/** Writes back what Codex has rotated, if it has. */
export async function writeBackRotation(request: LoginRequest): Promise<Rotation | undefined> {
  const { stores, standing, clock } = request
  const credential = await rotatedCredential(request)
  if (credential === undefined) return undefined
  request.onCredential(credential)
  const result = await writeBack({ stores, standing, clock, file: { kind: 'managed', credential } })
  const seen = standingAfter(standing, result, credential.fingerprint)
  // Where no store took it, the old base stays, so that post still sees a rotated file and tries again.
  const next = result.verdict === 'lost' ? seen : { ...seen, base: credential.fingerprint }
  request.state.update({ standing: next })
  return { credential, standing: next, writeBack: result }
}

/** Whether a store took the new login in this run. */
export function wasStored(rotation: Rotation | undefined): boolean {
  return rotation?.writeBack.results.some(({ outcome }) => outcome.kind === 'written') === true
}
