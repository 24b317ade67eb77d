import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createMachine } from './support/fake-runner/machine.ts'
import type { Machine } from './support/fake-runner/machine.ts'
import type { JobSpec } from './support/fake-runner/job-spec.ts'
import { writeAction } from './support/fake-runner/write-action.ts'
import { collectSinks, findLeaks } from './support/leak-search.ts'
import type { Leak } from './support/leak-search.ts'

const canary = 'rt_~?>/+~?V1~?>"W~9?>L2~?N8>~?3fD~>?&~e=?>R~'
const header = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url')
const payload = Buffer.from('{"sub":"zq8f1k","iat":1767225600}').toString('base64url')
const signature = 'Jv3Xn0kQ8sWmT5bLr2HcYd7Gf1Pz9Ae'
const jwt = `${header}.${payload}.${signature}`
const pem = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEF',
  'Kx83hVq02mZpYtWc51sBnLrJfGd6TeUo',
  '-----END PRIVATE KEY-----',
  '',
].join('\n')

const base64 = (text: string, before: string): string => Buffer.from(`${before}${text} and more`).toString('base64')
const wrapped = (text: string): string => text.replace(/(.{10})/g, '$1\n')
const found = (content: string, canaries: readonly string[] = [canary]): Leak[] => findLeaks(canaries, [{ name: 'it', content }])

describe('the forms of a secret', () => {
  test.each([
    ['raw', canary],
    ['json', JSON.stringify({ token: canary })],
    ['json', JSON.stringify(JSON.stringify({ token: canary }))],
    ['json', JSON.stringify(canary).replaceAll('/', '\\/')],
    ['base64', base64(canary, '')],
    ['base64', base64(canary, 'x')],
    ['base64', base64(canary, 'xy')],
    ['base64', wrapped(base64(canary, 'xy'))],
    ['base64url', Buffer.from(canary).toString('base64url')],
    ['base64url', Buffer.from(`x${canary}`).toString('base64url')],
    ['base64url', Buffer.from(`xy${canary}`).toString('base64url')],
    ['uri', `https://127.0.0.1/?token=${encodeURIComponent(canary)}`],
    ['uri', encodeURIComponent(canary).replace(/%../g, (code) => code.toLowerCase())],
    ['hex', Buffer.from(canary).toString('hex')],
    ['hex', Buffer.from(canary).toString('hex').toUpperCase()],
    ['raw', wrapped(canary)],
    ['raw', `the token begins with ${canary.slice(0, 19)}`],
    ['raw', `the token ends with ${canary.slice(-22)}`],
    ['base64', Buffer.from(canary.slice(5, 25)).toString('base64')],
  ] as const)('%s: %j', (form, content) => {
    expect(found(content).map((leak) => leak.form)).toContain(form)
  })

  test('any piece of nineteen characters', () => {
    for (let at = 0; at + 19 <= canary.length; at += 1) expect(found(`<${canary.slice(at, at + 19)}>`)).not.toEqual([])
  })

  test('a short secret with slashes as some write them in JSON', () => {
    expect(found('"a\\/b\\/c\\/d\\/e\\/"', ['a/b/c/d/e/'])).toHaveLength(1)
  })

  test('bytes that are not text', () => {
    const content = Buffer.concat([Buffer.from([0, 255, 128]), Buffer.from(canary), Buffer.from([254])])
    expect(findLeaks([canary], [{ name: 'it', content }])).toHaveLength(1)
  })

  test('a JWT: every part but its header', () => {
    for (const content of [jwt, payload, signature, base64(jwt, 'x'), base64(signature, '')]) {
      expect(found(content, [jwt])).not.toEqual([])
    }
    expect(found(`${header}.${Buffer.from('{"sub":"other"}').toString('base64url')}.AAAA`, [jwt])).toEqual([])
  })

  test('a PEM key: what is between its first and last line', () => {
    expect(found('-----BEGIN PRIVATE KEY-----', [pem])).toEqual([])
    for (const content of [pem, JSON.stringify(pem), pem.replaceAll('\n', ''), base64(pem, 'x')]) {
      expect(found(content, [pem])).not.toEqual([])
    }
  })

  test('a short secret is found as a whole, and one too short to be looked for is refused', () => {
    expect(found('it is p4ssw0rd', ['p4ssw0rd'])).toHaveLength(1)
    expect(found('it is p4ssw0r', ['p4ssw0rd'])).toEqual([])
    expect(() => found('', ['1234567'])).toThrow('fewer than eight')
  })

  test('what is not a secret is not found', () => {
    expect(found(JSON.stringify({ token: '***', text: canary.slice(0, 12), other: canary.split('').reverse().join('') }))).toEqual([])
  })

  test('mask lines alone are excepted, and only on stdout', () => {
    const content = `::add-mask::${canary}\nquiet`
    expect(findLeaks([canary], [{ name: 'stdout', content, masksMayShow: true }])).toEqual([])
    expect(findLeaks([canary], [{ name: 'stderr', content }])).toHaveLength(1)
    expect(findLeaks([canary], [{ name: 'stdout', content: `${content} ${canary}`, masksMayShow: true }])).toHaveLength(1)
    expect(findLeaks([canary], [{ name: 'stdout', content: `see ::add-mask::${canary}`, masksMayShow: true }])).toHaveLength(1)
  })
})

