import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { installedCli, leaksOf, personsHome, runCli } from '../support/cli.ts'
import { managedLogin } from '../support/codex-login.ts'
import { nodesAtHand } from '../support/nodes-at-hand.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }

describe('the package', () => {
  test('is one small file that installs without a network and brings what it needs', () => {
    const { packed, files } = installedCli()
    expect(packed).toBeLessThan(1_600_000)
    expect(files).toEqual(expect.arrayContaining(['dist/cli.js', 'dist/licenses.txt', 'LICENSE', 'README.md', 'package.json']))
    expect(files.filter((path) => /^(?:src|__tests__|node_modules)\//.test(path))).toEqual([])
  })

  test.each(nodesAtHand())('says on Node %s which version it is, and shows the login of this machine', async (_, node) => {
    expect(await runCli({ args: ['--version'], node })).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
    const { home, authFile } = personsHome(managedLogin().text)
    const status = await runCli({ args: ['status'], node, env: { HOME: home } })
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining(authFile) as unknown, stderr: '' })
  })
})

describe('words that mean nothing', () => {
  test.each([
    ['an unknown command', ['frobnicate'], 'frobnicate'],
    ['an unknown flag', ['status', '--frobnicate'], '--frobnicate'],
    ['a store of no known kind', ['status', '--store', 'frobnicate'], 'frobnicate'],
    ['a slot that is no name', ['status', '--slot', '../x'], '--slot'],
  ])('%s: exit code 2, and what is wrong', async (_, args, shown) => {
    const { code, stdout, stderr } = await runCli({ args })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(shown)
    expect(stderr).toContain('Way out:')
  })

  test('no word at all: the help, and exit code 2', async () => {
    const { code, stdout } = await runCli({ args: [] })
    expect(code).toBe(2)
    expect(stdout).toContain('status')
  })
})

describe('a secret on the command line', () => {
  const token = ['rt', 'Zq3vXw81Kp0TmB5yLs7Nd2Hf'].join('_')
  const key = ['AGE', 'SECRET', 'KEY', '1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE6'].join('-')
  test.each([
    ['as the flag --token', ['status', '--token', token], 'CODEX_AUTH_TOKEN'],
    ['as the flag --encryption-key=…', ['status', `--encryption-key=${key}`], 'CODEX_AUTH_KEY'],
    ['in a store line', ['status', '--store', `vault: https://host/mount/${token}`], 'CODEX_AUTH_SEED'],
    ['as a word', ['status', key], 'CODEX_AUTH_KEY'],
  ])('%s is refused, told where it goes, and not shown', async (_, args, variable) => {
    const run = await runCli({ args })
    expect(run.code).toBe(2)
    expect(run.stderr).toContain(variable)
    expect(leaksOf(run, [token, key])).toEqual([])
  })
})
