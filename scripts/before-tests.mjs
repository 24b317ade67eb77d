// Jest's global setup: what all tests take for granted is made here, once, and a folder that is theirs together.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import freshDist from './fresh-dist.mjs'

export default async function beforeTests(config) {
  freshDist(config)
  process.env['SHARED_BY_TESTS'] = mkdtempSync(join(tmpdir(), 'shared-by-tests-'))
  const { letCodexRunOnce } = await import('../__tests__/support/codex-that-ran.ts')
  await Promise.all([letCodexRunOnce('pinned'), letCodexRunOnce('older')])
}
