import { setTimeout as sleep } from 'node:timers/promises'
import { keeperStep } from '../__tests__/support/keeper-workflow.ts'
import type { Job } from '../__tests__/support/fake-runner/job-result.ts'
import type { ScriptStep } from '../__tests__/support/fake-runner/job-spec.ts'
import type { Ledger, LoopbackOpenAI } from '../__tests__/support/loopback-openai.ts'
import { codexVersions } from '../__tests__/support/real-codex.ts'
import { execStep, logOf, onNewMachine } from './machines.ts'
import type { DemoStore } from './store.ts'
import type { Telling } from './telling.ts'

export interface Story {
  readonly telling: Telling
  readonly openai: LoopbackOpenAI
  readonly store: DemoStore
  readonly folder: string
  readonly interrupted: AbortSignal
}

/** Tells how one login goes through seven machines, and claims what must be so at each point. */
export async function tellStory(story: Story): Promise<void> {
  const { telling, openai, store } = story
  telling.heading('codex-auth-keeper: one ChatGPT login, and machines that are thrown away after each job')
  telling.say(`Codex is the real CLI (${codexVersions.pinned}), the action is the committed dist/, run as GitHub's runner runs it. Only
    OpenAI is played, by a server on 127.0.0.1: there, too, a refresh token works once.`)

  telling.heading('1. A person logs in, once')
  const seed = openai.login({ expiresIn: -60 })
  telling.say(`"codex login" has written auth.json, and the person puts it into a secret: the seed. Its access token has run
    out by now, so the next Codex must spend the refresh token in it. The store is ${store.description}.`)
  telling.claim('the store is empty', (await store.look()) === undefined)

  const secrets = { SEED: JSON.stringify(JSON.parse(seed.text)), ...store.secrets }
  await machineOne(story, secrets)
  await machineTwo(story, secrets)
  await machineThree(story, secrets)
  if (store.holdsLease) await fourAtOnce(story, secrets)
  tellCounts(telling, openai.ledger())

  telling.heading('Without the keeper')
  telling.say(`every machine is machine three: machine one would have spent the seed and taken its successor along when it was
    thrown away, and each job since then would be red until a person logs in again.`)
}

type Secrets = Readonly<Record<string, string>>

async function machineOne(story: Story, secrets: Secrets): Promise<void> {
  const { telling, openai, store } = story
  telling.heading('2. Machine one: the keeper restores the login, "codex exec" refreshes it, the keeper stores it')
  const job = await onNewMachine({ ...story, secrets, steps: [keeper(store, 'never'), execStep(openai)] })
  quoteKeeper(story, job, 'main', /restored|refreshes it|^Store/)
  quoteCodex(telling, job)
  quoteKeeper(story, job, 'post', /./)
  claimGreen(telling, job, 'one')
  telling.claim('the seed was restored', job.stage('keeper').outputs['source'] === 'seed')
  telling.claim('Codex spent the refresh token of the seed and got the next one', outcomes(openai)[0]?.join() === 'rotated')
  const found = await store.look()
  telling.claim(`the store holds what Codex wrote${found === undefined ? '' : ` (${found})`}`, found !== undefined)
  telling.say('The machine is thrown away now, with everything on it.')
}

async function machineTwo(story: Story, secrets: Secrets): Promise<void> {
  const { telling, openai, store } = story
  // Due again soon, so that the jobs of the last scene have something to refresh.
  if (store.holdsLease) openai.rotatedExpiresIn(6 * 3_600)
  telling.heading('3. Machine two: new and empty; here the keeper has Codex refresh at once (refresh: always)')
  const job = await onNewMachine({ ...story, secrets, steps: [keeper(store, 'always'), execStep(openai)] })
  quoteKeeper(story, job, 'main', /restored|refreshed|^Access|^Store/)
  quoteCodex(telling, job)
  quoteKeeper(story, job, 'post', /./)
  claimGreen(telling, job, 'two')
  const { outputs } = job.stage('keeper')
  telling.claim(
    'the login came from the store, although the secret still holds the seed',
    outputs['source']?.startsWith(storeName(store)) === true,
  )
  telling.claim('Codex logged in with the token of machine one and rotated it', outcomes(openai)[1]?.join() === 'rotated')
  telling.claim('the new one was stored before the job went on', outputs['refreshed'] === 'true' && outputs['stored'] === 'true')
}

async function machineThree(story: Story, secrets: Secrets): Promise<void> {
  const { telling, openai } = story
  telling.heading('4. Machine three: the seed again, without the keeper')
  const seedStep: ScriptStep = {
    id: 'seed',
    env: { SEED: '${{ secrets.SEED }}' },
    run: 'umask 077; printf %s "$SEED" > "$HOME/.codex/auth.json"',
  }
  const job = await onNewMachine({ ...story, secrets, steps: [seedStep, execStep(openai)] })
  quoteCodex(telling, job)
  telling.claim('the job is red', job.conclusion === 'failure')
  const [, ...later] = outcomes(openai)[0] ?? []
  telling.claim(
    'the server refused the seed as already used: it is dead, as it must be',
    later.length > 0 && later.every((outcome) => outcome === 'refused: refresh_token_reused'),
  )
}

