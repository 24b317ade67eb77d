import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { checkWorkflows } from '../../../src/cli/doctor/workflows/check-workflows.ts'
import { parseWorkflow } from '../../../src/cli/doctor/workflows/workflow.ts'

const examples = new URL('../../../examples/', import.meta.url)
const sha = 'a'.repeat(40)

interface Shape {
  readonly uses?: string
  readonly inputs?: string
  readonly top?: string
  readonly on?: string
  readonly job?: string
  readonly before?: string
  readonly after?: string
}

const schedule = "{ schedule: [{ cron: '17 4 * * 1,4' }] }"
const group = 'concurrency: { group: codex-auth, queue: max }'
const install = '- run: npm install --global @openai/codex@0.169.0'

function workflow(shape: Shape = {}): string {
  const { uses = `your-org/codex-auth-keeper@${sha}`, inputs = 'store: git', top = group, on = schedule } = shape
  const { job = 'permissions: { contents: write }', before = install, after = '- run: codex exec hi' } = shape
  return `name: Codex
on: ${on}
${top}
jobs:
  codex:
    runs-on: ubuntu-latest
    ${job}
    steps:
      - uses: actions/checkout@${sha}
      ${before}
      - uses: ${uses}
        with: { ${inputs} }
      ${after}
`
}

/** What is not as it should be, by its check; the files are a.yml, b.yml and so on. */
function troubles(...texts: readonly string[]): string[] {
  const workflows = texts.map((text, index) => {
    const found = parseWorkflow(text, `${'abc'.charAt(index)}.yml`)
    if (found === undefined) throw new Error('no workflow')
    return found
  })
  return checkWorkflows(workflows).flatMap((found) => (found.level === 'ok' ? [] : [`${found.level} ${found.check}: ${found.what}`]))
}

describe('the examples', () => {
  const names = readdirSync(examples).filter((name) => name.endsWith('.yml'))
  const text = (name: string): string => readFileSync(new URL(name, examples), 'utf8')
  const pinned = (name: string): string => text(name).replaceAll(`codex-auth-keeper@${'0'.repeat(40)}`, `codex-auth-keeper@${sha}`)
  // Its own comment says that keep-fresh.yml goes with it.
  const beside = (name: string): string[] => (name === 'review.yml' ? ['keep-fresh.yml'] : [])

  test.each(names)('%s is well, but for the SHA that a reader fills in', (name) => {
    const names = [name, ...beside(name)]
    const asItIs = troubles(...names.map(text))
    expect(new Set(asItIs)).toEqual(
      new Set(['warning pinned: The keeper is pinned by zeros, which stand for the SHA of a commit in the examples.']),
    )
    expect(troubles(...names.map(pinned))).toEqual([])
  })

  test.each([
    ['git.yml', 'keep-fresh.yml'],
    ['matrix.yml', 'keep-fresh.yml'],
    ['runner.yml', 'keep-fresh-self-hosted.yml'],
  ])('%s and %s are well together', (...together) => {
    expect(troubles(...together.map(pinned))).toEqual([])
  })
})

test('a workflow that is as it should be', () => {
  expect(troubles(workflow())).toEqual([])
})

test.each([
  ['no keeper', workflow({ uses: 'your-org/other-action@v1' })],
  ['a keeper without a store', workflow({ inputs: 'slot: a' })],
  ['steps that are none', 'on: push\njobs: { a: { runs-on: x, steps: 3 }, b: null, c: [1] }'],
])('%s: nothing to say', (_, text) => {
  expect(troubles(text)).toEqual([])
})

test.each([['a: ['], ['[]'], ['jobs: 3'], [''], ['on: push']])('%j is no workflow', (text) => {
  expect(parseWorkflow(text, 'a.yml')).toBeUndefined()
})

