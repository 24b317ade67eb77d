import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { wrongUsage } from '../wrong-usage.ts'

/** Where the jobs run decides where the login rests: on the machine, or sealed in the repository. */
export type RunnerKind = 'github-hosted' | 'self-hosted'

/** A workflow that setup brings. */
export interface WorkflowFile {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
  readonly state: 'missing' | 'there' | 'other'
}

export const keepFreshFile = 'keep-codex-login-fresh.yml'

const examples: Readonly<Record<RunnerKind, readonly (readonly [path: string, example: string])[]>> = {
  'github-hosted': [
    ['codex.yml', 'git.yml'],
    [keepFreshFile, 'keep-fresh.yml'],
  ],
  'self-hosted': [
    ['codex.yml', 'runner.yml'],
    [keepFreshFile, 'keep-fresh-self-hosted.yml'],
  ],
}

/** How the examples name the action; zeros until a release puts its commit there. */
const named = /[\w.-]+\/codex-auth-keeper@[0-9a-f]{40} # v\S+/g
const unreleased = `@${'0'.repeat(40)} `

/**
 * The workflows for a kind of runner, with the texts of examples/, and whether the clone has them.
 * @param action `owner/name@commit` in place of what the examples say
 * @throws KeeperError invalid-inputs where the examples name no version of the action and nobody else does
 */
export async function workflowFiles(root: string, kind: RunnerKind, action: string | undefined): Promise<WorkflowFile[]> {
  return Promise.all(
    examples[kind].map(async ([name, example]) => {
      // This code is in dist/cli, beside which the package has its examples.
      const given = await readFile(new URL(`../../examples/${example}`, import.meta.url), 'utf8')
      if (action === undefined && given.includes(unreleased)) {
        throw wrongUsage('Nobody has said which version of the action the workflows use.', 'Name it with --action owner/name@commit.')
      }
      const text = action === undefined ? given : given.replaceAll(named, action)
      const path = join('.github', 'workflows', name)
      const present = await readFile(join(root, path), 'utf8').catch(() => undefined)
      return { path, text, state: present === undefined ? 'missing' : present === text ? 'there' : 'other' } as const
    }),
  )
}

/** Writes a workflow that is missing. */
export async function writeWorkflow(root: string, { path, text }: WorkflowFile): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text, { flag: 'wx' })
}
