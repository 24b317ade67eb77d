import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** The programs that stores run, as absolute paths found before any later step could change PATH. */
export type ToolName = 'bash' | 'git' | 'ssh'
export type Tools = Readonly<Partial<Record<ToolName, string>>>

/** Looks the programs up in a PATH as a shell would; what is missing is left out. Relative entries are not searched. */
export function findTools(path: string): Tools {
  const names: ToolName[] = ['bash', 'git', 'ssh']
  const found = names.map((name) => [name, findTool(name, path)] as const)
  return Object.fromEntries(found.filter(([, file]) => file !== undefined))
}

/** Absolute path of one program in a PATH; undefined when it is in none of its directories. */
export function findTool(name: string, path: string): string | undefined {
  for (const directory of path.split(delimiter)) {
    const file = join(directory, name)
    if (isAbsolute(directory) && isExecutable(file)) return file
  }
  return undefined
}

/** Synchronous: a look at some names takes microseconds, and a trip through the thread pool for each many times that. */
function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
