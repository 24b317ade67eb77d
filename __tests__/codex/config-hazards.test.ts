import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configHazards } from '../../src/codex/config-hazards.ts'

let codexHome: string
beforeEach(async () => {
  codexHome = await mkdtemp(join(tmpdir(), 'config-hazards-'))
})
afterEach(() => rm(codexHome, { recursive: true }))

async function found(config: string, home = codexHome) {
  const path = join(codexHome, 'config.toml')
  await writeFile(path, config)
  return (await configHazards({ path, accountId: 'account', codexHome: home })).map(({ severity, message }) => `${severity}: ${message}`)
}

const profile = (folder: string): string => `default_permissions = "ci"
[permissions.ci]
extends = ":workspace"
[permissions.ci.filesystem]
"${folder}" = "deny"
`

test('a profile that denies CODEX_HOME is noted, with what switches it off', async () => {
  expect(await found(profile(codexHome))).toEqual([expect.stringMatching(/^note: .*"ci".*--sandbox or -c sandbox_mode switches it off/)])
})

test('a profile that denies a folder above CODEX_HOME protects it too', async () => {
  expect(await found(profile(tmpdir()))).toEqual([expect.stringMatching(/^note: /)])
  expect(await found(profile('/home/ci'), '/home/ci/..codex')).toEqual([expect.stringMatching(/^note: /)])
})

test('a profile that denies another folder is warned of', async () => {
  expect(await found(profile('/home/ci/.codex'))).toEqual([expect.stringContaining(`but the login is in ${codexHome}`)])
})

test('a profile of Codex itself, or one that denies nothing, is not reported', async () => {
  expect(await found('default_permissions = ":workspace"\n')).toEqual([])
  expect(await found('default_permissions = "ci"\n[permissions.ci]\nextends = ":workspace"\n')).toEqual([])
})

test.each([
  ['a pipe', (path: string) => execFileSync('mkfifo', [path]), 'is not a regular file'],
  ['a folder', (path: string) => mkdir(path), 'is not a regular file'],
  ['a file without end', (path: string) => writeFile(path, ' '.repeat(2 * 1024 * 1024)), 'is larger than 1024 KiB'],
])('%s in the place of config.toml is not waited for', async (_, make, words) => {
  const path = join(codexHome, 'config.toml')
  await make(path)
  expect(await configHazards({ path, accountId: 'account', codexHome })).toEqual([
    expect.objectContaining({ severity: 'warn', message: expect.stringContaining(words) as unknown }),
  ])
})
