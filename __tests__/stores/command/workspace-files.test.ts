import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { workspaceFilesIn } from '../../../src/stores/command/workspace-files.ts'

let workspace: string
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'workspace-'))
  mkdirSync(join(workspace, 'scripts'))
  for (const file of ['store.sh', 'vault', join('scripts', 'store'), join('scripts', 'store.mjs')]) writeFileSync(join(workspace, file), '')
})
afterAll(() => {
  rmSync(workspace, { recursive: true })
})

test.each([
  ['scripts/store read', ['scripts/store']],
  ['./store.sh read', ['./store.sh']],
  ['bash store.sh', ['store.sh']],
  ['exec node scripts/store.mjs write | cat', ['scripts/store.mjs']],
  ['set -e\nif ! x=$(./scripts/store); then exit 1; fi', ['./scripts/store']],
  ['sh -c \'scripts/store "$1"\'', ['scripts/store']],
  ['"$GITHUB_WORKSPACE"/made-later', ['$GITHUB_WORKSPACE']],
  ['${GITHUB_WORKSPACE}/made-later', ['${GITHUB_WORKSPACE}/made-later']],
  ['cd $GITHUB_WORKSPACE && make store', ['$GITHUB_WORKSPACE']],
  ['CONFIG=scripts/store.mjs tool --config=scripts/store', ['CONFIG=scripts/store.mjs', '--config=scripts/store']],
  ['. scripts/store; scripts/store', ['scripts/store']],
])('%s names %j', (command, files) => {
  expect(workspaceFilesIn(command, workspace)).toEqual(files)
})

test('an absolute path into it counts, whether something is there or not', () => {
  expect(workspaceFilesIn(`${workspace}/not-yet read; ${workspace}-other/x; /usr/bin/cat`, workspace)).toEqual([`${workspace}/not-yet`])
})

test.each([
  'vault kv get -field=value secret/codex',
  'curl --silent "$STORE_URL" > "$RUNNER_TEMP/answer"',
  'cat /var/lib/codex/auth.json || exit 74',
  'scripts/elsewhere.sh',
  'aws secretsmanager get-secret-value --secret-id codex/auth --query SecretString',
  'test -s store && cat scripts',
])('%s names nothing of the workspace', (command) => {
  expect(workspaceFilesIn(command, workspace)).toEqual([])
})
