import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'

/** The programs that stores run, as absolute paths found before any later step could change PATH. */
export type ToolName = 'bash' | 'git' | 'ssh'
export type Tools = Readonly<Partial<Record<ToolName, string>>>

/** Looks the programs up in a PATH as a shell would; what is missing is left out. Relative entries are not searched. */
export async function findTools(path: string): Promise<Tools> {
  const names: ToolName[] = ['bash', 'git', 'ssh']
  const found = await Promise.all(names.map(async (name) => [name, await findTool(name, path)] as const))
  return Object.fromEntries(found.filter(([, file]) => file !== undefined))
}

/** Absolute path of one program in a PATH; undefined when it is in none of its directories. */
export async function findTool(name: string, path: string): Promise<string | undefined> {
  for (const directory of path.split(delimiter)) {
    const file = join(directory, name)
    if (isAbsolute(directory) && await access(file, constants.X_OK).then(() => true, () => false)) return file
  }
  return undefined
}