describe('the same stores for a login', () => {
  const seeded = (store: string, seed: string): string => workflow({ inputs: `store: ${store}, auth-json: '\${{ secrets.${seed} }}'` })
  test.each([
    ['other stores', seeded('git', 'A'), seeded("'ssh: a@b/c'", 'A'), ['problem same-stores']],
    ['other stores, one without a seed', seeded('git', 'A'), workflow({ inputs: "store: 'ssh: a@b/c'" }), ['problem same-stores']],
    ['other stores and no seeds', workflow(), workflow({ inputs: "store: 'ssh: a@b/c'" }), ['problem same-stores']],
    ['other stores for another login', seeded('git', 'A'), seeded("'ssh: a@b/c'", 'B'), []],
    ['other stores for another slot', workflow(), workflow({ inputs: "slot: other, store: 'ssh: a@b/c'" }), []],
    ['the same stores', seeded('git', 'A'), seeded('git', 'A'), []],
    ['more stores', workflow(), workflow({ inputs: 'store: "git\\nrunner"' }), ['problem same-stores']],
    [
      'another order',
      workflow({ inputs: 'store: "git\\nrunner"' }),
      workflow({ inputs: 'store: "runner\\ngit"' }),
      ['problem same-stores'],
    ],
    ['another order with one lease', workflow({ inputs: 'store: "git\\ncache"' }), workflow({ inputs: 'store: "cache\\ngit"' }), []],
  ])('%s', (_, one, other, expected) => {
    expect(troubles(one, other).map((what) => what.replace(/:.*/s, ''))).toEqual(expected)
  })
})

describe('Codex before the keeper', () => {
  test.each([
    ['not at all', { before: '' }, 'No step before the keeper installs Codex.'],
    ['after it', { before: '', after: install }, 'Codex is installed after the keeper.'],
    ['after it, by an action', { before: '', after: '- uses: openai/codex-action@v1' }, 'Codex is installed after the keeper.'],
    ['only used before it', { before: '- run: codex --version' }, 'No step before the keeper installs Codex.'],
    [
      'too late for a restore at job start',
      { job: 'env: { CODEX_AUTH_RESTORE_AT: job-start }\n    permissions: write-all' },
      'after the keeper',
    ],
  ])('%s: a warning', (_, shape, what) => {
    expect(troubles(workflow(shape))).toEqual([expect.stringMatching(new RegExp(`^warning codex-first: .*${what}`))])
  })

  test.each([
    ['by npm', { before: '- run: npm i -g @openai/codex' }],
    ['by brew, among other lines', { before: '- run: |\n          set -e\n          brew install codex' }],
    ['by an action', { before: '- uses: your-org/setup-codex@v1' }],
    ['never asked for', { before: '', inputs: 'store: git, refresh: never', on: '{ push: }' }],
  ])('%s: fine', (_, shape) => {
    expect(troubles(workflow(shape)).filter((what) => what.includes('codex-first'))).toEqual([])
  })

  test('a machine of their own has it', () => {
    expect(troubles(workflow({ before: '' }).replace('ubuntu-latest', '[self-hosted, linux]'))).toEqual([])
  })
})

describe('permissions', () => {
  const role = "store: 'vault: https://v.example.com/secret/codex?role=ci'"
  test.each([
    ['git without write', { job: 'permissions: { contents: read }' }, ['problem permissions: The job may not write to the repository.']],
    ['git, nothing named', { job: 'permissions: {}' }, ['problem permissions: The job may not write to the repository.']],
    ['git, an empty value', { job: 'permissions:' }, ['problem permissions: The job may not write to the repository.']],
    [
      'git with a ref',
      { inputs: "store: 'git: ?ref=refs/heads/x'", job: 'permissions: read-all' },
      ['problem permissions: The job may not write to the repository.'],
    ],
    ['git, nothing said', { job: 'timeout-minutes: 5' }, ['warning permissions: Nothing says that the job may write to the repository.']],
    ['git by the workflow', { job: 'timeout-minutes: 5', top: `permissions: write-all\n${group}` }, []],
    [
      'the job goes before the workflow',
      { top: `permissions: write-all\n${group}`, job: 'permissions: { contents: read }' },
      ['problem permissions: The job may not write to the repository.'],
    ],
    ['git with a token of its own', { inputs: "store: git, github-token: '${{ secrets.T }}'", job: 'permissions: {}' }, []],
    ['another repository', { inputs: "store: 'git: https://github.com/o/r?ref=refs/x'", job: 'permissions: { contents: read }' }, []],
    [
      'nothing to read with',
      { inputs: "store: 'ssh: a@b/c'", job: 'permissions: {}' },
      ['problem permissions: The job may not read the repository.'],
    ],
    [
      'a role without an id token',
      { inputs: role, job: 'permissions: { contents: read }' },
      ['problem permissions: The job gets no id token.'],
    ],
    ['a role, nothing said', { inputs: role, job: 'timeout-minutes: 5' }, ['problem permissions: The job gets no id token.']],
    ['a role', { inputs: role, job: 'permissions: { contents: read, id-token: write }' }, []],
    ['no role', { inputs: "store: 'vault: https://v.example.com/secret/codex'", job: 'permissions: { contents: read }' }, []],
    ['an issue', { inputs: 'store: git, reseed-issue: true' }, ['warning permissions: The job may not open an issue.']],
    ['an issue that may be', { inputs: 'store: git, reseed-issue: true', job: 'permissions: { contents: write, issues: write }' }, []],
  ])('%s', (_, shape, expected) => {
    expect(troubles(workflow(shape))).toEqual(expected)
  })
})

