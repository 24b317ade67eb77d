import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Job, StageRecord } from '../support/fake-runner/job-result.ts'
import type { Step } from '../support/fake-runner/job-spec.ts'
import type { Machine } from '../support/fake-runner/machine.ts'
import { authFileText, codexMachine, codexStep, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { loopbackIdTokens, type LoopbackIdTokens } from '../support/loopback-id-tokens.ts'
import { baoPlace, sharedOpenBao, trustIdTokens, type BaoPlace, type LoopbackOpenBao } from '../support/loopback-openbao.ts'
import { sharedSeaweed } from '../support/loopback-seaweedfs.ts'
import { serverFront } from '../support/server-front.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from '../support/loopback-openai.ts'

const audience = 'https://vault.example.com'

let openai: LoopbackOpenAI
let bao: LoopbackOpenBao
let idTokens: LoopbackIdTokens
let place: BaoPlace
let machine: Machine
let ends: (() => unknown)[]
beforeEach(async () => {
  const shared = await sharedOpenBao()
  bao = shared.server
  ;[openai, idTokens, place] = await Promise.all([startLoopbackOpenAI({ enforce: true }), loopbackIdTokens(), baoPlace(bao)])
  machine = codexMachine({ openai })
  ends = [() => openai.close(), () => idTokens.close(), shared.release]
  await place.put({ 'auth.json': openai.login({ expiresIn: -10 }).text })
})
afterEach(async () => {
  machine.destroy()
  for (const end of ends) await end()
})

const run = (query: string, steps: readonly Step[], env: Readonly<Record<string, string>> = {}): Promise<Job> =>
  runWorkflow(
    machine,
    [keeperStep({ store: `vault: ${bao.origin}/secret/${place.path}${query}`, refresh: 'never', 'retry-for': '0' }), ...steps],
    {
      env,
      services: { idTokenUrl: idTokens.requestUrl, idToken: idTokens.requestToken },
    },
  )
/** What a stage has masked before it printed anything else. */
const masks = ({ stdout }: StageRecord): string[] =>
  stdout.flatMap((line) => (line.startsWith('::add-mask::') ? [line.slice('::add-mask::'.length)] : []))
const states = (job: Job): string => JSON.stringify(job.stages.map(({ state }) => state))

test('role=: each stage logs in afresh, masks its tokens, and saves none', async () => {
  const { auth, role } = await trustIdTokens(bao, { issuer: idTokens.issuer, policy: place.policy, audience })
  const job = await run(`?role=${role}&auth=${auth}&audience=${audience}`, [codexStep])
  expect(job.conclusion).toBe('success')
  const [first = '', second = '', ...more] = idTokens.given
  expect(more).toEqual([])
  expect(masks(job.stage('keeper'))).toEqual(expect.arrayContaining([first, idTokens.requestToken]))
  expect(masks(job.stage('keeper', 'post'))).toEqual(expect.arrayContaining([second, idTokens.requestToken]))
  for (const token of [first, second, idTokens.requestToken]) expect(states(job)).not.toContain(token)
  expect((await place.contents())?.version).toBe(2)
})

test('VAULT_TOKEN: post takes it from its own environment', async () => {
  const job = await run('', [codexStep], { VAULT_TOKEN: place.token })
  expect(job.conclusion).toBe('success')
  for (const stage of ['main', 'post'] as const) expect(masks(job.stage('keeper', stage))).toContain(place.token)
  expect(states(job)).not.toContain(place.token)
  expect([idTokens.asked(), (await place.contents())?.version]).toEqual([0, 2])
})

test.each(['another', ''])(
  'VAULT_TOKEN that a step has changed to "%s" is not used: red, the file stays, and role= is the way out',
  async (value) => {
    const takes: Step = { id: 'takes', run: `echo "VAULT_TOKEN=${value}" >> "$GITHUB_ENV"` }
    const job = await run('', [codexStep, takes], { VAULT_TOKEN: place.token })
    const post = job.stage('keeper', 'post')
    expect([job.conclusion, post.conclusion]).toEqual(['failure', 'failure'])
    expect(post.summary).toContain('A step of this job has changed or taken away VAULT_TOKEN')
    expect(post.log.join('\n')).toContain('role=')
    expect([(await place.contents())?.version, authFileText(machine) === undefined]).toEqual([1, false])
  },
)

test('a login that Vault refuses fails the job before anything is restored, with the claims to compare', async () => {
  const { auth, role } = await trustIdTokens(bao, {
    issuer: idTokens.issuer,
    policy: place.policy,
    audience: 'https://elsewhere.example.com',
  })
  const job = await run(`?role=${role}&auth=${auth}&audience=${audience}`, [codexStep])
  const main = job.stage('keeper')
  expect([main.conclusion, job.ran('codex'), authFileText(machine)]).toEqual(['failure', false, undefined])
  expect(main.log.join('\n')).toContain(`The id token said: subject repo:your-org/your-repo:ref:refs/heads/main, audience ${audience}.`)
})

test('s3 with AWS_… keys: post takes them from its own environment, and what restore proved; changed ones make it red', async () => {
  const { server: seaweed, release } = await sharedSeaweed()
  const front = await serverFront(seaweed.origin)
  ends.push(() => front.close(), release)
  const key = `ci/${randomUUID()}.json`
  const { AWS_SECRET_ACCESS_KEY: secret } = seaweed.keys
  const restoring = (steps: readonly Step[]): Promise<Job> => {
    const store = `s3: ${seaweed.bucket}/${key}?endpoint=${front.origin}`
    const keeper = keeperStep({ store, refresh: 'never', 'retry-for': '0' })
    return runWorkflow(machine, [keeper, ...steps], { env: { ...seaweed.keys } })
  }
  await seaweed.admin('PUT', `/${seaweed.bucket}/${key}`, openai.login({ expiresIn: -10 }).text)
  const job = await restoring([codexStep])
  expect(job.conclusion).toBe('success')
  for (const stage of ['main', 'post'] as const) expect(masks(job.stage('keeper', stage))).toContain(secret)
  expect(states(job)).not.toContain(secret)
  const writes = front.requests.filter(({ method }) => method === 'PUT').map(({ status }) => status)
  expect(writes).toEqual([412, 412, 200])

  openai.expireAccessTokens()
  const takes: Step = { id: 'takes', run: 'echo "AWS_SECRET_ACCESS_KEY=" >> "$GITHUB_ENV"' }
  const second = await restoring([codexStep, takes])
  expect(second.stage('keeper', 'post').summary).toContain('changed or taken away AWS_SECRET_ACCESS_KEY')
  expect([second.conclusion, authFileText(machine) === undefined]).toEqual(['failure', false])
})
