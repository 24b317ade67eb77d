import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Hazard } from '../../src/codex/hazard.ts'
import { findHazards, type Surroundings } from '../../src/codex/hazards.ts'

let directory: string
let codexHome: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hazards-'))
  codexHome = join(directory, 'codex-home')
  mkdirSync(codexHome)
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

const find = (changes: Partial<Surroundings> = {}): Promise<Hazard[]> =>
  findHazards({
    codexHome,
    accountId: 'acc-1',
    workspace: join(directory, 'work', 'repo'),
    env: {},
    jobTotal: 1,
    due: false,
    guard: 'no-lease',
    systemConfigs: [],
    ...changes,
  })

const short = (hazards: readonly Hazard[]): string[] => hazards.map(({ severity, message }) => `${severity}: ${message}`)

async function inConfig(toml: string, path = join(codexHome, 'config.toml')): Promise<string[]> {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, toml)
  return short(await find({ systemConfigs: [join(directory, 'etc', 'config.toml')] }))
}

test('an ordinary job has none', async () => {
  expect(await find({ env: { PATH: '/usr/bin', CODEX_HOME: codexHome, OPENAI_API_KEY: 'ignored by Codex' } })).toEqual([])
})

test('each has a way out, and the worst comes first', async () => {
  const hazards = await find({ jobTotal: 2, env: { HTTPS_PROXY: 'http://proxy', CODEX_API_KEY: 'k', CODEX_ACCESS_TOKEN: 't' } })
  expect(hazards.map(({ severity }) => severity)).toEqual(['refuse', 'warn', 'warn', 'note'])
  for (const { message, remedy } of hazards) expect([message, remedy]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)])
})

describe('CODEX_HOME', () => {
  const inside = (...path: string[]): Partial<Surroundings> => ({
    workspace: join(directory, 'work'),
    codexHome: join(directory, 'work', ...path),
  })

  test.each([[['.codex']], [['deep', 'er']], [[]], [['..codex']]])('inside the workspace at %j is refused', async (path) => {
    for (const exists of [false, true]) {
      if (exists) mkdirSync(join(directory, 'work', ...path), { recursive: true })
      expect(short(await find(inside(...path)))).toEqual([expect.stringMatching(/^refuse: CODEX_HOME .* is inside the workspace/)])
    }
  })

  test('inside it by way of a symbolic link is refused, whichever of the two is the link', async () => {
    mkdirSync(join(directory, 'work', 'home'), { recursive: true })
    symlinkSync(join(directory, 'work'), join(directory, 'link'))
    expect(await find({ workspace: join(directory, 'work'), codexHome: join(directory, 'link', 'home') })).toHaveLength(1)
    expect(await find({ workspace: join(directory, 'work'), codexHome: join(directory, 'link', 'not', 'there', 'yet') })).toHaveLength(1)
    expect(await find({ workspace: join(directory, 'link'), codexHome: join(directory, 'work', 'home') })).toHaveLength(1)
  })

  test.each(['auth-of-codex.json', 'deep/not/there/yet.json'])(
    'whose auth.json is a link to %s in the workspace is refused',
    async (target) => {
      mkdirSync(join(directory, 'work', 'repo'), { recursive: true })
      const link = (): void => {
        symlinkSync(join(directory, 'work', 'repo', target), join(codexHome, 'auth.json'))
      }
      link()
      const refusal = /^refuse: What .*auth\.json links to is inside the workspace/
      expect(short(await find())).toEqual([expect.stringMatching(refusal)])
      if (!target.includes('/')) writeFileSync(join(codexHome, 'auth.json'), '{}')
      expect(short(await find())).toEqual([expect.stringMatching(refusal)])
    },
  )

  test('whose auth.json is a link to another place is fine', async () => {
    symlinkSync(join(directory, 'kept.json'), join(codexHome, 'auth.json'))
    expect(await find()).toEqual([])
  })

  test.each<[string, string[]]>([
    ['beside it', ['worker']],
    ['above it', []],
    ['beside it under a name that starts like it', ['work-home']],
  ])('%s is fine', async (_, path) => {
    expect(await find({ workspace: join(directory, 'work'), codexHome: join(directory, ...path) })).toEqual([])
  })

  test('without a workspace is fine', async () => {
    expect(await find({ workspace: undefined })).toEqual([])
    expect(await find({ workspace: '' })).toEqual([])
  })
})

