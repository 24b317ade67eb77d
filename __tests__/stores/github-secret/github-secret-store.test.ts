import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { parseSecretAddress } from '../../../src/stores/github-secret/github-secret-name.ts'
import type { GithubSecretStore } from '../../../src/stores/github-secret/github-secret-store.ts'
import { managedLogin, type LoginDocument } from '../../support/codex-login.ts'
import { text } from '../../support/documents.ts'
import { failure } from '../../support/failure.ts'
import { secretJobs, type SecretJobs } from '../../support/github-secret-jobs.ts'
import { refreshed, virtualClock } from '../../support/keeper-world.ts'

const start = Math.floor(Date.now() / 1000) - 86_400
let jobs: SecretJobs

afterEach(async () => {
  await jobs.close()
})

/** What a person puts into the secret, as it is pasted. */
async function seededBy(address: string, login: LoginDocument): Promise<void> {
  jobs = await secretJobs(address)
  jobs.vault.putSecret('CODEX_AUTH', login.text)
}

/** Read and write, as a job does that has rotated the login. */
async function store(handle: GithubSecretStore, login: LoginDocument): Promise<void> {
  const copy = await handle.read()
  expect(await handle.write(login.bytes, copy?.version)).toMatchObject({ kind: 'written' })
}

const one = managedLogin({ issuedAt: start })
const two = refreshed(one, 3_600)
const three = refreshed(two, 3_600)
/** The same person logs in again. */
const reseed = refreshed(one, 7_000)

describe('a spent snapshot', () => {
  beforeEach(() => seededBy('CODEX_AUTH', one))

  test('of a repository secret is found before it is used, and the message has the way out', async () => {
    const waiting = jobs.queue()
    await store(jobs.open(), two)
    const error = await failure(jobs.open({ run: waiting }).read())
    expect(error.code).toBe('store-refused')
    expect(error.message).toMatch(/old value of the repository secret CODEX_AUTH.*when the run is queued/)
    expect(error.remedy).toMatch(/new run.*github-secret: CODEX_AUTH\?environment=NAME.*queue: max/)
  })

  test('of a run that is started again is found too', async () => {
    const first = jobs.queue()
    await store(jobs.open({ run: first }), two)
    expect((await failure(jobs.open({ run: first }).read())).code).toBe('store-refused')
    expect(text((await jobs.open().read())?.bytes)).toBe(JSON.stringify(JSON.parse(two.text)))
  })

  test('is found when the job before died between the secret and the variable', async () => {
    await store(jobs.open(), two)
    const waiting = jobs.queue()
    jobs.github.advance(3_600)
    for (const write of ['create-variable', 'update-variable'] as const) jobs.github.inject(write, { kind: 'hang-up', done: false })
    const dying = jobs.open()
    await store(dying, three)
    expect(dying.notes().join(' ')).toContain('but not its fingerprint')
    jobs.github.heal()
    expect(text((await jobs.open().read())?.bytes)).toBe(JSON.stringify(JSON.parse(three.text)))
    expect((await failure(jobs.open({ run: waiting }).read())).message).toContain('it has been replaced since')
  })

  test('is not assumed without a record, nor with one that was edited by hand', async () => {
    expect(text((await jobs.open().read())?.bytes)).toBe(one.text)
    jobs.vault.putVariable('CODEX_AUTH_FINGERPRINT', 'edited')
    const job = jobs.open()
    expect(text((await job.read())?.bytes)).toBe(one.text)
    expect(job.notes().join(' ')).toContain('not written by the keeper')
  })

  test('nothing of the login is in the variable', async () => {
    await store(jobs.open(), two)
    const value = jobs.vault.variable('CODEX_AUTH_FINGERPRINT') ?? ''
    expect(JSON.parse(value)).toMatchObject({ v: 1, issued: { iat: two.claims.issuedAt } })
    for (const secret of Object.values({ ...two.tokens, email: two.claims.email, user: two.claims.userId }))
      expect(value).not.toContain(secret)
  })
})

