import { runChild } from '../process/child.ts'
import { findTool } from '../process/tools.ts'
import { codexEnvironment } from './codex-environment.ts'

/** The Codex CLI as this machine has it; undefined where there is none. */
export type InstalledCodex = { readonly path: string; /** undefined: it did not say. */ readonly version: string | undefined } | undefined

/** How long it may take to say which version it is. Milliseconds. */
const patience = 15_000

/**
 * Finds the Codex of a PATH and asks for its version, which asks nobody else. Never throws.
 * @param emptyHome a folder that it may take for CODEX_HOME meanwhile
 */
export async function findCodex(env: Readonly<Record<string, string>>, emptyHome: string): Promise<InstalledCodex> {
  const path = findTool('codex', env['PATH'] ?? '')
  if (path === undefined) return undefined
  const asked = { tool: path, args: ['--version'], env: codexEnvironment(env, emptyHome), cwd: emptyHome, timeoutMs: patience }
  const answer = await runChild(asked).catch(() => undefined)
  const said = answer?.kind === 'exited' && answer.exitCode === 0 ? answer.stdout.toString('utf8') : ''
  return { path, version: /\b(\d+\.\d+\.\d+(?:-[\w.]+)?)\b/.exec(said)?.[1] }
}