/** How long OpenAI lets the one that refreshes wait, so that the others come in its middle. Milliseconds. */
const busyFor = 2_500

async function fourAtOnce(story: Story, secrets: Secrets): Promise<void> {
  const { telling, openai, store } = story
  telling.heading('5. Four machines at once, and the login is due: a matrix without "concurrency"')
  openai.rotatedExpiresIn(10 * 24 * 3_600)
  const exchange = openai.holdNextExchange('before rotating')
  void exchange.begun.then(() => sleep(busyFor)).then(exchange.release)
  const steps = [keeper(store, 'auto'), execStep(openai)]
  const jobs = await Promise.all(['4', '5', '6', '7'].map((runId) => onNewMachine({ ...story, secrets, steps, runId })))
  for (const [at, job] of jobs.entries()) {
    telling.quote(
      `machine ${at + 4}`,
      logOf(job, 'keeper')
        .filter((line) => /^Waiting for|refreshed (before|by)/.test(line))
        .slice(0, 2)
        .map((line) => line.replaceAll(story.folder, '…')),
    )
  }
  telling.claim(
    'all four jobs are green',
    jobs.every(({ conclusion }) => conclusion === 'success'),
  )
  telling.claim(
    'one of them refreshed the login and stored it; the others took what it brought',
    jobs.filter((job) => job.stage('keeper').outputs['stored'] === 'true').length === 1,
  )
  telling.claim('the server counted one exchange and refused nobody', outcomes(openai)[2]?.join() === 'rotated')
}

function tellCounts(telling: Telling, { tokens, revocations, strangers, outside }: Ledger): void {
  telling.heading('What the server has counted')
  const owners = ['the person (the seed)', 'Codex on machine one', 'Codex on machine two', 'Codex on one of the four']
  const last = tokens.length - 1
  telling.table([
    ['refresh token', 'issued to', 'presented', 'outcome'],
    ...tokens.map(({ generation, presented, outcomes: seen }) => [
      String(generation),
      owners[generation] ?? '?',
      String(presented),
      outcomeWords(seen),
    ]),
  ])
  telling.claim(
    'each token was spent at most once, the last one rests in the store, unspent',
    last >= 2 &&
      tokens.every(({ outcomes: seen, generation }) => count(seen, 'rotated') === (generation < last ? 1 : 0)) &&
      tokens[last]?.presented === 0,
  )
  telling.claim('none was revoked or made up, and no host outside was asked for', revocations + strangers + outside.length === 0)
}

function keeper({ inputs }: DemoStore, refresh: 'never' | 'auto' | 'always') {
  return keeperStep({ 'auth-json': '${{ secrets.SEED }}', refresh, ...inputs })
}

function storeName({ inputs }: DemoStore): string {
  return inputs['store'] ?? ''
}

function claimGreen(telling: Telling, job: Job, name: string): void {
  telling.claim(`the job on machine ${name} is green`, job.conclusion === 'success')
}

/** Lines of the keeper's own log, with errors and warnings whatever they say; the folder of this run is left out. */
function quoteKeeper({ telling, folder }: Story, job: Job, stage: 'main' | 'post', which: RegExp): void {
  const lines = logOf(job, 'keeper', stage).filter((line) => which.test(line) || line.startsWith('##['))
  telling.quote(
    `keeper, ${stage}`,
    lines.map((line) => line.replaceAll(folder, '…').replace(/^##\[(\w+)\]/, '$1: ')),
  )
}

/** What Codex answered last, or why it did not. */
function quoteCodex(telling: Telling, job: Job): void {
  telling.quote(
    'codex exec',
    logOf(job, 'codex')
      .filter((line) => line === 'OK' || line.startsWith('ERROR: '))
      .slice(-1),
  )
}

function outcomes(openai: LoopbackOpenAI): readonly (readonly string[])[] {
  return openai.ledger().tokens.map((token) => token.outcomes)
}

/** "rotated, then 4 × refused: already used". */
function outcomeWords(seen: readonly string[]): string {
  if (seen.length === 0) return 'waits for the next job'
  return [...new Set(seen)]
    .map((outcome) => {
      const times = count(seen, outcome)
      return `${times > 1 ? `${times} × ` : ''}${outcome.replace('refresh_token_reused', 'already used')}`
    })
    .join(', then ')
}

function count(seen: readonly string[], outcome: string): number {
  return seen.filter((each) => each === outcome).length
}
