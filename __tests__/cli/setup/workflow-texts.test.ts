import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { checkWorkflows } from '../../../src/cli/doctor/workflows/check-workflows.ts'
import { parseWorkflow } from '../../../src/cli/doctor/workflows/workflow.ts'
import { codexWorkflow, environmentOf, keepFreshWorkflow, sourceOf } from '../../../src/cli/setup/workflow-texts.ts'

const example = (name: string): string => readFileSync(new URL(`../../../examples/${name}.yml`, import.meta.url), 'utf8')

interface Workflow {
  readonly on: { readonly schedule: readonly { readonly cron: string }[] }
  readonly concurrency?: unknown
  readonly jobs: Record<string, Job>
}
interface Job {
  readonly 'runs-on': string
  readonly environment?: string
  readonly permissions: Record<string, string>
  readonly steps: readonly { readonly uses?: string; readonly with?: Record<string, unknown> }[]
}
const jobOf = (text: string): Job => Object.values((parse(text) as Workflow).jobs)[0] as Job
const inputsOf = (text: string): Record<string, unknown> | undefined => jobOf(text).steps.find((step) => step.with !== undefined)?.with

const lines = {
  git: 'git: ?ref=refs/heads/codex-auth/default',
  runner: 'runner: /srv/codex',
  ssh: "ssh: ci@build-1:22/home/ci/it's $& here.json",
  cache: undefined,
  'github-secret': 'github-secret: OTHER?environment=ours',
  kubernetes: 'kubernetes: ours/codex',
  vault: 'vault: https://vault.example.com/kv/codex?role=ours',
  s3: 's3: ours/codex/auth.json?region=eu-west-1&role=arn:aws:iam::123456789012:role/ours',
} as const

describe.each(Object.entries(lines))('the store %s', (kind, line) => {
  const codex = codexWorkflow(example(kind), { line, environment: 'ours' })
  const fresh = keepFreshWorkflow(example(kind === 'runner' ? 'keep-fresh-self-hosted' : 'keep-fresh'), codex)

  test('has line and environment, and all else as its example', () => {
    expect(inputsOf(codex)?.['store']).toBe(line ?? kind)
    expect([jobOf(codex).environment, environmentOf(codex)]).toEqual(['ours', 'ours'])
    expect(codexWorkflow(example(kind), { line: undefined, environment: undefined })).toBe(example(kind))
    const changed = codex.split('\n').filter((text) => !example(kind).includes(`${text}\n`))
    expect(changed.every((text) => /^ +(?:store|environment|auth-json): /.test(text))).toBe(true)
  })

  test('is kept fresh as it is used', () => {
    const [used, kept] = [parse(codex) as Workflow, parse(fresh) as Workflow]
    expect(inputsOf(fresh)).toEqual({ ...inputsOf(codex), refresh: 'always', 'smoke-test': true, 'reseed-issue': true })
    const { 'runs-on': runsOn, environment, permissions } = jobOf(codex)
    expect(jobOf(fresh)).toMatchObject({ 'runs-on': runsOn, environment, permissions: { ...permissions, issues: 'write' } })
    expect([kept.on.schedule, kept.concurrency]).toEqual([used.on.schedule, used.concurrency])
    const both = [codex, fresh].map((text, index) => {
      const found = parseWorkflow(text.replaceAll('0'.repeat(40), 'a'.repeat(40)), `${index}.yml`)
      if (found === undefined) throw new Error('That is no workflow.')
      return found
    })
    expect(checkWorkflows(both).filter(({ level }) => level !== 'ok')).toEqual([])
    expect(fresh).not.toContain('Give it the store lines')
    expect(fresh).toContain('"refresh: always" asks it to refresh now')
  })
})

test('what an input comes from is read from the text', () => {
  const codex = codexWorkflow(example('github-secret'), { line: lines['github-secret'], environment: 'ours' })
  expect([sourceOf(codex, 'auth-json'), sourceOf(codex, 'secret-writer-token')]).toEqual(['OTHER', 'CODEX_AUTH_WRITER'])
  expect([sourceOf(example('ssh'), 'ssh-known-hosts'), sourceOf(example('ssh'), 'encryption-key')]).toEqual([
    'CODEX_AUTH_KNOWN_HOSTS',
    undefined,
  ])
})
