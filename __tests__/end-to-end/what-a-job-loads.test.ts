import { expect, test } from '@jest/globals'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inJobWorld } from '../support/job-world.ts'
import { actionFolder } from '../support/keeper-workflow.ts'
import { storeNames } from '../support/store-places.ts'

/** What is worth a look: the store that each backend is, the signer of S3's requests, and the login by an id token. */
const marks =
  /^\/\/ (?:src\/stores\/([\w-]+)\/\1-store\.ts|node_modules\/(aws4fetch)\/.*|src\/github\/(id-token)\.ts|src\/stores\/sealed\/(sealed)-store\.ts)$/gm

const besides: Readonly<Record<string, readonly string[]>> = {
  git: ['sealed'],
  cache: ['sealed'],
  vault: ['id-token'],
  s3: ['aws4fetch', 'id-token', 'sealed'],
}

test.each(storeNames)(
  'a job with the store %s loads that one, and nothing of the others',
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'loaded-'))
    try {
      await inJobWorld(name, async ({ place, openai, machine, run }) => {
        const login = openai.login({ expiresIn: 864_000 })
        place.seed(login.text)
        await place.put(login.bytes)
        // Node notes there which scripts each process has loaded.
        const job = await run(machine('none'), {}, [], { env: { NODE_V8_COVERAGE: folder } })
        expect(job.conclusion).toBe('success')
      })
      expect(backendsIn(folder)).toEqual([name, ...(besides[name] ?? [])].sort())
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
  60_000,
)

/** What the stages have loaded, main and post together. */
function backendsIn(folder: string): string[] {
  const scripts = readdirSync(folder).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: readonly { readonly url: string }[] }
    return result.map(({ url }) => url).filter((url) => url.startsWith('file:'))
  })
  const loaded = [...new Set(scripts.map((url) => fileURLToPath(url)))].filter((file) => file.startsWith(join(actionFolder, 'dist')))
  expect(loaded.map((file) => file.slice(join(actionFolder, 'dist/').length))).toEqual(expect.arrayContaining(['main.js', 'post.js']))
  const found = loaded.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(marks)].map((groups) => groups.slice(1).find(Boolean) ?? ''),
  )
  return [...new Set(found)].sort()
}
