import { removeAuthFile, type ObservedFile } from '../codex/codex-home.ts'
import type { WriteBack } from './write-back.ts'

export interface CleanUpFacts {
  readonly inputs: { readonly stores: readonly { readonly kind: string }[] }
  readonly state: { readonly codexHome: string; readonly installed: boolean }
  readonly file: ObservedFile
  readonly result: WriteBack
  readonly isStill: boolean
}

/** The last copy is never deleted: only what restore put there goes, and only when a store is confirmed to hold it. */
export async function cleanUp({
  inputs,
  state,
  file,
  result: { confirmed },
  isStill,
}: CleanUpFacts): Promise<'removed' | 'stays' | 'not-ours'> {
  const machineKeepsIt = inputs.stores.some(({ kind }) => kind === 'runner')
  if (machineKeepsIt || !state.installed || file.kind === 'missing') return 'not-ours'
  if (confirmed === undefined || !isStill) return 'stays'
  return (await removeAuthFile(state.codexHome, confirmed)) ? 'removed' : 'stays'
}
