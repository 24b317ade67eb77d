import { afterEach, expect, test } from '@jest/globals'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Job } from '../support/fake-runner/job-result.ts'
import type { CallStep } from '../support/fake-runner/job-spec.ts'
import { codexHomeOf, keeperStep, runWorkflow } from '../support/keeper-workflow.ts'
import { endRotatingWorlds, rotates, rotatingWorld, type RotatingWorld } from '../support/rotating-jobs.ts'

afterEach(endRotatingWorlds)

/** In all that the keeper prints, the runner finds no command but the keeper's own. */
function expectNoForeignCommand(job: Job, { seed, next }: RotatingWorld): void {
  const commands = job.stages.flatMap(({ stdout, stderr }) => [...stdout, ...stderr]).filter((line) => /^\s*::|##\[/.test(line))
  expect(commands.length).toBeGreaterThan(0)
  expect(commands.filter((line) => !/^::(add-mask|group|endgroup|warning|error)::/.test(line) || line.includes('##['))).toEqual([])
  // Each mask came through, those of post too.
  for (const { tokens } of [seed, next]) expect(job.masks).toContain(tokens.refresh_token)
  expect(job.annotations.filter(({ message }) => message === 'planted')).toEqual([])
}

test('a line break in the name of a permission profile, and in a CODEX_HOME', async () => {
  const world = rotatingWorld()
  const { machine, next, inputs, secrets } = world
  const home = join(machine.home, 'a\n::stop-commands::never\n::error::planted\n##[error]planted')
  mkdirSync(home, { recursive: true })
  const profile = JSON.stringify('ci\n::stop-commands::never\r::error::planted')
  writeFileSync(
    join(home, 'config.toml'),
    `default_permissions = ${profile}\n[permissions.${profile}.filesystem]\n${JSON.stringify(home)} = "deny"\n`,
  )
  const job = await runWorkflow(machine, [keeperStep(inputs), rotates(machine, next, join(home, 'auth.json'))], {
    secrets,
    env: { CODEX_HOME: home },
  })
  expect(job.conclusion).toBe('success')
  expect(job.log).toContain('The permission profile "ci ::stop-commands::never ::error::planted" keeps the login')
  expectNoForeignCommand(job, world)
})

test('what a command of a store says, on whichever line', async () => {
  const world = rotatingWorld()
  const { machine, next, inputs, secrets } = world
  const says = `printf '%s\\n' '##[stop-commands]never' 'so ##[error]planted' '::stop-commands::never' '[log in](https://example.com) <img src=x>' >&2`
  const steps = [keeperStep({ ...inputs, 'write-command': `${says}; exit 77`, 'retry-for': '0' }), rotates(machine, next)]
  const job = await runWorkflow(machine, steps, { secrets })
  expect(job.conclusion).toBe('failure')
  expect(job.log).toContain('failed: write-command ended with exit code 77: ## [stop-commands]never | so ## [error]planted')
  expectNoForeignCommand(job, world)
  const { summary } = job.stage('keeper', 'post')
  expect(summary).toContain('[log in](https://example.com) &lt;img src=x&gt;')
  for (const block of summary.trim().split('\n\n')) expect(block).toMatch(/^<(h3|p|ul|table|pre|details)>[\s\S]*<\/\1>$/)
})

test('a value of config.toml, in an error', async () => {
  const world = rotatingWorld()
  const { machine, inputs, secrets } = world
  const looks: CallStep = { id: 'looks', if: 'always()', call: () => undefined }
  mkdirSync(codexHomeOf(machine), { recursive: true })
  writeFileSync(join(codexHomeOf(machine), 'config.toml'), 'cli_auth_credentials_store = "x\\n##[error]planted\\n::error::planted"\n')
  const job = await runWorkflow(machine, [keeperStep(inputs), looks], { secrets })
  expect(job.stage('keeper').conclusion).toBe('failure')
  const [{ message } = { message: '' }] = job.annotations
  expect(message).toMatch(/cli_auth_credentials_store = "x\n## \[error\]planted\n: :error::planted"/)
})
