import { expect, test } from '@jest/globals'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeStores, openStores } from '../../src/stores/open-stores.ts'
import { judgeStores } from '../../src/stores/store-settings.ts'
import { failure } from '../support/failure.ts'
import { someRun, someStoreInputs } from '../support/store-run.ts'

const env = { ACTIONS_CACHE_SERVICE_V2: 'true', ACTIONS_RESULTS_URL: 'http://127.0.0.1:9/', ACTIONS_RUNTIME_TOKEN: 'a.b.c' }
const { stores, problems } = judgeStores(
  'runner\ngit\ngit: git@host.example:a/b\ncache\ngithub-secret: CODEX_AUTH\nssh: ci@host.example:22/srv/auth.json\nkubernetes: codex/codex-auth\nvault: secret/codex\ns3: your-bucket/auth.json\ncommand',
  someStoreInputs(),
  someRun({ env }),
)

test('what was judged is opened, and asks for nothing more', async () => {
  expect(problems).toEqual([])
  const opened = await openStores(stores, { defaultBranch: 'main' })
  expect(opened.map(({ name }) => name)).toEqual(stores.map(({ name }) => name))
  await closeStores(opened)
})

test('the cache is not opened where nobody can tell the default branch, and the others leave nothing behind', async () => {
  const tempDirectory = await mkdtemp(join(tmpdir(), 'open-stores-'))
  try {
    const judged = judgeStores('command\ncache', someStoreInputs(), someRun({ env, tempDirectory }))
    const { code, message } = await failure(openStores(judged.stores, {}))
    expect([code, message]).toEqual(['store-refused', expect.stringContaining('default branch only')])
    expect(await readdir(tempDirectory)).toEqual([])
  } finally {
    await rm(tempDirectory, { recursive: true })
  }
})
