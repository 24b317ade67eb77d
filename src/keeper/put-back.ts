import { authFileChangedAt } from '../codex/codex-home.ts'
import type { KeepReason } from '../credential/write-back-decision.ts'
import type { Standing } from './standing.ts'
import type { WriteBack } from './write-back.ts'

export interface PutBackFacts {
  readonly codexHome: string
  /** When the keeper itself last wrote `auth.json`, by the time of the file. Milliseconds since 1970. */
  readonly ownChange?: number | undefined
  readonly standing: Standing
}

/**
 * Whether somebody has written `auth.json` after the keeper and left in it what it held before: what Codex refreshed until then is gone
 * with it, unless write-through has seen it. It decides about a warning alone, for a time of a file proves nothing; to be asked before the
 * file is removed.
 */
export async function isPutBack({ codexHome, ownChange, standing: { ours = [] } }: PutBackFacts, { results }: WriteBack): Promise<boolean> {
  const changedAt = await authFileChangedAt(codexHome)
  const isRewritten = changedAt !== undefined && ownChange !== undefined && changedAt > ownChange
  return isRewritten && ours.length === 0 && results.every(({ outcome }) => outcome.kind === 'kept' && isAsBefore(outcome.reason))
}

function isAsBefore(reason: KeepReason): boolean {
  return reason === 'unchanged' || reason === 'is-seed'
}

/** @param when as in "in the middle of the job" */
export function putBackWords(when: string): string {
  return `auth.json was written ${when}, and holds what it held before. If Codex had refreshed the login by then, what it brought is gone, and a person has to log in again. Find what writes it and take it out; nothing but Codex may.`
}
