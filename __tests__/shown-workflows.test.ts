import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { parseInputs } from '../src/action/inputs.ts'
import { storeForms } from '../src/stores/store-settings.ts'
import { managedLogin } from './support/codex-login.ts'
import { someIdentity } from './support/sealing.ts'
import { usesKeeper } from './support/shown-keeper.ts'
import { someRun } from './support/store-run.ts'

interface Step {
  readonly uses?: string
  readonly with?: Readonly<Record<string, string | number | boolean>>
}
interface Job {
  readonly concurrency?: unknown
  readonly strategy?: unknown
  readonly steps?: readonly Step[]
}
interface Workflow {
  readonly concurrency?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const action = parse(read('action.yml')) as { readonly inputs: Readonly<Record<string, unknown>> }

/** What a person copies: each example, and each block of README.md and of the guides in docs/ that has the keeper; a whole workflow or steps. */
const examples = readdirSync(new URL('../examples', import.meta.url))
  .filter((name) => name.endsWith('.yml'))
  .map((name) => `examples/${name}`)
  .map((where) => ({ where, text: read(where) }))
const pages = ['README.md', 'docs/ssh.md', 'docs/organisation.md', 'docs/codex-action.md']
const blocks = pages
  .flatMap((page) => [...read(page).matchAll(/^( *)```yaml\n([\s\S]*?)^\1```$/gm)].map((block) => ({ page, block })))
  .map(({ page, block: { 2: text = '', index, input } }) => ({ where: `${page}, line ${input.slice(0, index).split('\n').length}`, text }))
  .filter(({ text }) => text.includes('/codex-auth-keeper@'))

const isWorkflow = (text: string): boolean => /^ *jobs:/m.test(text)
const workflowOf = (text: string): Workflow => {
  const shown = parse(text) as Workflow | readonly Step[]
  return 'jobs' in shown ? shown : { jobs: { only: { steps: shown } } }
}
const keeperStepsOf = (text: string): Step[] =>
  Object.values(workflowOf(text).jobs)
    .flatMap(({ steps = [] }) => steps)
    .filter(usesKeeper)

const values: Readonly<Record<string, string>> = {
  'secrets.CODEX_AUTH_SEED': managedLogin().text,
  'secrets.CODEX_AUTH_KEY': await someIdentity(),
  'secrets.CODEX_AUTH_SSH_KEY': '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n',
  'vars.CODEX_AUTH_KNOWN_HOSTS': 'keeper.example.com ssh-ed25519 AAAA',
  // Of the store github-secret, where the secret is seed and store in one.
  'secrets.CODEX_AUTH': managedLogin().text,
  'secrets.CODEX_AUTH_WRITER': 'github_pat_1',
  'secrets.CODEX_AUTH_APP_KEY': '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n',
  'vars.CODEX_AUTH_APP_ID': '123456',
}

/** An input as the runner would hand it on. Throws when it asks for anything that no text tells the reader to make. */
function handedOn(value: string): string {
  return value.replaceAll(/\$\{\{ *(\S+) *\}\}/g, (_, name: string) => {
    const found = values[name]
    if (found === undefined) throw new Error(`Nobody is told to make ${name}.`)
    return found
  })
}

test('README.md shows the keeper, in a workflow and in steps', () => {
  expect(new Set(blocks.map(({ text }) => isWorkflow(text)))).toEqual(new Set([true, false]))
})

describe.each([...blocks, ...examples])('$where', ({ text }) => {
  test('gives the keeper only inputs that exist, with values that it takes', () => {
    const steps = keeperStepsOf(text)
    expect(steps).not.toEqual([])
    for (const { with: given = {} } of steps) {
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(given)))
      expect(() => parseInputs((name) => handedOn(String(given[name] ?? '')), someRun())).not.toThrow()
    }
  })

  test('takes the seed and the key from the same secrets as all others', () => {
    for (const { with: given = {} } of keeperStepsOf(text)) {
      const seed = String(given['store']).startsWith('github-secret:') ? 'CODEX_AUTH' : 'CODEX_AUTH_SEED'
      // A person puts the first login into a secret manager directly, so that GitHub holds none.
      const isManager = String(given['store']).startsWith('vault:')
      expect(given['auth-json']).toBe(isManager ? undefined : `\${{ secrets.${seed} }}`)
      expect(given['encryption-key'] ?? '${{ secrets.CODEX_AUTH_KEY }}').toBe('${{ secrets.CODEX_AUTH_KEY }}')
    }
  })
})

const concurrencyOf = (text: string): unknown[] => {
  const workflow = workflowOf(text)
  return [workflow, ...Object.values(workflow.jobs)].flatMap(({ concurrency }) => concurrency ?? [])
}
const workflows = [...blocks, ...examples].filter(({ text }) => isWorkflow(text))
const isMatrix = ({ text }: { readonly text: string }): boolean =>
  Object.values(workflowOf(text).jobs).some(({ strategy }) => strategy !== undefined)

/** Whether no store of a workflow holds a lease, so that jobs must wait for each other; a command holds one only where it says so. */
const needsToWait = ({ text }: { readonly text: string }): boolean =>
  keeperStepsOf(text).some((step) => /^(cache|github-secret|command)\b/.test(String(step.with?.['store'])))

describe.each(workflows.filter(needsToWait))('$where', ({ text }) => {
  test('lets jobs wait for the login, all of them, and cancels none', () => {
    expect(concurrencyOf(text)).toEqual([{ group: 'codex-auth', queue: 'max' }])
  })
})

test('jobs wait for each other where no store holds a lease, and nowhere else', () => {
  const waiting = workflows.filter(({ text }) => concurrencyOf(text).length > 0)
  expect(waiting).toEqual(workflows.filter(needsToWait))
  expect(waiting).not.toEqual([])
})

describe.each(workflows.filter(isMatrix))('$where', ({ text }) => {
  test('lets jobs run side by side, on a store that holds a lease, and none cancel another', () => {
    expect(concurrencyOf(text)).toEqual([])
    expect(keeperStepsOf(text).map((step) => step.with?.['store'])).toEqual(keeperStepsOf(text).map(() => 'git'))
    const strategies = Object.values(workflowOf(text).jobs).flatMap(({ strategy }) => strategy ?? [])
    expect(strategies).toEqual([expect.objectContaining({ 'fail-fast': false })])
  })
})

test('README.md and the examples show a matrix each', () => {
  expect(workflows.filter(isMatrix).map(({ where }) => where.replace(/, line.*/, ''))).toEqual(['README.md', 'examples/matrix.yml'])
})

test('the examples show every kind of store', () => {
  const kind = (line: string): string => line.split(/[: ]/, 1)[0] ?? ''
  const shown = examples
    .flatMap(({ text }) => keeperStepsOf(text))
    .flatMap((step) => String(step.with?.['store']).split('\n'))
    .map(kind)
  expect(shown).toEqual(expect.arrayContaining(storeForms.map(kind)))
})
