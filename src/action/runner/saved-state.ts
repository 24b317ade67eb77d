import * as core from './runner-commands.ts'
import { createHmac } from 'node:crypto'
import * as z from 'zod/mini'

const issued = z.object({
  iat: z.exactOptional(z.number()),
  exp: z.exactOptional(z.number()),
  lastRefresh: z.string(),
  impossible: z.exactOptional(z.readonly(z.array(z.enum(['iat', 'exp', 'lastRefresh'])))),
})
export const fingerprint = z.object({
  refreshToken: z.string(),
  accessToken: z.string(),
  account: z.string(),
  user: z.exactOptional(z.string()),
  issued,
})
const copy = z.union([z.enum(['none', 'unreadable']), fingerprint])
const standing = z.object({
  base: fingerprint,
  seed: z.exactOptional(fingerprint),
  lastSeen: z.record(z.string(), z.object({ base: fingerprint, copy })),
  ours: z.exactOptional(z.readonly(z.array(fingerprint))),
})
const savedState = z.object({
  codexHome: z.string(),
  /** False when the file was there before and is not ours to remove. */
  installed: z.boolean(),
  /** Milliseconds since 1970 of the last change of the file that was our own. */
  ownChange: z.optional(z.number()),
  /** How the login stands; stores by their line of the `store` input. */
  standing,
  /** A Codex process of ours that may be in the middle of an exchange. */
  codexProcess: z.optional(z.number()),
  /** The directory in which post meets the process that writes through. */
  writeThrough: z.optional(z.string()),
  /** The code of the error that the restoring stage ended with: it has told people what is wrong. */
  failedWith: z.optional(z.string()),
  /** When the restoring stage began, milliseconds since 1970. */
  began: z.exactOptional(z.number()),
  /** The inputs store and slot as restore read them: a later step can change what an expression in them gives. */
  stores: z.string(),
  slot: z.string(),
  /** Digest of the key that restore seals with: a later step can change what an expression in encryption-key gives. */
  sealedFor: z.exactOptional(z.string()),
  /** The input retry-for as restore read it, in seconds. */
  retryFor: z.number(),
  /** What the stores themselves hand over, by their line. */
  handovers: z.record(z.string(), z.unknown()),
  /** Programs by name, as absolute paths. */
  tools: z.record(z.string(), z.string()),
  environment: z.object({
    path: z.exactOptional(z.string()),
    home: z.exactOptional(z.string()),
    values: z.record(z.string(), z.string()),
    salt: z.string(),
    hashes: z.record(z.string(), z.string()),
  }),
  defaultBranch: z.exactOptional(z.string()),
})

/** What restore leaves for post: decisions, digests and paths, never a secret. */
export type SavedState = z.infer<typeof savedState>

const key = 'restored'

const signatureKey = 'restored-signature'

/**
 * Saves the state for the stages to come; the last call of a stage wins. Whatever is not part of it is left out, so that no
 * secret slips in with a larger value.
 * @throws an error when a part is missing
 */
export function saveState(state: Partial<SavedState>): void {
  const text = JSON.stringify(savedState.parse(state))
  core.saveState(key, text)
  core.saveState(signatureKey, signatureOf(text))
}

/**
 * What pre has restored, for main. Where pre never ran, a step before main could forge a state through GITHUB_ENV; the
 * signature is made with the token that the runner gives to actions and not to steps. Post does not check it: there the
 * runner's own values win over a step's, and a failed check would lose a login.
 */
export function loadStateOfPre(): SavedState | undefined {
  return core.getState(signatureKey) === signatureOf(core.getState(key)) ? loadState() : undefined
}

function signatureOf(text: string): string {
  return createHmac('sha256', process.env['ACTIONS_RUNTIME_TOKEN'] ?? '')
    .update(text)
    .digest('hex')
}

/**
 * Reserves the name of the state at the start of a stage, so that no later step can forge one through GITHUB_ENV when
 * the restore failed before it saved one.
 */
export function reserveState(): void {
  core.saveState(key, '')
}

/** The state of an earlier stage; undefined when no stage has installed anything. */
export function loadState(): SavedState | undefined {
  const text = core.getState(key)
  return text === '' ? undefined : savedState.parse(JSON.parse(text))
}
