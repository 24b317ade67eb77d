import { describe, expect, test } from '@jest/globals'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface TestFile {
  readonly path: string
}
interface Sequencer {
  shard(tests: readonly TestFile[], part: { readonly shardIndex: number; readonly shardCount: number }): TestFile[]
}
const { default: LongestFirst, longest } = (await import(new URL('../scripts/longest-first.mjs', import.meta.url).href)) as {
  default: new () => Sequencer
  longest: readonly string[]
}

const folder = fileURLToPath(new URL('.', import.meta.url))
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'))
const tests = files.map((name) => ({ path: `${folder}${name}` }))
const parts = (shardCount: number): string[][] =>
  Array.from({ length: shardCount }, (_, index) =>
    new LongestFirst().shard(tests, { shardIndex: index + 1, shardCount }).map(({ path }) => path),
  )

test('each file that is said to take long is there', () => {
  expect(longest.filter((name) => !files.includes(`${name}.test.ts`))).toEqual([])
})

describe('the parts for machines that share the tests', () => {
  test.each([1, 2, 3, 5])('%d of them have each file once', (count) => {
    expect(parts(count).flat().sort()).toEqual(tests.map(({ path }) => path).sort())
  })

  test('have as many files each, and as many of those that take long', () => {
    const isLong = (path: string): boolean => longest.some((name) => path.endsWith(`/${name}.test.ts`))
    for (const sizes of [parts(3).map((part) => part.length), parts(3).map((part) => part.filter(isLong).length)]) {
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    }
  })

  test('are the same whatever the order in which the files were found', () => {
    const found = (from: typeof tests): string[] => new LongestFirst().shard(from, { shardIndex: 2, shardCount: 3 }).map(({ path }) => path)
    expect(found([...tests].reverse())).toEqual(found(tests))
  })
})
