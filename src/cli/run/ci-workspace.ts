import { pathOutside } from '../../paths.ts'
import type { CliContext } from '../context.ts'

/** The folder in which the CI works, and in which a job may write; undefined where no CI says so. */
export function ciWorkspace(env: Readonly<Record<string, string>>): string | undefined {
  return env['CI_PROJECT_DIR'] ?? env['WORKSPACE'] ?? env['GITHUB_WORKSPACE']
}

/** The context as the keeper's own programs have it: git, ssh and Codex do not come from a place that the job may write to. */
export function outsideWorkspace(context: CliContext): CliContext {
  const { environment } = context
  const { shared } = environment
  const path = pathOutside(shared['PATH'] ?? '', ciWorkspace(shared))
  return { ...context, environment: { ...environment, shared: { ...shared, PATH: path } } }
}
