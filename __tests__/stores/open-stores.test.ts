import { expect, test } from '@jest/globals'
import { openStores, type StoreContext } from '../../src/stores/open-stores.ts'
import type { StoreSpec } from '../../src/stores/store-spec.ts'

/** A run without any of the inputs that a store may need. */
const context: StoreContext = {
  slot: 'default',
  home: '/home/ci',
  tempDirectory: '/tmp',
  tools: { bash: '/bin/bash', ssh: '/usr/bin/ssh' },
  env: {},
  userEnv: {},
  sealingKeys: undefined,
  githubToken: undefined,
  readCommand: undefined,
  writeCommand: undefined,
  sshKey: undefined,
  sshKnownHosts: undefined,
  repository: 'your-org/your-repo',
  defaultBranch: 'main',
  ref: 'refs/heads/main',
  serverUrl: 'https://github.com',
  apiUrl: 'https://api.github.com',
  runUrl: 'https://github.com/your-org/your-repo/actions/runs/1',
  authJson: undefined,
  secretWriter: undefined,
  hasNextStage: false,
  memories: {},
}
const command: StoreSpec = { kind: 'command', line: 'command' }

test.each<[StoreSpec, Partial<StoreContext>]>([
  [command, {}],
  [command, { readCommand: 'cat file' }],
  [command, { readCommand: ' \n', writeCommand: 'cat >file' }],
  [{ kind: 'ssh', line: 'ssh', address: { user: 'ci', host: 'host.example', port: 22, path: '/auth.json' } }, {}],
  [
    {
      kind: 'github-secret',
      line: 'github-secret',
      address: { secret: 'CODEX_AUTH', environment: undefined, variable: 'CODEX_AUTH_FINGERPRINT' },
    },
    {},
  ],
])('a store is not opened without the inputs it needs: %j with %j', async (spec, inputs) => {
  await expect(openStores([spec], { ...context, ...inputs })).rejects.toMatchObject({ code: 'invalid-inputs' })
})

test('a command store is opened with both commands', async () => {
  const opened = await openStores([command], { ...context, readCommand: 'cat file', writeCommand: 'cat >file' })
  expect(opened.map(({ name }) => name)).toEqual(['command'])
})