describe('jobs that wait for each other', () => {
  const cache = { inputs: 'store: cache', job: 'permissions: { contents: read }' }
  const matrix = `${cache.job}\n    strategy: { fail-fast: false, matrix: { a: [1, 2] } }`
  test.each([
    ['no group', { ...cache, top: '' }, ['problem concurrency: There is no concurrency group.']],
    ['no group, a lease', { top: '' }, []],
    ['no group, a lease in the second store', { ...cache, inputs: 'store: "cache\\nssh: a@b/c"', top: '' }, []],
    ['no group, github-secret', { inputs: 'store: "github-secret: A"', top: '' }, ['problem concurrency: There is no concurrency group.']],
    ['no group, command', { inputs: 'store: command', top: '' }, ['warning concurrency: There is no concurrency group.']],
    [
      'no group, command with a lease',
      { inputs: 'store: command, read-command: echo codex-auth-lease, write-command: echo codex-auth-lease', top: '' },
      [],
    ],
    ['a group alone', { ...cache, top: 'concurrency: codex-auth' }, ['warning concurrency: The concurrency group has no "queue: max".']],
    [
      'a group for each branch',
      { ...cache, top: "concurrency: { group: 'a-${{ github.ref }}', queue: max }" },
      ['problem concurrency: The concurrency group "a-${{ github.ref }}" is another one for each run.'],
    ],
    ['a group of the repository', { ...cache, top: "concurrency: { group: '${{ github.repository }}', queue: max }" }, []],
    [
      'a matrix beside itself',
      { ...cache, job: matrix },
      ['problem concurrency: The jobs of its matrix run at the same time: the group is that of the workflow.'],
    ],
    ['a matrix one by one', { ...cache, job: matrix.replace('matrix:', "max-parallel: '1', matrix:") }, []],
    ['a matrix in a group of the job', { ...cache, job: `${matrix}\n    ${group}`, top: '' }, []],
  ])('%s', (_, shape, expected) => {
    expect(troubles(workflow(shape))).toEqual(expected)
  })

  test('several groups, also by the name of the workflow', () => {
    const named = workflow({ ...cache, top: "concurrency: { group: '${{ github.workflow }}', queue: max }" })
    expect(troubles(named, named)).toEqual([])
    expect(troubles(named, named.replace('name: Codex', 'name: Other'))).toEqual([
      'problem concurrency: The jobs of this login are in several concurrency groups: "Codex", "Other".',
    ])
  })

  const twoJobs = (more: string): string => {
    const text = workflow(cache)
    return `${text}${text.slice(text.indexOf('  codex:')).replace('  codex:', `  second:\n    ${more}`)}`
  }
  test('two jobs of one run, unless one waits for the other', () => {
    const beside = 'problem concurrency: Another job of this workflow uses the keeper at the same time.'
    expect(troubles(twoJobs('timeout-minutes: 5'))).toEqual([beside, beside])
    expect(troubles(twoJobs('needs: codex'))).toEqual([])
    expect(troubles(`${twoJobs('needs: [third]')}  third: { needs: codex, runs-on: x, steps: [] }`)).toEqual([])
    expect(troubles(twoJobs('needs: second'))).toEqual([beside, beside])
    const only = (one: string, other: string): string[] =>
      troubles(twoJobs(`if: ${one}`).replace('    runs-on: ubuntu-latest', `    if: ${other}\n    runs-on: ubuntu-latest`)).filter(
        (what) => what === beside,
      )
    expect(only("github.event_name == 'push'", "github.event_name != 'push'")).toEqual([])
    expect(only("github.event_name == 'push'", "${{ github.event_name == 'schedule' }}")).toEqual([])
    expect(only("github.event_name != 'push'", "github.event_name != 'schedule'")).toEqual([beside, beside])
    expect(only("github.event_name == 'push'", "github.event_name == 'push'")).toEqual([beside, beside])
    expect(only("github.event_name == 'push'", "github.event_name != 'schedule'")).toEqual([beside, beside])
    expect(only("github.event_name == 'push' || true", "github.event_name != 'push'")).toEqual([beside, beside])
  })
})

