import { dirname } from 'node:path/posix'
import type { Clock } from '../../clock.ts'
import { failureWords } from '../../codex/failure.ts'
import { removeAuthFile } from '../../codex/codex-home.ts'
import type { ManagedCredential } from '../../credential/auth-json.ts'
import { accountHash, compareAge, isSame, isSameAccount, type Fingerprint } from '../../credential/fingerprint.ts'
import type { CopyState } from '../../credential/write-back-decision.ts'
import { bringToMachine } from '../../keeper/bring-to-machine.ts'
import { KeeperError } from '../../keeper-error.ts'
import { look } from '../../keeper/store-access.ts'
import { writeBack } from '../../keeper/write-back.ts'
import type { Store } from '../../stores/store.ts'
import type { Interrupts } from '../interrupts.ts'
import type { HostCodex, HostProof } from './host-codex.ts'

/** What becomes of this machine's own login: it stays (`copy`), it is given up after the proof (`move`), or another one was made (`login`). */
export type Way = 'login' | 'move' | 'copy'

export interface DeployRequest {
  /** `user@host`, for what is said. */
  readonly who: string
  readonly way: Way
  readonly credential: ManagedCredential
  readonly codexHome: string
  /** The file that Codex reads on the host. */
  readonly store: Store
  readonly file: string
  readonly host: HostCodex
  readonly clock: Clock
  readonly interrupts: Interrupts
  readonly say: (text: string) => void
  /** Called when the host is known to hold the login. */
  readonly onArrived: () => Promise<void>
}

/**
 * Puts a login on a host, has Codex prove it there, and gives up this machine's copy if it was to be moved. The host's own login is never
 * replaced by an older one or by another account's; what a failure leaves is a host as it was, or one that holds the whole login.
 * @throws KeeperError two-accounts, store-superseded or a code of the store, with nothing written; needs-reseed where OpenAI refuses
 *   the login; codex-failed where it could not be proved
 */
export async function deployLogin(request: DeployRequest): Promise<void> {
  const { credential, host, file, who, say, interrupts, onArrived, way } = request
  const copy = await copyThere(request)
  await host.makeFolder(dirname(file))
  const takeBack = async (): Promise<HostAfter> => {
    if (copy !== 'none' || way === 'login') return 'as-it-should-be'
    return (await host.remove(file, credential.bytes)) ? 'as-it-should-be' : 'refreshed'
  }
  const forgetTakingBack = interrupts.onInterrupt(async () => {
    await takeBack()
  })
  const arrived = await put(request, copy)
    .catch(async (error: unknown) => {
      await takeBack().catch(() => undefined)
      throw error
    })
    .finally(forgetTakingBack)
  await onArrived()
  say(arrived === 'written' ? `Put on ${who}: ${file.replace(/^\/~/, '~')}` : `${who} holds this login already.`)

  const forgetSaying = interrupts.onInterrupt(() => {
    say(`The login is on ${who}, and Codex there was at work with it. "codex-auth-keeper sync" tells which copy is the newest.`)
  })
  const proof = await host.prove(dirname(file)).finally(forgetSaying)
  const refusal = refusalOf(proof, who)
  if (refusal !== undefined) {
    const after = proof.kind === 'left-running' ? 'as-it-should-be' : await takeBack().catch(() => 'unknown' as const)
    throw withCopies(request, refusal, after)
  }
  say(proof.kind === 'failed' ? `OpenAI accepts the login on ${who}; its usage limit is reached.` : `Codex on ${who} has answered with it.`)
  await settleThisMachine(request)
}

/** What the host holds, where it may be replaced. */
async function copyThere({ store, credential, who, clock, way }: DeployRequest): Promise<CopyState> {
  const seen = await look(store, clock)
  if (seen.kind === 'unreadable') throw seen.error
  if (seen.kind === 'none') return 'none'
  const { fingerprint: there } = seen.credential
  const { fingerprint: ours } = credential
  if (!isSameAccount(there, ours)) {
    throw new KeeperError(
      'two-accounts',
      `${who} holds the login of another account (${accountHash(there)}; this one is ${accountHash(ours)}). Nothing was written.`,
      'Log out there first (codex logout), if that login is not needed any more.',
    )
  }
  if (!isSame(there, ours) && compareAge(ours, there) !== 'newer') {
    throw new KeeperError(
      'store-superseded',
      `${who} holds a login of this account that is ${compareAge(there, ours) === 'newer' ? 'newer' : 'of the same moment'}. Nothing was written.`,
      way === 'login' ? 'Try again.' : 'Bring it here with "codex-auth-keeper sync", or make a new one for that host with --login.',
    )
  }
  return there
}

