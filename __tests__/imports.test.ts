import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A file and those it imports, also lazily and also for their types alone. */
type Imports = ReadonlyMap<string, readonly string[]>

function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(/\b(?:from|import)\b\s*\(?\s*'(\.[^']+)'/g)].map(([, name = '']) => join(dirname(path), name))
}

/** The first circle that is found, as a path that ends where it begins; empty when there is none. */
function circle(imports: Imports): readonly string[] {
  const done = new Set<string>()
  const from = (file: string, way: readonly string[]): readonly string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file]
    if (done.has(file)) return []
    const found = (imports.get(file) ?? []).map((next) => from(next, [...way, file])).find(({ length }) => length > 0)
    done.add(file)
    return found ?? []
  }
  return [...imports.keys()].map((file) => from(file, [])).find(({ length }) => length > 0) ?? []
}

describe('imports of src/', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('src', name))
  const imports: Imports = new Map(files.map((path) => [path, importsOf(path, readFileSync(join(root, path), 'utf8'))]))

  test('go to files that are there', () => {
    const own = [...imports.values()].flat().filter((name) => !name.startsWith('node_modules/'))
    expect(own.length).toBeGreaterThan(files.length)
    expect(own.filter((name) => !files.includes(name))).toEqual([])
  })

  test('do not go from the command line to the action, or from what both stand on to one of them', () => {
    const folderOf = (path: string): string => path.split('/')[1] ?? ''
    const wrong = [...imports].flatMap(([path, others]) =>
      others
        .filter((other) => ['action', 'cli'].includes(folderOf(other)) && folderOf(other) !== folderOf(path))
        .map((other) => `${path} imports ${other}`),
    )
    expect(wrong).toEqual([])
  })

  test('make no circle, not even of types or of what is loaded lazily', () => {
    expect(circle(imports)).toEqual([])
  })

  test('would be seen to make one', () => {
    const three = {
      'src/a.ts': "import { b } from './b.ts'",
      'src/b.ts': "import type { C } from './c/c.ts'",
      'src/c/c.ts': "export const b = (): Promise<unknown> => import('../b.ts')",
    }
    const made = new Map(Object.entries(three).map(([path, text]) => [path, importsOf(path, text)]))
    expect(circle(made)).toEqual(['src/b.ts', 'src/c/c.ts', 'src/b.ts'])
    made.set('src/c/c.ts', [])
    expect(circle(made)).toEqual([])
  })
})
