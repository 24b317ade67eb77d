import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export interface ActionManifest {
  readonly dir: string
  readonly name: string
  readonly using: string
  readonly inputs: Readonly<Record<string, { readonly default: string | undefined }>>
  readonly main: string
  readonly pre: { readonly script: string; readonly condition: string } | undefined
  readonly post: { readonly script: string; readonly condition: string } | undefined
}

interface RawManifest {
  name?: string
  inputs?: Record<string, { default?: string | number | boolean } | null> | null
  runs?: Record<string, string>
}

/**
 * Reads `action.yml` (or `action.yaml`) of a JavaScript action as the runner does.
 * Throws where the job's set-up would fail: no manifest, no main, a runtime the runner does not know.
 */
export function readManifest(dir: string): ActionManifest {
  const path = ['action.yml', 'action.yaml'].map((name) => join(dir, name)).find((candidate) => existsSync(candidate))
  if (path === undefined) throw new Error(`Can't find 'action.yml' or 'action.yaml' under '${dir}'.`)
  const raw = parsed(readFileSync(path, 'utf8'))
  const { using = '', main = '', pre, post, 'pre-if': preIf, 'post-if': postIf } = raw.runs ?? {}
  if (using !== 'node24' && using !== 'node20') throw new Error(`'using: ${using}' is not supported here, use 'node24'.`)
  if (main === '') throw new Error(`Entry javascript file is not provided in '${path}'.`)
  return {
    dir,
    using,
    main,
    name: raw.name ?? '',
    inputs: Object.fromEntries(
      Object.entries(raw.inputs ?? {}).map(([name, input]) => [
        name,
        { default: input?.default === undefined ? undefined : String(input.default) },
      ]),
    ),
    pre: pre === undefined ? undefined : { script: pre, condition: preIf ?? 'always()' },
    post: post === undefined ? undefined : { script: post, condition: postIf ?? 'always()' },
  }
}

/** By their text, because most jobs use the same action, at each of its stages. */
const known = new Map<string, RawManifest>()

function parsed(text: string): RawManifest {
  const manifest = known.get(text) ?? (parse(text) as RawManifest)
  known.set(text, manifest)
  return manifest
}
