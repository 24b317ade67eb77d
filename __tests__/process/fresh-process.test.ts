import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'

const script = fileURLToPath(new URL('../support/runs-afresh.ts', import.meta.url))

test.each([
  ['exit 0', 0],
  ['exit 7', 7],
  ['be killed', 1],
])('a process that runs its script afresh shows what that prints and ends as it does: %s', (order, code) => {
  const { status, stdout } = spawnSync(process.execPath, [script, order], { encoding: 'utf8', env: {} })
  expect([status, stdout]).toEqual([code, expect.stringMatching(/^the second process$/m)])
})