async function put({ store, credential, who, clock }: DeployRequest, copy: CopyState): Promise<'written' | 'unchanged'> {
  const { fingerprint: base } = credential
  const standing = { base, lastSeen: { [store.name]: { base, copy } } }
  const { results } = await writeBack({ stores: [store], file: { kind: 'managed', credential }, standing, clock })
  const outcome = results[0]?.outcome
  if (outcome?.kind === 'written') return 'written'
  if (outcome?.kind === 'kept' && outcome.reason === 'unchanged') {
    await store.publish?.()
    return 'unchanged'
  }
  if (outcome?.kind === 'failed') throw outcome.error
  throw new KeeperError('store-superseded', `${who} was given another login meanwhile. Nothing was written.`, 'Run this again.')
}

/** Why the login does not count as proved. A login whose usage limit is reached has been accepted. */
function refusalOf(proof: HostProof, who: string): KeeperError | undefined {
  if (proof.kind === 'passed' || (proof.kind === 'failed' && proof.failure === 'quota')) return undefined
  if (proof.kind === 'left-running') {
    return new KeeperError(
      'codex-failed',
      `Codex on ${who} has not answered within 45 seconds. It was left to end by itself, since it may be refreshing the login.`,
      'See whether OpenAI can be reached from there; then run this again.',
    )
  }
  if (proof.failure === undefined) {
    return new KeeperError(
      'codex-failed',
      `The proof failed: "codex exec" on ${who} ended with an error that says nothing about the login.`,
      'Run "codex exec --skip-git-repo-check \'Reply exactly: OK\'" there and read what it says.',
    )
  }
  const { cause, needsPerson } = failureWords[proof.failure]
  const wayOut = needsPerson ? 'Log in again: codex-auth-keeper deploy HOST --login.' : 'Run this again when that has passed.'
  return new KeeperError(needsPerson ? 'needs-reseed' : 'codex-failed', `The proof on ${who} failed. ${cause}`, wayOut)
}

/** What a host is after a failure: as it was or with a login that is to stay, with one that Codex has refreshed, or out of reach. */
type HostAfter = 'as-it-should-be' | 'refreshed' | 'unknown'

/** The same refusal, with what became of the copies. */
function withCopies({ who, way }: DeployRequest, { code, message, remedy }: KeeperError, after: HostAfter): KeeperError {
  const here = way === 'login' ? '' : " This machine's copy stays."
  switch (after) {
    case 'as-it-should-be':
      return new KeeperError(code, message + here, remedy)
    case 'refreshed':
      return new KeeperError(
        code,
        `${message}${here} Codex on ${who} has refreshed the login meanwhile, so the copy there is the newest now and stays too.`,
        `${remedy} "codex-auth-keeper sync" brings the newest here.`,
      )
    case 'unknown':
      return new KeeperError(code, `${message}${here} The one on ${who} could not be taken away again.`, remedy)
  }
}

/** After the proof: a login that was moved is given up here, and one that was copied becomes what the proof has made of it. */
async function settleThisMachine(request: DeployRequest): Promise<void> {
  const { store, clock, codexHome, credential, way, who, say } = request
  if (way === 'login') return
  const seen = await look(store, clock)
  const there = seen.kind === 'held' && goesOnFrom(seen.credential.fingerprint, credential.fingerprint) ? seen.credential : undefined
  if (there === undefined) {
    throw new KeeperError(
      'codex-failed',
      `${who} does not hold the login any more that was proved there. This machine's copy stays.`,
      'See what has replaced it there, and run this again.',
    )
  }
  if (way === 'move') {
    if (await removeAuthFile(codexHome, credential.bytes)) {
      say("This machine's copy is gone.")
      return
    }
    throw new KeeperError(
      'codex-failed',
      'Codex on this machine has written another login meanwhile, so it was not removed.',
      'Let no Codex work here during the move, and run "codex-auth-keeper sync" first.',
    )
  }
  if (isSame(there.fingerprint, credential.fingerprint)) return
  const outcome = await bringToMachine({ codexHome, clock, dryRun: false, credential: there, seen: { kind: 'managed', credential } })
  if (outcome.kind === 'failed') throw outcome.error
  say(`Codex on ${who} has refreshed the login during the proof; this machine holds the new one too.`)
}

function goesOnFrom(there: Fingerprint, ours: Fingerprint): boolean {
  return isSameAccount(there, ours) && (isSame(there, ours) || compareAge(there, ours) !== 'older')
}
