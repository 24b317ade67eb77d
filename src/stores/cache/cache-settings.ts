import { judgeSealing, type Sealing } from '../sealed/judge-sealing.ts'
import type { Judged, StoreLine } from '../store-line.ts'
import type { CacheStoreSetup } from './cache-store.ts'

/** What the store cache is made of, except for the default branch: the event does not always say it. */
export type CacheSettings = Omit<CacheStoreSetup, 'defaultBranch'> & { readonly sealing: Sealing }

/** Judges the line `cache`. */
export function judgeCache(line: StoreLine): Judged<CacheSettings> {
  const { name, given, run } = line
  const sealing = judgeSealing(line, `cache slot=${given.slot}`)
  if (sealing.kind === 'problems') return sealing
  return {
    kind: 'settings',
    settings: { name, slot: given.slot, tempDir: run.tempDirectory, env: run.env, ref: run.ref, sealing: sealing.settings },
  }
}
