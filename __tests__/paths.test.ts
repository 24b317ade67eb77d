import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isInside, pathOutside, realPlace } from '../src/paths.ts'

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

describe('on a disk', () => {
  let root: string
  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'paths-')))
    mkdirSync(join(root, 'work', 'bin'), { recursive: true })
    mkdirSync(join(root, 'tools'))
    symlinkSync('work/bin', join(root, 'link'))
    symlinkSync('work/not/there', join(root, 'dangling'))
    symlinkSync('dangling', join(root, 'twice'))
    symlinkSync('round', join(root, 'round'))
    symlinkSync('../tools', join(root, 'work', 'out'))
  })
  afterAll(() => {
    rmSync(root, { recursive: true })
  })

  test.each([
    ['work/bin', 'work/bin'],
    ['link', 'work/bin'],
    ['link/new/file', 'work/bin/new/file'],
    ['dangling', 'work/not/there'],
    ['twice/x', 'work/not/there/x'],
    ['work/out/x', 'tools/x'],
  ])('%s leads to %s', (path, place) => {
    expect(realPlace(join(root, path))).toBe(join(root, place))
  })

  test('a link to itself leads nowhere, and nobody follows it for ever', () => {
    expect(realPlace(join(root, 'round'))).toBe(join(root, 'round'))
  })

  test('a PATH without what leads into a folder, by name or by a link, and without relative entries', () => {
    const inside = ['work', 'work/bin', 'link', 'dangling', 'work/out', 'work/new/bin'].map((path) => join(root, path))
    const path = ['.', '', 'node_modules/.bin', join(root, 'tools'), ...inside, '/usr/bin', join(root, 'workshop')].join(':')
    expect(pathOutside(path, join(root, 'work'))).toBe([join(root, 'tools'), '/usr/bin', join(root, 'workshop')].join(':'))
    expect(pathOutside(path, join(root, 'work', '..', 'work', '.'))).toBe(pathOutside(path, join(root, 'work')))
    expect(pathOutside('/usr/bin:/bin:.', undefined)).toBe('/usr/bin:/bin')
  })
})
