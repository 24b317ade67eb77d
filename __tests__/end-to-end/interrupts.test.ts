import { afterEach, beforeAll, afterAll, describe, expect, test } from '@jest/globals'
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Interrupt } from '../support/fake-runner/job-spec.ts'
import type { Machine } from '../support/fake-runner/machine.ts'
import { processesThatKnow } from '../support/fake-runner/processes/process-table.ts'
import { authFileText, codexMachine, codexStep, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { refreshed } from '../support/keeper-world.ts'
import { startLoopbackOpenAI, type LoopbackOpenAI } from '../support/loopback-openai.ts'
import { endRotatingWorlds, errorsOf, fileStore, rotates, rotatingWorld, withCodex, type FileStore } from '../support/rotating-jobs.ts'

describe('Codex outlives its shell', () => {
  let openai: LoopbackOpenAI
  let machine: Machine
  let store: FileStore
  beforeAll(async () => {
    openai = await startLoopbackOpenAI({ enforce: true })
    machine = codexMachine({ openai })
    store = fileStore()
  })
  afterAll(async () => {
    machine.destroy()
    store.remove()
    await openai.close()
  })

  test('a cancel in the middle of the exchange: post waits for Codex and stores what it then writes', async () => {
    const seed = openai.login({ expiresIn: -10 })
    const exchange = openai.holdNextExchange('after rotating')
    const cancel: Interrupt = { kind: 'cancel', when: { after: exchange.begun.then(() => sleep(200)) } }
    const running = runWorkflow(
      machine,
      [keeperStep({ ...store.inputs, 'auth-json': '${{ secrets.SEED }}', refresh: 'never' }), codexStep],
      {
        secrets: { SEED: JSON.stringify(JSON.parse(seed.text)) },
        interrupts: [cancel],
        timeScale: 0.4,
      },
    )
    await untilPostRuns(machine)
    // Longer than post would wait if it did not see the Codex process.
    await sleep(3_500)
    expect(store.operations()).toEqual(['read'])
    exchange.release()
    const job = await running
    expect(job.conclusion).toBe('cancelled')
    expect(job.stage('codex')).toMatchObject({ conclusion: 'cancelled', signalsSent: ['SIGINT', 'SIGTERM'] })
    const [spent, fresh] = openai.ledger().tokens
    expect([spent?.presented, fresh?.presented]).toEqual([1, 0])
    expect(store.text()).toContain(fresh?.refreshToken)
    expect(job.stage('keeper', 'post').log.join('\n')).toContain('written: the refreshed login is stored')
  })
})

describe('post writes first', () => {
  afterEach(endRotatingWorlds)

  test('everything is killed while a Codex still lives and post waits for it: the store has what Codex wrote before', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    // What counts as Codex is a process of that name, so a shell script will not do.
    const codex = join(machine.root, 'codex')
    copyFileSync('/bin/sleep', codex)
    const lives = { id: 'lives', run: `'${codex}' 600 >/dev/null 2>&1 &` }
    const stored = untilPostRuns(machine).then(async () => {
      // Post would wait for Codex three times as long.
      for (const end = Date.now() + 15_000; store.text() === undefined && Date.now() < end;) await sleep(50)
    })
    const job = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, next), lives], {
      secrets,
      interrupts: [{ kind: 'kill', when: { after: stored } }],
    })
    expect([job.conclusion, store.text()]).toEqual(['lost', next.text])
    expect(authFileText(machine)).toBe(next.text)
  })

  test('a Codex that rotates once more while post waits for it: the later login is stored too', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const later = refreshed(next)
    const [source, codex] = [join(machine.root, 'later.json'), join(machine.root, 'codex')]
    writeFileSync(source, later.text)
    copyFileSync('/bin/sleep', codex)
    const goesOn = {
      id: 'goes-on',
      run: `('${codex}' 600 & until [ -e '${store.file}' ]; do sleep 0.1; done; cp '${source}' "$HOME/.codex/auth.json"; kill $!) >/dev/null 2>&1 &`,
    }
    const job = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, next), goesOn], { secrets })
    expect([job.conclusion, store.text(), authFileText(machine)]).toEqual(['success', later.text, undefined])
    expect(store.operations()).toEqual(['read', 'read', 'write', 'read', 'write'])
  })
})

describe('a time limit on the keeper itself', () => {
  afterEach(endRotatingWorlds)

  test('ends main in the middle of its smoke test: post waits for the Codex that main has left, and stores what it writes', async () => {
    const { machine, store, next, inputs, secrets } = rotatingWorld()
    const [source, go] = [join(machine.root, 'next.json'), join(machine.root, 'go')]
    writeFileSync(source, next.text)
    withCodex(machine, `until [ -e '${go}' ]; do sleep 0.1; done; cp '${source}' "$CODEX_HOME/auth.json"`)
    const keeper = keeperStep({ ...inputs, 'smoke-test': 'true' }, { timeoutMs: 8_000 })
    const released = untilPostRuns(machine)
      .then(() => sleep(2_500))
      .then(() => {
        writeFileSync(go, '')
      })
    const [job] = await Promise.all([runWorkflow(machine, [keeper], { secrets }), released])
    expect(job.stage('keeper')).toMatchObject({ conclusion: 'failure', signalsSent: ['SIGINT'] })
    expect(errorsOf(job, 'main')).toMatch(/timed out/)
    expect(job.stage('keeper', 'post').conclusion).toBe('success')
    expect([store.text(), job.conclusion]).toEqual([next.text, 'failure'])
  })
})

/** Fulfilled when the keeper's post of a job on this machine has been started. */
async function untilPostRuns({ root }: Machine): Promise<void> {
  while (!processesThatKnow(root).some(({ argv }) => argv.some((argument) => argument.endsWith('/dist/post.js')))) {
    if (!existsSync(root)) throw new Error('The machine is gone, and its post never ran.')
    await sleep(50)
  }
}