describe('an environment secret', () => {
  beforeEach(() => seededBy('CODEX_AUTH?environment=prod', one))

  test('is read when the job starts, so a run that waited has the newest', async () => {
    const waiting = jobs.queue()
    await store(jobs.open(), two)
    expect(text((await jobs.open({ run: waiting }).read())?.bytes)).toBe(JSON.stringify(JSON.parse(two.text)))
  })

  test('keeps its record in a variable of the environment', async () => {
    await store(jobs.open(), two)
    expect(jobs.github.vault('your-org/your-repo').variable('CODEX_AUTH_FINGERPRINT')).toBeUndefined()
    expect(jobs.vault.variable('CODEX_AUTH_FINGERPRINT')).toBeDefined()
  })

  test('has nothing to warn of, and a repository secret has', () => {
    const [ofEnvironment, ofRepository] = [jobs.open(), jobs.open({ address: 'CODEX_AUTH' })]
    expect([ofEnvironment.notes(), ofRepository.notes()]).toEqual([[], [expect.stringContaining('when the run is queued')]])
  })

  test('of an environment that does not exist is not an empty place', async () => {
    const error = await failure(jobs.open({ address: 'CODEX_AUTH?environment=stage', value: undefined }).read())
    expect(error.code).toBe('store-refused')
    expect(error.message).toContain('environment "stage"')
  })
})

describe('a reseed', () => {
  beforeEach(async () => {
    await seededBy('CODEX_AUTH', one)
    await store(jobs.open(), two)
  })

  test.each([
    ['pretty', reseed.text],
    ['compact', JSON.stringify(JSON.parse(reseed.text))],
    ['base64', Buffer.from(reseed.bytes).toString('base64')],
    ['with CRLF around it', `\r\n${reseed.text}\r\n`],
  ])('is taken although the variable knows nothing of it (%s)', async (_, pasted) => {
    jobs.vault.putSecret('CODEX_AUTH', pasted)
    expect(JSON.parse(text((await jobs.open().read())?.bytes) ?? '')).toEqual(JSON.parse(reseed.text))
  })

  test('with an older login is not taken', async () => {
    jobs.vault.putSecret('CODEX_AUTH', refreshed(one, 60).text)
    expect((await failure(jobs.open().read())).remedy).toContain('log in again')
  })

  test('with what is not a login goes on to be refused as such', async () => {
    jobs.vault.putSecret('CODEX_AUTH', '{"OPENAI_API_KEY":"sk-test"}')
    expect(text((await jobs.open().read())?.bytes)).toBe('{"OPENAI_API_KEY":"sk-test"}')
  })

  test('made while the run was queued is not overwritten by it', async () => {
    const waiting = jobs.queue()
    jobs.github.advance(120)
    jobs.vault.putSecret('CODEX_AUTH', reseed.text)
    expect((await failure(jobs.open({ run: waiting }).read())).message).toContain('it has been replaced since')
  })
})

