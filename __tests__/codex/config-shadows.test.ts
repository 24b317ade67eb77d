import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configShadows } from '../../src/codex/config-shadows.ts'
import { codexBinary, type CodexRelease } from '../support/real-codex.ts'

let codexHome: string
beforeEach(() => {
  codexHome = mkdtempSync(join(tmpdir(), 'config-shadows-'))
})
afterEach(() => {
  rmSync(codexHome, { recursive: true })
})

async function found(config: string, name = 'config.toml'): Promise<string[]> {
  writeFileSync(join(codexHome, name), config)
  return (await configShadows(codexHome, 'acc-1')).map(({ severity, message }) => `${severity}: ${message}`)
}

test.each([
  ['nothing', ''],
  ['nothing to read', 'a = ['],
  ['another type', 'profile = 3\nmodel_provider = 3'],
  ['the provider of the login', 'model_provider = "openai"'],
  ['a provider that is given the login', 'model_provider = "p"\n[model_providers.p]\nrequires_openai_auth = true'],
  ['a provider that is not used', '[model_providers.p]\nbase_url = "https://example.com"'],
])('%s', async (_, config) => {
  expect(await found(config)).toEqual([])
})

test('no folder at all', async () => {
  expect(await configShadows(join(codexHome, 'none'), undefined)).toEqual([])
})

describe('a provider that takes no login', () => {
  test.each([
    ['of the file', 'model_provider = "p"\n[model_providers.p]\nbase_url = "https://example.com"'],
    ['that says so', 'model_provider = "p"\n[model_providers.p]\nrequires_openai_auth = false'],
    ['of Codex itself', 'model_provider = "ollama"'],
  ])('%s', async (_, config) => {
    expect(await found(config)).toEqual([
      expect.stringMatching(/^warn: .* sets model_provider = "(?:p|ollama)", which takes no ChatGPT login/),
    ])
  })
})

describe('a profile', () => {
  test('in a file of its own is told with its name, and only warned of', async () => {
    expect(await found('cli_auth_credentials_store = "keyring"\nmodel_provider = "ollama"', 'ci.config.toml')).toEqual([
      expect.stringMatching(/^warn: With --profile ci, .*ci\.config\.toml sets cli_auth_credentials_store/),
      expect.stringMatching(/^warn: With --profile ci, .*ci\.config\.toml sets model_provider/),
    ])
  })

  test('of the older kind is refused', async () => {
    expect(await found('profile = "x"\n[profiles.x]\nmodel = "m"')).toEqual([
      expect.stringMatching(/^refuse: .* sets profile = "x": Codex does not start/),
    ])
  })

  test.each<[CodexRelease]>([['older'], ['pinned']])('and so does Codex (%s)', (release) => {
    writeFileSync(join(codexHome, 'config.toml'), 'profile = "x"\n[profiles.x]\nmodel = "m"\n')
    const { status, stderr } = spawnSync(codexBinary(release), ['login', 'status'], { env: { CODEX_HOME: codexHome }, encoding: 'utf8' })
    expect(status).not.toBe(0)
    expect(stderr).toContain('`profile = "x"` config is no longer supported')
  })
})
