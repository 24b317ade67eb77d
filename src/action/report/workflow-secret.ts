import { join, resolve } from 'node:path'
import { isInside } from '../../paths.ts'
import { readPlainFile } from '../../plain-file.ts'

/** A workflow is a few kilobytes. Bytes. */
const largestWorkflow = 256 * 1024

/**
 * The name of the secret that the workflow passes as auth-json, by its file in the workspace, where the job has checked it out.
 * Only for people to read: before the steps of the job have run, the file is what the repository has.
 * @returns undefined where the file is not there, or names no such secret, or more than one
 */
export async function workflowSecret(
  { GITHUB_WORKFLOW_REF: ref = '', GITHUB_REPOSITORY: repository = '' }: Readonly<Record<string, string | undefined>>,
  workspace: string | undefined,
): Promise<string | undefined> {
  const path = ref.startsWith(`${repository}/`) ? ref.slice(repository.length + 1).split('@', 1)[0] : undefined
  if (workspace === undefined || path === undefined) return undefined
  const file = resolve(join(workspace, path))
  if (!isInside(file, workspace)) return undefined
  const text = await readPlainFile(file, largestWorkflow).catch(() => new Uint8Array())
  const found = Buffer.from(text)
    .toString('utf8')
    .matchAll(/\bauth-json:\s*["']?\$\{\{\s*secrets\.([A-Za-z_]\w{0,199})\s*\}\}/g)
  const names = new Set([...found].map(([, name = '']) => name))
  return names.size === 1 ? [...names][0] : undefined
}