describe('main and post of one job', () => {
  beforeEach(() => seededBy('CODEX_AUTH?environment=prod', one))

  test('post writes when nobody else has', async () => {
    const run = jobs.queue()
    const main = jobs.open({ run })
    await main.read()
    await store(jobs.open({ run, handover: main.handover(), value: one.text }), two)
    expect(jobs.vault.secret('CODEX_AUTH')).toBe(JSON.stringify(JSON.parse(two.text)))
  })

  test('after an early write, post still has the old input and is not told that it is spent', async () => {
    const main = jobs.open()
    await store(main, two)
    const post = jobs.open({ handover: main.handover(), value: one.text })
    const copy = await post.read()
    expect(text(copy?.bytes)).toBe(one.text)
    expect(await post.write(three.bytes, copy?.version)).toMatchObject({ kind: 'written' })
    expect(text((await jobs.open().read())?.bytes)).toBe(JSON.stringify(JSON.parse(three.text)))
  })

  test('a handover holds no part of the login', async () => {
    const main = jobs.open()
    await store(main, two)
    const handover = JSON.stringify(main.handover())
    for (const secret of Object.values({ ...one.tokens, ...two.tokens })) expect(handover).not.toContain(secret)
  })

  test('a reseed in between stays', async () => {
    const main = jobs.open()
    await main.read()
    jobs.github.advance(5)
    jobs.vault.putSecret('CODEX_AUTH', reseed.text)
    const post = jobs.open({ handover: main.handover(), value: one.text })
    expect((await failure(post.read())).message).toContain('Somebody else has replaced the secret CODEX_AUTH')
    expect(await post.write(two.bytes, 'any')).toEqual({ kind: 'conflict' })
    expect(jobs.vault.secret('CODEX_AUTH')).toBe(reseed.text)
  })

  test('a reseed between the read and a write five seconds later stays', async () => {
    const clock = virtualClock()
    const job = jobs.open({ clock })
    const copy = await job.read()
    jobs.github.advance(5)
    jobs.vault.putSecret('CODEX_AUTH', reseed.text)
    clock.advance(5_000)
    expect(await job.write(two.bytes, copy?.version)).toEqual({ kind: 'conflict' })
    expect(jobs.vault.secret('CODEX_AUTH')).toBe(reseed.text)
  })

  test("another job's write in the same second is seen by the variable", async () => {
    await store(jobs.open(), two)
    const main = jobs.open()
    await main.read()
    await store(jobs.open(), three)
    const post = jobs.open({ handover: { ...(main.handover() ?? fail()), updatedAt: undefined }, value: two.text })
    expect((await failure(post.read())).code).toBe('store-superseded')
  })

  test('a secret that was deleted in between is an empty place', async () => {
    const main = jobs.open()
    await main.read()
    jobs.vault.deleteSecret('CODEX_AUTH')
    const post = jobs.open({ handover: main.handover(), value: one.text })
    expect(await post.read()).toBeUndefined()
    expect(await post.write(two.bytes, undefined)).toMatchObject({ kind: 'written' })
  })

  test('a write whose answer was lost is found by reading again', async () => {
    const job = jobs.open()
    const copy = await job.read()
    jobs.github.advance(5)
    jobs.github.inject('put-secret', { kind: 'hang-up', done: true })
    expect((await failure(job.write(two.bytes, copy?.version))).code).toBe('store-unknown-outcome')
    jobs.github.heal()
    expect(text((await job.read())?.bytes)).toBe(JSON.stringify(JSON.parse(two.text)))
  })

  test('a write that was refused is not taken for one that was done', async () => {
    const job = jobs.open()
    const copy = await job.read()
    jobs.github.advance(5)
    jobs.github.inject('put-secret', { kind: 'status', status: 403 }, 1)
    expect((await failure(job.write(two.bytes, copy?.version))).code).toBe('store-unauthorized')
    jobs.vault.putSecret('CODEX_AUTH', reseed.text)
    expect((await failure(job.read())).message).toContain('Somebody else')
  })
})

describe('without the permission for variables', () => {
  beforeEach(async () => {
    jobs = await secretJobs('CODEX_AUTH', { permissions: { secrets: 'write' } })
    jobs.vault.putSecret('CODEX_AUTH', one.text)
  })

  test('the login is kept, and it is said what cannot be found out', async () => {
    const job = jobs.open()
    await store(job, two)
    expect(jobs.vault.secret('CODEX_AUTH')).toBe(JSON.stringify(JSON.parse(two.text)))
    expect(job.notes().join(' ')).toMatch(/variable CODEX_AUTH_FINGERPRINT \(403\).*actions_variables=read.*cannot be recognised/)
    expect(jobs.github.count('create-variable')).toBe(0)
  })

  test('a write by someone else between main and post is found', async () => {
    const main = jobs.open()
    await main.read()
    jobs.github.advance(2)
    await store(jobs.open(), three)
    expect((await failure(jobs.open({ handover: main.handover(), value: one.text }).read())).message).toContain('Somebody else')
  })
})

