import { dirname, join } from 'node:path'
import { isInside } from '../../paths.ts'
import type { Judged, StoreLine } from '../store-line.ts'
import type { RunnerStoreOptions } from './runner-store.ts'

/** Judges a line `runner` or `runner: /path`. */
export function judgeRunner({ name, address, given, run }: StoreLine): Judged<RunnerStoreOptions> {
  if (address !== undefined && !address.startsWith('/')) {
    return { kind: 'problems', problems: [`store: "${name}" needs an absolute path.`] }
  }
  const directory = join(address ?? join(run.home, '.codex-auth-keeper'), given.slot)
  const forgotten = whyForgotten(directory, run.env)
  if (forgotten !== undefined) {
    return {
      kind: 'problems',
      problems: [
        `store: "${name}" cannot keep anything here: ${forgotten}. ` +
          'Use the store git (or another one that is not on this machine), or run the job on a self-hosted runner outside containers.',
      ],
    }
  }
  return { kind: 'settings', settings: { name, directory, mustExist: address } }
}

/**
 * Why this machine forgets the directory when the job is over, by the runner's own marks; undefined when it keeps it.
 * `/.dockerenv` says nothing: a runner that itself lives in a long-lived container keeps its files.
 */
export function whyForgotten(directory: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env['RUNNER_ENVIRONMENT'] === 'github-hosted') return 'a GitHub-hosted runner is deleted after the job'
  if (env['HOME'] === '/github/home' || env['GITHUB_WORKSPACE']?.startsWith('/__w/')) {
    return 'a job container is deleted after the job'
  }
  const { RUNNER_TEMP: temp, RUNNER_WORKSPACE: repositoryFolder } = env
  if (temp && isInside(directory, temp)) return 'RUNNER_TEMP is emptied before and after each job'
  if (repositoryFolder && isInside(directory, dirname(repositoryFolder))) return "the runner's work folder is cleaned between jobs"
  return undefined
}
