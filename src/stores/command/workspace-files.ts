import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { isInside } from '../../paths.ts'

/**
 * What a command names of the workspace, as it stands there: post hands the login to the command, after the steps of the
 * job, and what the model runs may write in the workspace. It looks at words and is not a shell: whoever hides a name finds a way.
 * @param command the text of read-command or write-command
 * @param workspace absolute
 */
export function workspaceFilesIn(command: string, workspace: string): string[] {
  const words = command.split(/[\s"'`;|&()<>]+/).filter((word) => word !== '')
  return [...new Set(words.filter((word) => isOfWorkspace(word.replace(/^[\w-]+=/, ''), workspace)))]
}

function isOfWorkspace(word: string, workspace: string): boolean {
  const named = word.replace(/^\$(GITHUB_WORKSPACE\b|\{GITHUB_WORKSPACE\})/, workspace)
  if (named.startsWith('/')) return isInside(resolve(named), workspace)
  // A bare name is looked up in PATH, unless an interpreter is to read it, which a name with a suffix shows.
  return /\/|[^.]\.\w/.test(named) && existsSync(resolve(workspace, named)) && statSync(resolve(workspace, named)).isFile()
}