describe('an outage of the variable', () => {
  beforeEach(() => seededBy('CODEX_AUTH', one))

  test('before the job is not a permission to go on without it', async () => {
    jobs.github.inject('get-variable', { kind: 'status', status: 503 })
    expect((await failure(jobs.open().read())).code).toBe('store-unreachable')
  })

  test('a variable that another job has just made is replaced', async () => {
    const job = jobs.open()
    const copy = await job.read()
    jobs.vault.putVariable('CODEX_AUTH_FINGERPRINT', 'made meanwhile')
    expect(await job.write(two.bytes, copy?.version)).toMatchObject({ kind: 'written' })
    expect(jobs.vault.variable('CODEX_AUTH_FINGERPRINT')).toContain('fingerprint')
    expect(job.notes().join(' ')).not.toContain('not its fingerprint')
  })
})

describe('the value that the job was given', () => {
  beforeEach(() => seededBy('CODEX_AUTH?environment=prod', one))

  test('is missing although the secret exists', async () => {
    const error = await failure(jobs.open({ value: ' ' }).read())
    expect(error.code).toBe('store-refused')
    expect(error.remedy).toContain('auth-json: ${{ secrets.CODEX_AUTH }}')
    expect(error.remedy).toContain('environment: prod')
  })

  test('comes from another secret', async () => {
    jobs.vault.deleteSecret('CODEX_AUTH')
    expect((await failure(jobs.open({ value: one.text }).read())).message).toContain('it comes from another secret')
  })

  test.each(['not a login', '{"cut": "in the mid', 'bm90IGEgbG9naW4='])('is damaged: %s', async (value) => {
    const error = await failure(jobs.open({ value }).read())
    expect(error.code).toBe('store-damaged')
    expect(error.message).not.toContain(value)
  })
})

describe('proof of write access', () => {
  beforeEach(() => seededBy('CODEX_AUTH?environment=prod', one))

  test.each([
    ['CODEX_AUTH?environment=prod', 'environments=write'],
    ['CODEX_AUTH', 'secrets=write'],
  ])('a token that may only read %s is refused and the permission named', async (address, permission) => {
    const token = jobs.github.token({ permissions: { secrets: 'read', environments: 'read' } })
    const error = await failure(jobs.open({ auth: { kind: 'token', token }, address }).proveWritable())
    expect(error.code).toBe('store-unauthorized')
    expect(error.message).toContain(permission)
    expect(error.remedy).toContain('GITHUB_TOKEN')
  })

  test('a classic token with the scope repo will do', async () => {
    const token = jobs.github.token({ classic: true })
    expect(await jobs.open({ auth: { kind: 'token', token } }).proveWritable()).toBe('proved')
  })

  test('no secret is made or changed, and the request does not even name the one that counts', async () => {
    await jobs.open().proveWritable()
    expect(jobs.github.paths).toEqual(['PUT /repos/your-org/your-repo/environments/prod/secrets/CODEX_AUTH_PROBE'])
    expect(jobs.vault.secrets()).toEqual({ CODEX_AUTH: one.text })
  })

  test('an App is believed by the permissions of its token', async () => {
    const { id: appId, privateKey } = jobs.github.app({ environments: 'write' }, ['your-org/your-repo'])
    const job = jobs.open({ auth: { kind: 'app', appId, privateKey, owner: 'your-org', repo: 'your-repo' } })
    expect(await job.proveWritable()).toBe('proved')
    expect(jobs.github.log).toEqual(['get-installation', 'create-token'])
  })

  test('an App without the permission is refused', async () => {
    const { id: appId, privateKey } = jobs.github.app({ actions_variables: 'write' }, ['your-org/your-repo'])
    const job = jobs.open({ auth: { kind: 'app', appId, privateKey, owner: 'your-org', repo: 'your-repo' } })
    expect((await failure(job.proveWritable())).message).toContain('environments=write')
  })

  test('an App whose permission may or may not do is tried', async () => {
    const { id: appId, privateKey } = jobs.github.app({ secrets: 'write' }, ['your-org/your-repo'])
    const job = jobs.open({ auth: { kind: 'app', appId, privateKey, owner: 'your-org', repo: 'your-repo' } })
    expect((await failure(job.proveWritable())).message).toContain('environments=write')
    expect(jobs.github.count('put-secret')).toBe(1)
  })

  test('after hours, post makes a new token of the App and writes', async () => {
    const { id: appId, privateKey } = jobs.github.app({ environments: 'write' }, ['your-org/your-repo'])
    const auth = { kind: 'app', appId, privateKey, owner: 'your-org', repo: 'your-repo' } as const
    const main = jobs.open({ auth })
    await main.read()
    const before = jobs.github.count('create-token')
    jobs.github.advance(5 * 3_600)
    await store(jobs.open({ auth, handover: main.handover(), value: one.text }), two)
    expect(jobs.github.count('create-token')).toBeGreaterThan(before)
  })
})

