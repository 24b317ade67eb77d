import { describe, expect, test } from '@jest/globals'
import { holds, interpolate } from '../support/fake-runner/expressions.ts'
import type { JobStatus, Scope } from '../support/fake-runner/expressions.ts'

const scope = (status: JobStatus = 'success'): Scope => ({
  status,
  contexts: {
    github: { event_name: 'push', event: { repository: { private: true } } },
    env: { CODEX_HOME: '/home/x', At: 'job-start', at: 'another' },
    steps: { 'my-step': { outputs: { token: 'abc' } } },
    strategy: { 'job-total': 3 },
    secrets: { TOKEN: '}}' },
  },
})
const value = (source: string): string => interpolate(`\${{ ${source} }}`, scope())

describe('expressions', () => {
  test.each([
    ["'it''s'", "it's"],
    ['github.event_name', 'push'],
    ['GitHub.Event_Name', 'push'],
    ['github.event.repository.private', 'true'],
    ["github['event'].repository['private']", 'true'],
    ['env.CODEX_HOME', '/home/x'],
    ['env.codex_home', ''],
    ['env.at', 'another'],
    ["join(steps.*.outputs.token, '-')", 'abc'],
    ['steps.my-step.outputs.token', 'abc'],
    ['steps.other.outputs.token', ''],
    ['strategy.job-total', '3'],
    ['strategy.job-total > 1', 'true'],
    ["'A' == 'a'", 'true'],
    ["'a' != 'b' && 'yes' || 'no'", 'yes'],
    ["false && 'yes' || 'no'", 'no'],
    ["!(env.At == 'job-start')", 'false'],
    ['null == 0', 'true'],
    ["true == '1'", 'true'],
    ["contains('refs/heads/main', 'HEADS')", 'true'],
    ["startsWith(github.event_name, 'pu')", 'true'],
    ["format('{0}-{1}', 'a', 1)", 'a-1'],
    ["fromJSON('[1,2]')[1]", '2'],
    ['secrets.TOKEN', '}}'],
  ])('%s is %j', (source, expected) => {
    expect(value(source)).toBe(expected)
  })

  test('several in one text', () => {
    expect(interpolate("${{ env.At }} and ${{ '}}' }}", scope())).toBe('job-start and }}')
    expect(interpolate('none', scope())).toBe('none')
  })

  test.each(['inputs.x', 'env.', 'a b', "'open", 'env.A ==', 'nope()', '(env.A', ''])('%j is refused', (source) => {
    expect(() => value(source)).toThrow()
  })
})

describe('conditions', () => {
  test.each([
    ['', 'success', true],
    ['', 'failure', false],
    ["env.At == 'job-start'", 'success', true],
    ["env.At == 'job-start'", 'failure', false],
    ["${{ env.At != 'x' }}", 'success', true],
    ['always()', 'cancelled', true],
    ['failure()', 'failure', true],
    ['failure()', 'success', false],
    ['!cancelled()', 'failure', true],
    ['!cancelled()', 'cancelled', false],
    ["'always()' == 'x'", 'failure', false],
  ] as const)('of a step: %j when the job is a %s: %s', (condition, status, expected) => {
    expect(holds(condition, scope(status), true)).toBe(expected)
  })

  test('pre-if and post-if imply nothing', () => {
    expect(holds("env.At == 'job-start'", scope('failure'), false)).toBe(true)
    expect(holds("env.At == 'other'", scope(), false)).toBe(false)
  })
})