describe('the environment', () => {
  test.each([
    ['CODEX_ACCESS_TOKEN', 'x', 'refuse'],
    ['CODEX_API_KEY', 'x', 'warn'],
    ['CODEX_CA_CERTIFICATE', '/ca.pem', 'note'],
    ['SSL_CERT_FILE', '/ca.pem', 'note'],
    ['HTTPS_PROXY', 'http://proxy', 'note'],
    ['https_proxy', 'http://proxy', 'note'],
    ['ALL_PROXY', 'http://proxy', 'note'],
    ['CODEX_APP_SERVER_URL', 'x', 'note'],
    ['CODEX_REFRESH_TOKEN_URL_OVERRIDE', 'https://example.com/oauth/token', 'refuse'],
    ['CODEX_REVOKE_TOKEN_URL_OVERRIDE', 'https://example.com/oauth/revoke', 'refuse'],
  ])('%s=%s has the severity %s, and empty or not set it is not a hazard', async (name, value, severity) => {
    const hazards = await find({ env: { [name]: value } })
    expect(short(hazards)).toEqual([expect.stringMatching(new RegExp(`^${severity}: ${name}`))])
    expect(`${hazards[0]?.message ?? ''}${hazards[0]?.remedy ?? ''}`).not.toContain(value === 'x' ? 'x is' : value)
    expect(await find({ env: { [name]: '' } })).toEqual([])
    expect(await find({ env: { [name]: undefined } })).toEqual([])
  })

  test.each([
    ['http://127.0.0.1:8080/oauth/token', true],
    ['http://127.8.9.1/x', true],
    ['http://localhost:1/x', true],
    ['http://[::1]:1/x', true],
    ['http://localhost.example.com/x', false],
    ['http://127.0.0.1.example.com/x', false],
    ['http://127.0.0.1@example.com/x', false],
    ['http://example.com/127.0.0.1', false],
    ['https://auth.openai.com/oauth/token', false],
    ['not a URL', false],
    ['http://0.0.0.0/x', false],
  ])('a refresh at %s: loopback is %s', async (url, loopback) => {
    expect(short(await find({ env: { CODEX_REFRESH_TOKEN_URL_OVERRIDE: url } }))).toHaveLength(loopback ? 0 : 1)
  })
})

describe('a matrix', () => {
  const matrix = (changes: Partial<Surroundings>): Promise<string[]> => find({ jobTotal: 3, due: true, ...changes }).then(short)

  test.each([0, 1])('of %i jobs is none', async (jobTotal) => {
    for (const guard of ['lease', 'no-lease', 'no-codex', 'never-refreshed'] as const) expect(await matrix({ jobTotal, guard })).toEqual([])
  })

  test.each([true, false])('whose jobs take turns is well (due: %s)', async (due) => {
    expect(await matrix({ guard: 'lease', due })).toEqual([])
  })

  test.each([
    [{ guard: 'no-lease', due: true }, 'this job may spend the token while another one does: the login is due.'],
    [{ guard: 'no-lease', due: false }, 'as soon as the login is due, two of them may spend it.'],
    [{ guard: 'no-codex', due: true }, 'there is no Codex CLI in PATH yet, so this job cannot take its turn'],
    [{ guard: 'never-refreshed', due: true }, 'with refresh: never this job does not take its turn'],
  ] as const)('%j is warned of, with what is wrong with this job', async (changes, message) => {
    expect(await matrix(changes)).toEqual([
      expect.stringMatching(
        /^warn: This job is one of 3 in a matrix; they run side by side and share one login, whose refresh token works once\. /,
      ),
    ])
    expect((await matrix(changes))[0]).toContain(message)
  })

  test.each(['no-codex', 'never-refreshed'] as const)('where nobody spends the token in this job is well (%s)', async (guard) => {
    expect(await matrix({ guard, due: false })).toEqual([])
  })
})

