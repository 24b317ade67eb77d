import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { wrongUsage } from '../wrong-usage.ts'
import type { StoreKind } from './store-choice.ts'
import { codexWorkflow, keepFreshWorkflow, type WorkflowChoice } from './workflow-texts.ts'

/** A workflow that setup brings. */
export interface WorkflowFile {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
  readonly state: 'missing' | 'there' | 'other'
}

export const keepFreshFile = 'keep-codex-login-fresh.yml'

/** How the examples name the action; zeros until a release puts its commit there. */
const named = /[\w.-]+\/codex-auth-keeper@[0-9a-f]{40} # v\S+/g
const unreleased = `@${'0'.repeat(40)} `

/**
 * The workflows for a store, with the texts of examples/.
 * @param action `owner/name@commit` in place of what the examples say
 * @returns the one that uses the login, and the one that keeps it fresh
 * @throws KeeperError invalid-inputs where the examples name no version of the action and nobody else does
 */
export async function workflowTexts(
  kind: StoreKind,
  choice: WorkflowChoice,
  action: string | undefined,
): Promise<{ readonly codex: string; readonly keepFresh: string }> {
  const [example, fresh] = await Promise.all([
    exampleText(`${kind}.yml`, action),
    exampleText(kind === 'runner' ? 'keep-fresh-self-hosted.yml' : 'keep-fresh.yml', action),
  ])
  const codex = codexWorkflow(example, choice)
  // Those two have an example of their own.
  const isAsItIs = codex === example && (kind === 'git' || kind === 'runner')
  return { codex, keepFresh: isAsItIs ? fresh : keepFreshWorkflow(fresh, codex) }
}

async function exampleText(example: string, action: string | undefined): Promise<string> {
  // This code is in dist/cli, beside which the package has its examples.
  const given = await readFile(new URL(`../../examples/${example}`, import.meta.url), 'utf8')
  if (action === undefined && given.includes(unreleased)) {
    throw wrongUsage('Nobody has said which version of the action the workflows use.', 'Name it with --action owner/name@commit.')
  }
  return action === undefined ? given : given.replaceAll(named, action)
}

/** The workflows as files of the person's clone, and whether it has them. */
export function workflowFiles(root: string, { codex, keepFresh }: Awaited<ReturnType<typeof workflowTexts>>): Promise<WorkflowFile[]> {
  const named = [
    ['codex.yml', codex],
    [keepFreshFile, keepFresh],
  ] as const
  return Promise.all(
    named.map(async ([name, text]) => {
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
