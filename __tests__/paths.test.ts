import { expect, test } from '@jest/globals'
import { isInside } from '../src/paths.ts'

test.each([
  ['/home/ci', '/home/ci', true],
  ['/home/ci/', '/home/ci', true],
  ['/home/ci/.codex', '/home/ci', true],
  ['/home/ci/a/b', '/home/ci/', true],
  ['/home/ci/..codex', '/home/ci', true],
  ['/home/ci/...', '/home/ci', true],
  ['/home/ci/a/../b', '/home/ci', true],
  ['/home/ci', '/', true],
  ['/', '/', true],
  ['/home', '/home/ci', false],
  ['/', '/home/ci', false],
  ['/home/other', '/home/ci', false],
  ['/home/cistern', '/home/ci', false],
  ['/home/c', '/home/ci', false],
  ['/home/ci/../other', '/home/ci', false],
  ['/other/home/ci', '/home/ci', false],
])('%s in %s: %s', (path, folder, expected) => {
  expect(isInside(path, folder)).toBe(expected)
})