describe('config.toml', () => {
  test.each<[string, string, string[]]>([
    ['nothing that matters', 'model = "x"\n[profiles.a]\nmodel = "y"', []],
    ['the file store', 'cli_auth_credentials_store = "file"', []],
    ['a keyring', 'cli_auth_credentials_store = "keyring"', ['refuse: .* cli_auth_credentials_store = "keyring"']],
    ['auto', 'cli_auth_credentials_store = "auto"', ['refuse: .* cli_auth_credentials_store = "auto"']],
    ['ephemeral', 'cli_auth_credentials_store = "ephemeral"', ['refuse: .* cli_auth_credentials_store = "ephemeral"']],
    ['a forced ChatGPT login', 'forced_login_method = "chatgpt"', []],
    ['a forced API login', 'forced_login_method = "api"', ['refuse: .* forced_login_method = "api"']],
    ['this workspace', 'forced_chatgpt_workspace_id = "acc-1"', []],
    ['this workspace among others', 'forced_chatgpt_workspace_id = ["acc-2", "acc-1"]', []],
    ['another workspace', 'forced_chatgpt_workspace_id = "acc-2"', ['refuse: .* forced_chatgpt_workspace_id to another workspace']],
    ['other workspaces', 'forced_chatgpt_workspace_id = ["acc-2"]', ['refuse: .* forced_chatgpt_workspace_id']],
    ['another ChatGPT server', 'chatgpt_base_url = "https://example.com/"', ['warn: .* chatgpt_base_url']],
    ['ChatGPT itself', 'chatgpt_base_url = "https://chatgpt.com/backend-api/"', []],
    ['ChatGPT without TLS', 'chatgpt_base_url = "http://chatgpt.com/"', ['warn: .* chatgpt_base_url']],
    ['a name that ends like it', 'openai_base_url = "https://notopenai.com/v1"', ['warn: .* openai_base_url']],
    ['a part of OpenAI', 'openai_base_url = "https://eu.api.openai.com/v1"', []],
    ['a loopback server', 'chatgpt_base_url = "http://127.0.0.1:1/"', []],
    [
      'a provider that gets the login',
      'model_provider = "p"\n[model_providers.p]\nbase_url = "https://example.com"\nrequires_openai_auth = true',
      ['warn: .* model_providers.p.base_url'],
    ],
    ['a provider that does not get it', 'model_provider = "p"\n[model_providers.p]\nbase_url = "https://example.com"', []],
    ['a provider that is not used', '[model_providers.p]\nbase_url = "https://example.com"\nrequires_openai_auth = true', []],
    ['fields of other types', 'cli_auth_credentials_store = 7\nforced_chatgpt_workspace_id = 7\nmodel_providers = 7', []],
    ['no TOML', 'a = \nb = "secret-in-config"', ['warn: .* is not valid TOML \\(line 1\\)']],
    [
      'several at once',
      'forced_login_method = "api"\nopenai_base_url = "https://example.com"\ncli_auth_credentials_store = "auto"',
      ['refuse', 'refuse', 'warn'],
    ],
  ])('with %s', async (_, toml, expected) => {
    const pattern = expected.map((text): unknown => expect.stringMatching(new RegExp(`^${text}`)))
    expect(await inConfig(toml)).toEqual(pattern)
    rmSync(join(codexHome, 'config.toml'))
    expect(await inConfig(toml, join(directory, 'etc', 'config.toml'))).toEqual(pattern)
  })

  test('that is not valid is named without quoting it', async () => {
    expect((await inConfig('key = "secret-in-config')).join()).not.toContain('secret-in-config')
  })
})
