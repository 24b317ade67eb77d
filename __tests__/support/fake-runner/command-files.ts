import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const kinds = { env: 'set_env', path: 'add_path', output: 'set_output', state: 'save_state', summary: 'step_summary' }
const contextNames = { env: 'env', path: 'path', output: 'output', state: 'state', summary: 'step_summary' }

export type CommandFile = keyof typeof kinds

/** The five files through which one stage of a step speaks to the runner, fresh for every stage. */
export interface CommandFiles {
  /** For the `github` context and, as `GITHUB_<NAME>`, the environment. */
  readonly contexts: Readonly<Record<string, string>>
  /** What is in a file now; empty when the step has removed it. */
  text(file: CommandFile): string
  remove(): void
}

export function createCommandFiles(temp: string): CommandFiles {
  const folder = join(temp, '_runner_file_commands')
  mkdirSync(folder, { recursive: true })
  const suffix = randomUUID()
  const path = (file: CommandFile): string => join(folder, `${kinds[file]}_${suffix}`)
  const all = Object.keys(kinds) as CommandFile[]
  for (const file of all) writeFileSync(path(file), '')
  return {
    contexts: Object.fromEntries(all.map((file) => [contextNames[file], path(file)])),
    text: (file) => readIfThere(path(file)),
    remove: () => {
      for (const file of all) rmSync(path(file), { force: true })
    },
  }
}

/**
 * The pairs of a command file, `NAME=value` or a heredoc, in order of appearance; a name may come twice.
 * Throws the runner's own message for a line it cannot read, so that the step fails.
 */
export function parsePairs(text: string): [name: string, value: string][] {
  const pairs: [string, string][] = []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      if (equals === 0) throw new Error(`Invalid format '${line}'. Name must not be empty`)
      pairs.push([line.slice(0, equals), line.slice(equals + 1)])
    } else if (heredoc >= 0) {
      const [name, delimiter] = [line.slice(0, heredoc), line.slice(heredoc + 2)]
      if (name === '' || delimiter === '') {
        throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`)
      }
      const end = lines.indexOf(delimiter, at + 1)
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`)
      pairs.push([name, lines.slice(at + 1, end).join('\n')])
      at = end
    } else throw new Error(`Invalid format '${line}'`)
  }
  return pairs
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
