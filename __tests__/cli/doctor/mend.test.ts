import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { about, type Mend } from '../../../src/cli/doctor/finding.ts'
import { mendAll, withFileStore, type Mended } from '../../../src/cli/doctor/mend.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mend-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const asked: string[] = []
function mend(what: Mend, canAsk: boolean, answer = true): Promise<Mended[]> {
  const report = about('machine', 'x', 'x')
  const never = (): never => {
    throw new Error('not asked for')
  }
  const confirm = (question: string): Promise<boolean> => {
    asked.push(question)
    return Promise.resolve(answer)
  }
  const findings = [
    report.ok('a'),
    report.warning({ what: 'b', why: '', wayOut: '' }),
    report.problem({ what: 'c', why: '', wayOut: '', mend: what }),
  ]
  return mendAll(findings, { questions: { canAsk, confirm, choose: never, text: never } }, canAsk)
}

test('a mode is set without a question', async () => {
  const path = join(folder, 'auth.json')
  writeFileSync(path, 'x')
  chmodSync(path, 0o644)
  expect(await mend({ kind: 'mode', path, mode: 0o600 }, false)).toEqual([{ kind: 'mended', what: `Set the mode of ${path} to 0600` }])
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('what cannot be mended is said', async () => {
  const path = join(folder, 'gone')
  expect(await mend({ kind: 'mode', path, mode: 0o600 }, false)).toEqual([
    expect.objectContaining({ kind: 'failed', why: expect.stringContaining('ENOENT') as unknown }),
  ])
})

describe('the configuration', () => {
  const config = 'cli_auth_credentials_store = "keyring"\n'
  const write = (text: string): string => {
    const path = join(folder, 'config.toml')
    writeFileSync(path, text, { mode: 0o640 })
    return path
  }

  test('is changed after a yes, with its mode, and nothing is left behind', async () => {
    const path = write(config)
    const link = join(folder, 'link.toml')
    symlinkSync(path, link)
    expect(await mend({ kind: 'credentials-store', path: link }, true)).toEqual([
      { kind: 'mended', what: `Set cli_auth_credentials_store = "file" in ${link}` },
    ])
    expect(readFileSync(path, 'utf8')).toBe('cli_auth_credentials_store = "file"\n')
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(readdirSync(folder).sort()).toEqual(['config.toml', 'link.toml'])
    expect(asked.at(-1)).toContain(link)
  })

  test.each([
    ['a no', true, false],
    ['nobody to ask', false, true],
  ])('stays as it is with %s', async (_, canAsk, answer) => {
    const path = write(config)
    expect(await mend({ kind: 'credentials-store', path }, canAsk, answer)).toEqual([expect.objectContaining({ kind: 'left' })])
    expect(readFileSync(path, 'utf8')).toBe(config)
  })

  test('that is not understood stays as it is', async () => {
    const path = write(`[a]\n${config}`)
    expect(await mend({ kind: 'credentials-store', path }, true)).toEqual([expect.objectContaining({ kind: 'failed' })])
    expect(readFileSync(path, 'utf8')).toBe(`[a]\n${config}`)
  })

  test.each([
    ['cli_auth_credentials_store = "keyring"', 'cli_auth_credentials_store = "file"'],
    ["a = 1\n  cli_auth_credentials_store='auto' # why\n[t]\nb = 2\n", 'a = 1\n  cli_auth_credentials_store="file" # why\n[t]\nb = 2\n'],
    ['[t]\ncli_auth_credentials_store = "keyring"', undefined],
    ['a = """\ncli_auth_credentials_store = "keyring"\n"""', undefined],
    ['cli_auth_credentials_store = "a"\ncli_auth_credentials_store = "b"', undefined],
    ['"cli_auth_credentials_store" = "keyring"', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(withFileStore(text)).toBe(expected)
  })
})