describe('the sinks of a job', () => {
  const seen = 'Zw4Xv6Rk1Tn8Yb3Mc5Qd7Pf9Lg2Hj0'
  let machine: Machine
  let actions: string

  beforeAll(() => {
    machine = createMachine()
    actions = mkdtempSync(join(tmpdir(), 'actions-'))
  })
  afterAll(() => {
    machine.destroy()
    rmSync(actions, { recursive: true })
  })

  /** A job whose action gets the canary as an input and does this with it. */
  const planted = async (main: string, more: Partial<JobSpec> = {}): Promise<string[]> => {
    const uses = writeAction(join(actions, 'plant'), {
      inputs: { token: {} },
      main: `import fs from 'node:fs'; import { spawnSync } from 'node:child_process'
        const canary = process.env.INPUT_TOKEN; const to = (name, text) => fs.appendFileSync(process.env[name], text)
        ${main}`,
      post: '',
    })
    const job = await machine.runJob({
      secrets: { TOKEN: seen },
      steps: [{ id: 'plant', uses, with: { token: '${{ secrets.TOKEN }}' } }],
      ...more,
    })
    return findLeaks([seen], collectSinks(job, { files: machine.files() })).map(({ sink }) => sink)
  }

  test.each([
    ['stdout', "console.log('it is ' + canary)", 'stdout of main plant'],
    ['stderr', 'console.error(canary)', 'stderr of main plant'],
    ['a mask printed on stderr', "console.error('::add-mask::' + canary)", 'stderr of main plant'],
    ['an annotation', "console.log('::warning title=' + Buffer.from(canary).toString('hex') + '::x')", 'annotations'],
    ['the log, in a form that no mask knows', "console.log(Buffer.from('x' + canary).toString('hex'))", 'log'],
    ['an output', "to('GITHUB_OUTPUT', 'a=' + canary)", 'outputs of main plant'],
    ['state', "to('GITHUB_STATE', 'a<<E\\n' + canary + '\\nE')", 'state of main plant'],
    ['state by command', "console.log('::save-state name=a::' + canary)", 'state of main plant'],
    ['the environment of later steps', "to('GITHUB_ENV', 'A=' + canary)", 'env file of main plant'],
    ['PATH', "to('GITHUB_PATH', '/opt/' + canary)", 'path file of main plant'],
    ['the summary', "to('GITHUB_STEP_SUMMARY', canary)", 'summary file of main plant'],
    ['the summary that people see', "to('GITHUB_STEP_SUMMARY', Buffer.from(canary).toString('hex'))", 'summary of main plant'],
    ['RUNNER_TEMP', "fs.writeFileSync(process.env.RUNNER_TEMP + '/a', canary)", 'left in RUNNER_TEMP: a'],
    ['HOME', "fs.writeFileSync(process.env.HOME + '/a', canary)", 'left behind: home/runner/a'],
    ['the name of a file', "fs.writeFileSync(canary, '')", `left behind: the name home/runner/work/your-repo/your-repo/${seen}`],
    ['a link', "fs.symlinkSync('/' + canary, 'link')", 'left behind: home/runner/work/your-repo/your-repo/link'],
  ])('a canary in %s is found', async (_, main, sink) => {
    expect(await planted(main)).toContain(sink)
    machine
      .files()
      .filter(({ name }) => !name.includes('_temp'))
      .forEach(({ path }) => {
        rmSync(path)
      })
  })

  test('a canary in an argument list is found', async () => {
    const sinks = await planted("spawnSync('/bin/sh', ['-c', 'sleep 1; true', canary], { stdio: 'ignore' })", { recordProcesses: true })
    expect(sinks.some((sink) => sink.startsWith('arguments of process'))).toBe(true)
  })

  test('a canary in a job output is found', async () => {
    const outputs = { a: '${{ steps.plant.outputs.a }}' }
    expect(await planted("to('GITHUB_OUTPUT', 'a=' + Buffer.from(canary).toString('hex'))", { outputs })).toContain('job outputs')
  })

  test('a canary in the environment of a child is found where it is asked for', async () => {
    const job = await machine.runJob({
      env: { GIVEN: seen },
      recordProcesses: true,
      steps: [{ id: 'a', run: '/bin/sleep 1' }],
    })
    const sinks = (environOf?: () => boolean): string[] =>
      findLeaks([seen], collectSinks(job, environOf ? { environOf } : {})).map(({ sink }) => sink.replace(/\d+/, ''))
    expect(sinks(() => true)).toContain('environment of process  (/bin/sleep)')
    expect(sinks().filter((sink) => sink.startsWith('environment'))).toEqual([])
  })

  test.each([true, false])('a job that only masks its canary has no leak, also with step debug %s', async (stepDebug) => {
    expect(await planted("console.log('::add-mask::' + canary); to('GITHUB_STATE', 'hash=1'); console.log('fine')", { stepDebug })).toEqual(
      [],
    )
  })
})
