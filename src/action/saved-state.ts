import * as core from '@actions/core'
import { z } from 'zod'

const issued = z.object({ iat: z.number().exactOptional(), exp: z.number().exactOptional(), lastRefresh: z.string() })
const fingerprint = z.object({
  refreshToken: z.string(), accessToken: z.string(), account: z.string(), user: z.string().exactOptional(), issued,
})
const copy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('unreadable') }),
  z.object({ kind: z.literal('held'), fingerprint }),
])
const savedState = z.object({
  codexHome: z.string(),
  /** False when the file was there before and is not ours to remove. */
  installed: z.boolean(),
  /** Milliseconds since 1970 of the last change of the file that was our own. */
  ownChange: z.number().exactOptional(),
  base: fingerprint,
  seed: fingerprint.exactOptional(),
  /** What is remembered of each store, by its line of the `store` input. */
  memories: z.record(z.string(), z.object({ base: fingerprint, copy })),
  /** A Codex process of ours that may be in the middle of an exchange. */
  codexProcess: z.number().exactOptional(),
  /** The inputs store and slot as restore read them: a later step can change what an expression in them gives. */
  stores: z.string(),
  slot: z.string(),
  /** What the stores themselves want to know again, by their line. */
  storeMemories: z.record(z.string(), z.unknown()),
  /** Programs by name, as absolute paths. */
  tools: z.record(z.string(), z.string()),
  environment: z.object({
    path: z.string().exactOptional(), home: z.string().exactOptional(), salt: z.string(), hashes: z.record(z.string(), z.string()),
  }),
  defaultBranch: z.string().exactOptional(),
})

/** What restore leaves for post: decisions, digests and paths, never a secret. */
export type SavedState = z.infer<typeof savedState>

const key = 'restored'

/** Saves the state for the stages to come; the last call of a stage wins. */
export function saveState(state: SavedState): void {
  core.saveState(key, JSON.stringify(state))
}

/**
 * Takes the name of the state at the start of a stage, so that no later step can make one up through GITHUB_ENV where
 * restore never came so far.
 */
export function reserveState(): void {
  core.saveState(key, '')
}

/** The state of an earlier stage; undefined when no stage has installed anything. */
export function loadState(): SavedState | undefined {
  const text = core.getState(key)
  return text === '' ? undefined : savedState.parse(JSON.parse(text))
}