describe('a job that holds the login', () => {
  const matrix = (more: string): string => `permissions: { contents: write }\n    strategy: { ${more}matrix: { a: [1] } }`
  test.each([
    [
      'cancelled by the workflow',
      { top: 'concurrency: { group: a, cancel-in-progress: true }' },
      'problem cancel-in-progress: A newer run cancels',
    ],
    [
      'cancelled by the job',
      { job: 'permissions: write-all\n    concurrency: { group: b, cancel-in-progress: true }' },
      'problem cancel-in-progress: A newer run cancels',
    ],
    [
      'perhaps',
      { top: "concurrency: { group: a, cancel-in-progress: '${{ github.ref != 1 }}' }" },
      'warning cancel-in-progress: A newer run may cancel',
    ],
    ['by its matrix', { job: matrix('') }, 'warning cancel-in-progress: A job of the matrix that fails'],
  ])('%s', (_, shape, expected) => {
    expect(troubles(workflow(shape))).toEqual([expect.stringContaining(expected)])
  })

  test.each([
    ['never', { top: 'concurrency: { group: a, cancel-in-progress: false }' }],
    ['a matrix in which none cancels', { job: matrix('fail-fast: false, ') }],
    ['a matrix one by one', { job: matrix('max-parallel: 1, ') }],
  ])('%s', (_, shape) => {
    expect(troubles(workflow(shape))).toEqual([])
  })
})

describe('kept fresh', () => {
  const cache = { inputs: 'store: cache', job: 'permissions: { contents: read }' }
  const every = (cron: string): string => `{ schedule: [{ cron: '${cron}' }] }`
  test.each([
    ['no schedule', { on: 'push' }, ['warning keep-fresh: No schedule uses this login.']],
    ['no schedule for the cache', { ...cache, on: '[push]' }, ['problem keep-fresh: No schedule uses this login.']],
    ['once a week', { on: every('17 4 * * 1') }, []],
    [
      'once a week for the cache',
      { ...cache, on: every('17 4 * * 1') },
      ['problem keep-fresh: There can be 7 days between two scheduled runs that use this login.'],
    ],
    [
      'once a week for the cache and another',
      { ...cache, inputs: 'store: "cache\\nssh: a@b/c"', on: every('17 4 * * 1') },
      ['warning keep-fresh: There can be 7 days between two scheduled runs that use this login.'],
    ],
    ['twice a week for the cache', { ...cache, on: every('17 4 * * 1,4') }, []],
    [
      'once a month',
      { on: every('0 0 1 * *') },
      ['warning keep-fresh: There can be 31 days between two scheduled runs that use this login.'],
    ],
    ['never', { on: every('0 0 30 2 *') }, ['warning keep-fresh: The schedule of this login is none that ever runs.']],
    ['not to be read', { on: every('often') }, ['warning keep-fresh: The schedule of this login is none that ever runs.']],
    [
      'a job that schedules leave out',
      { job: "if: github.event_name != 'schedule'\n    permissions: write-all" },
      ['warning keep-fresh: No schedule uses this login.'],
    ],
    ['a job that refreshes nothing', { inputs: 'store: git, refresh: never' }, ['warning keep-fresh: No schedule uses this login.']],
  ])('%s', (_, shape, expected) => {
    expect(troubles(workflow(shape))).toEqual(expected)
  })

  test('another workflow does it', () => {
    expect(troubles(workflow({ on: 'push' }), workflow({ inputs: 'store: git, refresh: always' }))).toEqual([])
  })
})

describe('the version of the keeper', () => {
  test.each([['v1'], ['main'], ['1.0.0'], ['a'.repeat(39)]])('%s can be moved', (ref) => {
    expect(troubles(workflow({ uses: `Some-Org/codex-auth-keeper@${ref}` }))).toEqual([
      expect.stringContaining(`warning pinned: The keeper is taken from "${ref}"`),
    ])
  })
  test.each([
    [`any-org/codex-auth-keeper@${sha}`],
    [`any-org/codex-auth-keeper/action@${sha}`],
    ['./'],
    ['./.github/actions/codex-auth-keeper'],
  ])('%s is fixed', (uses) => {
    expect(troubles(workflow({ uses }))).toEqual([])
    expect(troubles(workflow({ uses, top: '', inputs: 'store: cache', job: 'permissions: { contents: read }' }))).not.toEqual([])
  })
})
