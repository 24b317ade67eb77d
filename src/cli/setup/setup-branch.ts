import { join } from 'node:path'
import { KeeperError } from '../../keeper-error.ts'
import { runChild } from '../../process/child.ts'
import { stderrTail } from '../../process/stderr-tail.ts'
import { findTool } from '../../process/tools.ts'
import type { CliContext } from '../context.ts'
import { wrongUsage } from '../wrong-usage.ts'
import type { WorkflowFile } from './workflow-files.ts'

export const setupBranch = 'codex-auth-keeper-setup'

/** The clone that a person is in. */
export interface Clone {
  readonly root: string
  /** Whether origin has the branch of setup. */
  hasBranch(): Promise<boolean>
  /**
   * Puts files on top of a branch of origin and pushes that as the branch of setup; the person's own branch, index and files stay as they are.
   * @param tempDirectory for an index of this commit alone
   */
  pushBranch(base: string, files: readonly WorkflowFile[], message: string, tempDirectory: string): Promise<void>
}

/** @throws KeeperError invalid-inputs where the folder is in no clone */
export async function openClone({ cwd, environment, questions }: CliContext): Promise<Clone> {
  const tool = findTool('git', environment.shared['PATH'] ?? '')
  if (tool === undefined) throw wrongUsage('There is no git in PATH.', 'Install git.')
  // Without a terminal nobody could answer what git asks.
  const env = { ...environment.shared, ...(!questions.canAsk && { GIT_TERMINAL_PROMPT: '0' }) }
  const git = async (args: readonly string[], more: { stdin?: string; env?: Record<string, string> } = {}): Promise<string> => {
    const stdin = Buffer.from(more.stdin ?? '')
    const result = await runChild({ tool, args, env: { ...env, ...more.env }, cwd, stdin, timeoutMs: 120_000 })
    if (result.kind === 'exited' && result.exitCode === 0) return result.stdout.toString('utf8').trim()
    const why = result.kind === 'timed-out' ? 'it did not end in two minutes' : stderrTail(result.stderr)
    throw new KeeperError(
      'store-refused',
      `git ${args[0] ?? ''} failed: ${why}`,
      'See that you may push to origin from here, and run setup again.',
    )
  }
  const root = await git(['rev-parse', '--show-toplevel']).catch(() => undefined)
  if (root === undefined) throw wrongUsage(`${cwd} is in no clone of a repository.`, 'Run setup in a clone of the repository.')
  return {
    root,
    hasBranch: async () => (await git(['ls-remote', '--heads', 'origin', `refs/heads/${setupBranch}`])) !== '',
    pushBranch: async (base, files, message, tempDirectory) => {
      await git(['fetch', '--quiet', '--no-tags', 'origin', `refs/heads/${base}`])
      const parent = await git(['rev-parse', 'FETCH_HEAD'])
      const index = { env: { GIT_INDEX_FILE: join(tempDirectory, 'index') } }
      await git(['read-tree', parent], index)
      for (const { path, text } of files) {
        const blob = await git(['hash-object', '-w', '--stdin'], { stdin: text })
        await git(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], index)
      }
      const commit = await git(['commit-tree', await git(['write-tree'], index), '-p', parent, '-m', message])
      await git(['push', '--quiet', 'origin', `${commit}:refs/heads/${setupBranch}`])
    },
  }
}
