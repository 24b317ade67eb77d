import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'

export interface SmallAction {
  readonly inputs?: Readonly<Record<string, { readonly default?: string }>>
  /** JavaScript (ESM) of each stage; a stage that is left out is not in `action.yml`. */
  readonly pre?: string
  readonly main?: string
  readonly post?: string
  readonly preIf?: string
  readonly postIf?: string
}

/** Writes a throw-away JavaScript action into a folder, made if need be, and returns the folder. */
export function writeAction(dir: string, action: SmallAction): string {
  mkdirSync(dir, { recursive: true })
  const runs: Record<string, string> = { using: 'node24', main: 'main.mjs' }
  writeFileSync(join(dir, 'main.mjs'), action.main ?? '')
  for (const stage of ['pre', 'post'] as const) {
    const source = action[stage]
    if (source === undefined) continue
    runs[stage] = `${stage}.mjs`
    writeFileSync(join(dir, `${stage}.mjs`), source)
  }
  if (action.preIf !== undefined) runs['pre-if'] = action.preIf
  if (action.postIf !== undefined) runs['post-if'] = action.postIf
  writeFileSync(join(dir, 'action.yml'), stringify({ name: 'small', inputs: action.inputs ?? {}, runs }))
  return dir
}
