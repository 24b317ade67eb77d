import { isSame, type Fingerprint } from '../credential/fingerprint.ts'
import { isRotated } from '../credential/write-back-decision.ts'
import { authFileStamp, type AuthFileChanges } from '../codex/auth-file-changes.ts'
import { observeAuthFile } from '../codex/codex-home.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../stores/store.ts'
import type { Standing } from './standing.ts'
import { standingAfter, writeBack } from './write-back.ts'

export interface WriteThroughRequest {
  readonly codexHome: string
  readonly stores: readonly Store[]
  /** How the login stands when main ends. */
  readonly standing: Standing
  readonly clock: Clock
  readonly changes: Pick<AuthFileChanges, 'next'>
  /** Whether somebody has asked for an end, or nobody is left who could. */
  readonly isOver: () => boolean
  /** Told of all that Codex has written so far, before a store is given the last of it and after. */
  readonly remember: (ours: readonly Fingerprint[]) => Promise<void>
}

/** Where changes are not reported, one is seen after this long. Milliseconds. */
const lookEvery = 1_000
/** A file that is missing for this long was removed; Codex never takes it away for longer than a moment. Milliseconds. */
const goneAfter = 10_000
/** Pauses before a store that has failed is tried again. Milliseconds. */
const firstPause = 5_000
const longestPause = 300_000

/**
 * Stays beside the job and writes each rotation as soon as Codex has written it, by the decision that post makes.
 * Returns when it is over, or when the login was removed. What it leaves undone, post does.
 */
export async function writeThrough({
  codexHome,
  stores,
  clock,
  changes,
  isOver,
  remember,
  ...request
}: WriteThroughRequest): Promise<void> {
  let { standing } = request
  let ours: readonly Fingerprint[] = []
  let lookedAt: string | undefined
  let lastThere = clock.now()
  let pause = firstPause
  let tryAgainAt = Infinity

  const write = async (): Promise<'done' | 'failed'> => {
    const file = await observeAuthFile(codexHome, clock).catch(() => undefined)
    if (file?.kind !== 'managed') return 'done'
    const { fingerprint } = file.credential
    if (!isRotated({ seed: standing.seed, base: standing.base, file: fingerprint })) return 'done'
    if (!ours.some((own) => isSame(own, fingerprint))) {
      ours = [...ours, fingerprint]
      standing = { ...standing, ours }
    }
    await remember(ours)
    const result = await writeBack({ stores, file, standing, clock })
    standing = standingAfter(standing, result, fingerprint)
    await remember(ours)
    return result.results.some(({ outcome }) => outcome.kind === 'failed') ? 'failed' : 'done'
  }

  const lookAt = async (stamp: string): Promise<void> => {
    const isNew = stamp !== lookedAt
    if (!isNew && clock.now() < tryAgainAt) return
    if (isNew) pause = firstPause
    lookedAt = stamp
    const isDone = (await write()) === 'done'
    tryAgainAt = isDone ? Infinity : clock.now() + pause
    pause = Math.min(pause * 2, longestPause)
  }

  while (!isOver()) {
    const stamp = await authFileStamp(codexHome)
    if (stamp !== undefined) {
      lastThere = clock.now()
      await lookAt(stamp)
    } else if (clock.now() - lastThere >= goneAfter) {
      return
    }
    if (!isOver()) await changes.next(lookEvery)
  }
}