describe('requests', () => {
  beforeEach(() => seededBy('CODEX_AUTH?environment=prod', one))

  test('none is made before the first use', async () => {
    jobs.open()
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    expect(jobs.github.log).toEqual([])
  })

  test('an unchanged job reads once and asks for the proof; a rotated one reads once more and writes', async () => {
    const main = jobs.open()
    await main.read()
    await main.proveWritable()
    expect([...jobs.github.log].sort()).toEqual(['get-key', 'get-secret', 'get-variable', 'put-secret'])
    const before = jobs.github.log.length
    await store(jobs.open({ handover: main.handover(), value: one.text }), two)
    expect(jobs.github.log.slice(before).sort()).toEqual([
      'create-variable',
      'get-key',
      'get-secret',
      'get-secret',
      'get-variable',
      'put-secret',
    ])
  })

  test('the secret is written before the variable', async () => {
    await store(jobs.open(), two)
    expect(jobs.github.log.indexOf('put-secret')).toBeLessThan(jobs.github.log.indexOf('create-variable'))
  })

  test('a key that GitHub has renewed is fetched again', async () => {
    const job = jobs.open()
    const copy = await job.read()
    jobs.vault.renewKey()
    expect(await job.write(two.bytes, copy?.version)).toMatchObject({ kind: 'written' })
    expect(jobs.vault.secret('CODEX_AUTH')).toBe(JSON.stringify(JSON.parse(two.text)))
  })

  test('a key that could not be had is asked for again by the next write', async () => {
    const job = jobs.open()
    jobs.github.inject('get-key', { kind: 'status', status: 403 })
    const copy = await job.read()
    expect((await failure(job.write(two.bytes, copy?.version))).code).toBe('store-unauthorized')
    jobs.github.heal()
    expect(await job.write(two.bytes, copy?.version)).toMatchObject({ kind: 'written' })
  })

  test('a write that meets another one is a conflict', async () => {
    const job = jobs.open()
    const copy = await job.read()
    jobs.github.inject('put-secret', { kind: 'status', status: 409 }, 1)
    expect(await job.write(two.bytes, copy?.version)).toEqual({ kind: 'conflict' })
  })

  test('what is no JSON is not written, and not shown', async () => {
    const job = jobs.open()
    const copy = await job.read()
    const error = await failure(job.write(Buffer.from('{"rt_canary'), copy?.version))
    expect(error.code).toBe('store-refused')
    expect(error.message).not.toContain('canary')
    expect(jobs.github.count('put-secret')).toBe(0)
  })
})

describe('the name of a secret', () => {
  beforeEach(() => seededBy('CODEX_AUTH', one))

  test.each([
    ['CODEX_AUTH', 'CODEX_AUTH', undefined],
    ['codex_auth?environment=prod', 'CODEX_AUTH', 'prod'],
    ['A?environment=my%20place%2Feu', 'A', 'my place/eu'],
    ['A?environment=a+b', 'A', 'a+b'],
  ])('%s', (address, secret, environment) => {
    expect(parseSecretAddress(address)).toEqual({ kind: 'name', name: { secret, environment, variable: `${secret}_FINGERPRINT` } })
  })

  test.each([
    '',
    '1A',
    'A-B',
    'GITHUB_X',
    'github_x',
    'A B',
    'A?environment=',
    'A?env=prod',
    'A?environment=a&b=c',
    'A?environment=%',
    'A?',
    'x'.repeat(201),
    `A?environment=${'x'.repeat(256)}`,
  ])('is none: %s', (address) => {
    expect(parseSecretAddress(address).kind).toBe('problem')
  })
})

function fail(): never {
  throw new Error('no handover')
}
