import { readdir, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { readPlainFile } from '../../plain-file.ts'
import type { Finding } from './finding.ts'
import type { Workflow } from './workflows/workflow.ts'

/** GitHub takes no workflow that is larger. Bytes. */
const largestWorkflow = 1024 * 1024

/** What the workflows of the clone show that use the keeper; nothing where none does. */
export async function workflowFindings(cwd: string): Promise<Finding[]> {
  const workflows = await workflowsOfClone(cwd)
  if (workflows.length === 0) return []
  const { checkWorkflows } = await import('./workflows/check-workflows.ts')
  return checkWorkflows(workflows)
}

/**
 * The workflows of the clone that a folder is in; none outside of a clone. What is no workflow is left out. Nothing in them is followed:
 * what they name is asked only where the person names it too.
 */
async function workflowsOfClone(cwd: string): Promise<Workflow[]> {
  const clone = await cloneOf(cwd)
  if (clone === undefined) return []
  const folder = join(clone, '.github', 'workflows')
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.ya?ml$/.test(name)).sort()
  if (names.length === 0) return []
  const { parseWorkflow } = await import('./workflows/workflow.ts')
  const found = names.map(async (name) => {
    const path = join(folder, name)
    const bytes = await readPlainFile(path, largestWorkflow).catch(() => undefined)
    return bytes === undefined ? undefined : parseWorkflow(Buffer.from(bytes).toString('utf8'), relative(clone, path))
  })
  return (await Promise.all(found)).filter((workflow) => workflow !== undefined)
}

async function cloneOf(folder: string): Promise<string | undefined> {
  const isClone = await stat(join(folder, '.git')).then(
    () => true,
    () => false,
  )
  if (isClone) return folder
  const above = dirname(folder)
  return above === folder ? undefined : cloneOf(above)
}
