import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { managedLogin } from '../support/codex-login.ts'
import { scheduleEvent } from '../support/fake-runner/events.ts'
import { createMachine } from '../support/fake-runner/machine.ts'
import { neighbours } from '../support/fake-runner/neighbours.ts'
import { keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { refreshed } from '../support/keeper-world.ts'
import { startLoopbackGithub, type LoopbackGithub } from '../support/loopback-github.ts'
import { startLoopbackHttps, type LoopbackHttps } from '../support/loopback-https.ts'
import { startLoopbackProxy, type LoopbackProxy } from '../support/loopback-proxy.ts'
import { endRotatingWorlds, rotates, rotatingWorld } from '../support/rotating-jobs.ts'
import { storePlaces } from '../support/store-places.ts'

afterEach(endRotatingWorlds)

const host = 'github.example.com'
const password = 'canaryOfTheProxy'

describe('where GitHub is behind a proxy', () => {
  let github: LoopbackGithub
  let https: LoopbackHttps
  let proxy: LoopbackProxy
  beforeAll(async () => {
    github = await startLoopbackGithub()
    github.repository('your-org/your-repo')
    https = await startLoopbackHttps(host, github.url)
  })
  afterEach(() => proxy.close())
  afterAll(async () => {
    await https.close()
    await github.close()
  })
  const apiUrl = `https://${host}`

  test('the API is asked through it, with its password, which nobody sees', async () => {
    proxy = await startLoopbackProxy({ [host]: https.port }, `ci:${password}`)
    const { machine, inputs, secrets } = rotatingWorld()
    Object.assign(machine.env, { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: https.certificate })
    const githubToken = github.token({ permissions: { metadata: 'read' } })
    const job = await runWorkflow(machine, [keeperStep(inputs)], { ...scheduleEvent(), secrets, apiUrl, githubToken, stepDebug: true })
    expect([job.conclusion, proxy.refused]).toEqual(['success', []])
    expect(new Set(proxy.tunnels)).toEqual(new Set([`${host}:443`]))
    const shown = job.stages.flatMap(({ stdout, stderr, state, summary }) => [...stdout, ...stderr, JSON.stringify(state), summary])
    expect(shown.join('\n')).not.toContain(password)
  })

  test('a proxy that refuses is told as an outage, without its password', async () => {
    proxy = await startLoopbackProxy({ [host]: https.port }, `ci:${password}`)
    const { machine, inputs, secrets } = rotatingWorld()
    Object.assign(machine.env, { https_proxy: proxy.url.replace(password, `${password}2`), NODE_EXTRA_CA_CERTS: https.certificate })
    const job = await runWorkflow(machine, [keeperStep(inputs)], { ...scheduleEvent(), secrets, apiUrl, githubToken: 'ghs_canary' })
    expect([job.conclusion, proxy.tunnels]).toEqual(['failure', []])
    expect(proxy.refused).toContain(`${host}:443`)
    expect(job.annotations.map(({ message }) => message).join()).toMatch(/GitHub could not be asked to read the repository/)
    expect(job.log).not.toContain(password)
  })

  test('a proxy that never answers is an outage, and does not keep the step', async () => {
    proxy = await startLoopbackProxy({ [host]: 0 })
    const { machine, inputs, secrets } = rotatingWorld()
    Object.assign(machine.env, { HTTPS_PROXY: proxy.url })
    const step = keeperStep(inputs, { timeoutMs: 120_000 })
    const job = await runWorkflow(machine, [step], { ...scheduleEvent(), secrets, apiUrl, githubToken: 'ghs_canary' })
    expect([job.stage('keeper').exitCode, job.stage('keeper').signalsSent]).toEqual([1, []])
    expect(proxy.tunnels.length).toBeGreaterThan(0)
    expect(job.annotations.map(({ message }) => message).join()).toMatch(/GitHub could not be asked to read the repository: .*time-out/)
  }, 180_000)

  test('post takes the one of restore, also when a step names another', async () => {
    proxy = await startLoopbackProxy({ [host]: https.port })
    const other = await startLoopbackProxy({ [host]: https.port })
    const place = await storePlaces['github-secret']()
    const ofPlace = place.job()
    const front = await startLoopbackHttps(host, ofPlace.spec.apiUrl ?? '')
    await proxy.close()
    proxy = await startLoopbackProxy({ [host]: front.port })
    const machine = createMachine({ env: { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: front.certificate } })
    try {
      const seed = managedLogin()
      place.seed(seed.text)
      const next = refreshed(seed)
      const { inputs, spec } = place.job()
      const steps = [keeperStep(inputs), rotates(machine, next), neighbours.setsVariable('HTTPS_PROXY', other.url)]
      const job = await runWorkflow(machine, steps, { ...spec, apiUrl })
      expect(job.conclusion).toBe('success')
      expect(await place.contents()).toEqual(Buffer.from(place.held(next.bytes)))
      expect([proxy.tunnels.length > 2, other.tunnels, other.refused]).toEqual([true, [], []])
    } finally {
      machine.destroy()
      await other.close()
      await front.close()
      await place.close()
    }
  })
})

test('the cache service behind a proxy is asked through it, by main and post', async () => {
  const place = await storePlaces.cache()
  const { inputs, spec } = place.job()
  const { port } = new URL(spec.services?.resultsUrl ?? '')
  const proxy = await startLoopbackProxy({ 'results.example.com': Number(port) })
  const machine = createMachine({ env: { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' } })
  try {
    const seed = managedLogin()
    place.seed(seed.text)
    const next = refreshed(seed)
    const job = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, next)], {
      ...spec,
      ...place.job().spec,
      services: { ...spec.services, resultsUrl: 'http://results.example.com/' },
    })
    expect(job.conclusion).toBe('success')
    expect(await place.contents()).toEqual(Buffer.from(place.held(next.bytes)))
    expect(proxy.tunnels.length).toBeGreaterThanOrEqual(4)
    expect([new Set(proxy.tunnels), proxy.refused]).toEqual([new Set(['results.example.com:80']), []])
  } finally {
    machine.destroy()
    await proxy.close()
    await place.close()
  }
})
