import { rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { managedLogin, unmanagedDocuments, type Login } from '../__tests__/support/codex-login.ts'
import type { Job } from '../__tests__/support/fake-runner/job-result.ts'
import type { JobSpec, Step } from '../__tests__/support/fake-runner/job-spec.ts'
import type { Machine } from '../__tests__/support/fake-runner/machine.ts'
import { processesThatKnow } from '../__tests__/support/fake-runner/processes/process-table.ts'
import { inJobWorld, type JobWorld } from '../__tests__/support/job-world.ts'
import { authFileOf, authFileText, codexStep } from '../__tests__/support/keeper-workflow.ts'
import { call } from '../__tests__/support/store-world.ts'
import { withFastStopwatch } from '../__tests__/support/stopwatches.ts'
import { isLater, newestOf, standingOf } from './ledger.ts'
import type { Damage, JobPlan, Kill, RoundPlan } from './plan.ts'
import { lossOf, type Loss } from './loss.ts'
import { tokensShownBy } from './shown.ts'

/** What one round saw. */
export interface RoundResult {
  readonly jobs: number
  /** Kills that met a living process. */
  readonly kills: number
  readonly losses: readonly Loss[]
  /** A sentence for each promise that was broken. */
  readonly violations: readonly string[]
}

/** A login's life on one store: the jobs of the plan, then two calm ones that show whether all still works. */
export async function playRound({ store, jobs }: RoundPlan): Promise<RoundResult> {
  let result: RoundResult | undefined
  await inJobWorld(store, async (world) => {
    const round = new Round(world, store === 'runner')
    await round.logIn()
    for (const [at, job] of jobs.entries()) await round.play(job, `job ${at + 1}`)
    await round.end()
    result = { jobs: round.jobs, kills: round.kills, losses: round.losses, violations: round.violations }
  })
  if (result === undefined) throw new Error('The round did not come to its end.')
  return result
}

class Round {
  jobs = 0
  kills = 0
  readonly losses: Loss[] = []
  readonly violations: string[] = []
  readonly #world: JobWorld
  /** A machine of its own that jobs come back to: there CODEX_HOME is a place like any other. */
  readonly #staying: Machine | undefined
  #login: Login | undefined
  #stored: ReturnType<typeof newestOf> | undefined

  constructor(world: JobWorld, machineStays: boolean) {
    this.#world = world
    this.#staying = machineStays ? withFastStopwatch(world.machine()) : undefined
  }

  /** A person logs in, for the first time or again, and puts the login where the workflow takes it from. */
  async logIn(): Promise<void> {
    const { openai, place } = this.#world
    const earlier = openai.ledger().tokens.length
    const now = Math.floor(Date.now() / 1000)
    // Later than all that was issued before: rotations count seconds up.
    const login = openai.login({ ...this.#login?.claims, issuedAt: now + (earlier === 0 ? -60 : earlier + 1), expiresIn: 3_600 })
    this.#login = login
    place.seed(login.text)
    await Promise.resolve()
  }

  async play(plan: JobPlan, name: string): Promise<void> {
    const { openai, place } = this.#world
    openai.rotatedExpiresIn(plan.nextLives)
    const before = newestOf(openai)
    if (plan.fault?.from === 'the start') await this.#break(plan)
    const machines = plan.two ? [this.#machine(), withFastStopwatch(this.#world.machine())] : [this.#machine()]
    const played = await Promise.all(machines.map((machine) => this.#job(machine, plan)))
    await place.heal()
    this.jobs += played.length
    await this.#check(plan, name, machines, played)
    const loss = await this.#loss(name, plan, machines, played, before)
    if (loss !== undefined) {
      this.losses.push(loss)
      if (loss.silent) this.violations.push(`${name}: the login was lost (${loss.cause}), and the job said nothing of it`)
      await this.#afterLoss(name)
    }
    for (const machine of machines) if (machine !== this.#staying) machine.destroy()
  }

  /** Two jobs without faults: the first brings in what is left, the second lives on what the first has stored. */
  async end(): Promise<void> {
    this.#moveForeignFile()
    for (const name of ['the first calm job', 'the second calm job']) {
      const job = await this.#calm('always')
      if (job.conclusion !== 'success') this.violations.push(`${name} is not green:\n${errorsIn(job)}`)
      await this.#check(undefined, name, [], [job])
    }
  }

  /** The job after a loss says so once, and a person's new login is all it takes. */
  async #afterLoss(name: string): Promise<void> {
    this.#moveForeignFile()
    const job = await this.#calm('always')
    const verdicts = job.annotations.filter(({ level, message }) => level === 'error' && /log in again/i.test(message))
    if (job.conclusion === 'success') this.violations.push(`after ${name}: a job with a spent login is green`)
    else if (verdicts.length === 0) this.violations.push(`after ${name}: nobody says that a person has to log in again:\n${errorsIn(job)}`)
    await this.logIn()
  }

  async #calm(refresh: JobPlan['refresh']): Promise<Job> {
    const machine = this.#machine()
    this.jobs += 1
    const job = await this.#world.run(machine, { refresh, 'write-through': 'auto' }, [codexStep], {})
    if (machine !== this.#staying) machine.destroy()
    return job
  }

  #machine(): Machine {
    return this.#staying ?? withFastStopwatch(this.#world.machine())
  }

  async #break({ fault }: JobPlan): Promise<void> {
    const { place } = this.#world
    switch (fault?.on) {
      case 'read':
        return place.failReads(fault.times)
      case 'write':
        return place.failWrites(fault.times)
      case 'answer':
        return place.loseAnswers?.(fault.times)
      case 'slow':
        return place.slow?.(1_500)
      case undefined:
    }
  }

  #job(machine: Machine, plan: JobPlan): Promise<Job> {
    const steps: Step[] = [
      call('runs-out', () => {
        if (plan.runsOut) this.#world.openai.expireAccessTokens()
      }),
      codexStep,
      {
        ...call('damage', () => {
          this.#damage(machine, plan.damage)
        }),
        if: 'always()',
      },
      { ...call('outage', () => (plan.fault?.from === 'the end of the steps' ? this.#break(plan) : undefined)), if: 'always()' },
    ]
    const inputs = { refresh: plan.refresh, 'write-through': plan.writeThrough, 'retry-for': '5s' }
    return this.#world.run(machine, inputs, steps, plan.kill === undefined ? {} : this.#killing(machine, plan.kill))
  }

  #damage(machine: Machine, damage: Damage | undefined): void {
    const text = authFileText(machine)
    if (damage === undefined || text === undefined) return
    // As a step would: now, and in place.
    writeFileSync(authFileOf(machine), this.#damaged(text, damage))
  }

  #damaged(text: string, damage: Damage): string | Uint8Array {
    switch (damage) {
      case 'cut':
        return text.slice(0, 700)
      case 'removed':
        return ''
      case 'old copy':
        return this.#login?.text ?? managedLogin().text
      case 'API key':
        return unmanagedDocuments()['api-key'].bytes
    }
  }

  /** Where a step has logged Codex in with an API key, restore asks a person to move that file away. */
  #moveForeignFile(): void {
    const machine = this.#staying
    if (machine !== undefined && authFileText(machine)?.includes('"apikey"') === true) rmSync(authFileOf(machine))
  }

  #killing(machine: Machine, kill: Kill): Pick<JobSpec, 'interrupts' | 'onStageStart'> {
    const [step, stage] = kill.stage === 'codex' ? ['codex', 'main'] : ['keeper', kill.stage]
    let begun = (): void => undefined
    const due = new Promise<void>((resolve) => {
      begun = resolve
    }).then(() => sleep(kill.afterMs))
    const onStageStart: JobSpec['onStageStart'] = (started) => {
      if (started.step !== step || started.stage !== stage) return
      begun()
      if (kill.whom === 'job') return
      void due.then(() => {
        const pids = kill.whom === 'stage' ? [started.pid] : codexOn(machine)
        for (const pid of pids) if (killed(pid)) this.kills += 1
      })
    }
    if (kill.whom !== 'job') return { onStageStart }
    void due.then(() => {
      this.kills += 1
    })
    return { onStageStart, interrupts: [{ kind: 'kill', when: { after: due } }] }
  }

  async #check(plan: JobPlan | undefined, name: string, machines: readonly Machine[], played: readonly Job[]): Promise<void> {
    const { openai, place } = this.#world
    const bytes = await place.contents()
    const stored = standingOf(openai, bytes)
    const says = (text: string): void => void this.violations.push(`${name}: ${text}`)
    switch (stored.kind) {
      case 'none':
        if (this.#stored !== undefined) says('the store is empty, and held a login before')
        break
      case 'no-login':
      case 'stranger':
        says(`the store holds something that is not a login of this server (${stored.kind})`)
        break
      case 'known':
        if (this.#stored !== undefined && isLater(this.#stored, stored.token)) {
          says(`the store went back from generation ${this.#stored.generation} to ${stored.token.generation}`)
        }
        if (place.name !== 'github-secret' && stored.token.generation === 0) says('the store holds the seed')
        this.#stored = stored.token
    }
    const { strangers, revocations, tokens } = openai.ledger()
    if (strangers > 0) says('a refresh token was presented that was never issued')
    if (revocations > 0) says('a login was revoked')
    const twice = tokens.filter(({ outcomes }) => outcomes.filter((outcome) => outcome.startsWith('rotated')).length > 1)
    if (twice.length > 0) says('the server rotated one token twice')
    for (const job of played) {
      for (const where of tokensShownBy(
        job,
        tokens.map(({ refreshToken }) => refreshToken),
      ))
        says(`a refresh token is shown in ${where}`)
    }
    if (plan?.damage === undefined) this.#checkLastCopy(says, machines, played)
  }

  /** Where a job came to its end and no store has the newest login, the machine still has what it had. */
  #checkLastCopy(says: (text: string) => void, machines: readonly Machine[], played: readonly Job[]): void {
    const newest = newestOf(this.#world.openai)
    if (newest.generation === 0 || this.#stored?.refreshToken === newest.refreshToken) return
    for (const [at, job] of played.entries()) {
      const machine = machines[at]
      if (machine === undefined || job.conclusion === 'lost') continue
      const wasThere = job.stages.some(({ stdout, step }) => step === 'keeper' && stdout.join('\n').includes(newest.refreshToken))
      if (wasThere && authFileText(machine) === undefined) says('the last copy of the newest login was removed')
    }
  }

  async #loss(
    job: string,
    plan: JobPlan,
    machines: readonly Machine[],
    played: readonly Job[],
    before: ReturnType<typeof newestOf>,
  ): Promise<Loss | undefined> {
    const { openai, place } = this.#world
    const newest = newestOf(openai)
    const holds = (bytes: Uint8Array | string | undefined): boolean => {
      const found = standingOf(openai, bytes)
      return found.kind === 'known' && found.token.refreshToken === newest.refreshToken
    }
    // What has not been spent is not lost: the seed is still in its secret, a stored copy still works.
    if (!isLater(newest, before) || holds(await place.contents())) return undefined
    await sleep(3_000) // what was on its way to a host when the machine died may still arrive there
    if (holds(await place.contents())) return undefined
    if (this.#staying !== undefined && holds(authFileText(this.#staying))) return undefined
    const onMachine = machines.some((machine) => holds(authFileText(machine)))
    return lossOf({ job, plan, jobs: played, onMachine })
  }
}

/** The processes of Codex on a machine. */
function codexOn(machine: Machine): number[] {
  return processesThatKnow(machine.root)
    .filter(({ argv }) => argv.some((argument) => /\/codex$/.test(argument)) && !argv.some((argument) => argument.endsWith('.js')))
    .map(({ pid }) => pid)
}

/** Whether there was somebody to kill. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

function errorsIn(job: Job): string {
  return job.annotations.map(({ stage, level, message }) => `    ${stage} ${level}: ${message}`).join('\n')
}
