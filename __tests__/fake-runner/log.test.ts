import { describe, expect, test } from '@jest/globals'
import { parsePairs } from '../support/fake-runner/command-files.ts'
import { createMasks } from '../support/fake-runner/masks.ts'
import { createStageLog } from '../support/fake-runner/workflow-log.ts'
import type { Annotation, StageLog } from '../support/fake-runner/workflow-log.ts'

const secret = 'wQ9"x/z+5Lk\'&pT'

function newLog(stepDebug = false): StageLog & { annotations: Annotation[]; pairs: string[]; failures: string[] } {
  const annotations: Annotation[] = []
  const pairs: string[] = []
  const failures: string[] = []
  const log = createStageLog({
    step: 'a',
    stage: 'main',
    masks: createMasks(),
    stepDebug,
    annotations,
    effects: {
      pair: (kind, name, value) => {
        pairs.push(`${kind} ${name}=${value}`)
      },
      failed: () => {
        failures.push('failed')
      },
    },
  })
  return Object.assign(log, { annotations, pairs, failures })
}

describe('masks', () => {
  const masked = (text: string, ...secrets: string[]): string => {
    const masks = createMasks()
    for (const one of secrets) masks.add(one)
    return masks.apply(text)
  }

  test.each([
    ['itself', secret],
    ['base64', Buffer.from(secret).toString('base64')],
    ['base64, second alignment', Buffer.from(secret).subarray(1).toString('base64')],
    ['base64, third alignment', Buffer.from(secret).subarray(2).toString('base64')],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
    ['URI', encodeURIComponent(secret).replaceAll("'", '%27')],
    ['XML', secret.replace('&', '&amp;').replace('"', '&quot;').replace("'", '&apos;')],
    ['expression', secret.replace("'", "''")],
  ])('hide %s', (_, text) => {
    expect(masked(`<${text}>`, secret)).toBe('<***>')
  })

  test('do not hide hex, base64url or a part', () => {
    for (const text of [Buffer.from(secret).toString('hex'), secret.slice(0, -1), Buffer.from('~~~???').toString('base64url')]) {
      expect(masked(text, secret, '~~~???')).toBe(text)
    }
  })

  test('overlapping and adjacent ones are one', () => {
    expect(masked('xABCDEy', 'ABCD', 'CDE')).toBe('x***y')
    expect(masked('ABCD', 'AB', 'CD')).toBe('***')
    expect(masked('AB-AB', 'AB')).toBe('***-***')
  })

  test('each trimmed line of a value is masked, however short', () => {
    expect(masked('{ and key: first', '{\n  first\n}')).toBe('*** and key: ***')
  })
})

describe('workflow commands', () => {
  test('a mask works from its line on', () => {
    const log = newLog()
    for (const line of ['abc', '::add-mask::abc', 'abc', 'x%0Aabc']) log.output(line)
    expect(log.lines).toEqual(['abc', '***', 'x%0A***'])
  })

  test('a mask of several lines', () => {
    const log = newLog()
    log.output('::add-mask::one%0D%0Atwo%25')
    for (const line of ['one', 'two%']) log.output(line)
    expect(log.lines).toEqual(['***', '***'])
  })

  test('annotations, with properties and escapes', () => {
    const log = newLog()
    log.output('::add-mask::hidden')
    log.output('::error title=A%2CB%3A 100%25,file=x.ts::first%0Asecond hidden')
    log.output('::warning::w')
    log.output('::notice::n')
    expect(log.annotations.map(({ level, message, properties }) => [level, message, properties])).toEqual([
      ['error', 'first\nsecond ***', { title: 'A,B: 100%', file: 'x.ts' }],
      ['warning', 'w', {}],
      ['notice', 'n', {}],
    ])
    expect(log.lines).toEqual(['##[error]first', 'second ***', '##[warning]w', '##[notice]n'])
  })

  test('groups, and debug lines only with step debug', () => {
    const quiet = newLog()
    const loud = newLog(true)
    for (const log of [quiet, loud]) for (const line of ['::group::G', '::debug::d', '::endgroup::']) log.output(line)
    expect(quiet.lines).toEqual(['##[group]G', '##[endgroup]'])
    expect(loud.lines).toContain('##[debug]d')
  })

  test('what is not a known command is a line; what looks like one in the middle too', () => {
    const log = newLog()
    for (const line of ['::unknown::x', 'see ::error::x', '::']) log.output(line)
    expect(log.lines).toEqual(['::unknown::x', 'see ::error::x', '::'])
    expect(log.annotations).toEqual([])
  })

  test('stop-commands until its token', () => {
    const log = newLog()
    for (const line of ['::stop-commands::tok', '::error::x', '::tok::', '::error::y']) log.output(line)
    expect(log.annotations.map(({ message }) => message)).toEqual(['y'])
  })

  test('the older form counts anywhere in a line', () => {
    const log = newLog()
    for (const line of ['said: ##[error]x%0Ay', 'see ##[unknown]x', '::unknown:: ##[stop-commands]tok', '::error::lost', 'so ##[tok]'])
      log.output(line)
    log.output('##[add-mask]y')
    expect(log.annotations.map(({ message }) => message)).toEqual(['x\ny'])
    log.output('y')
    expect(log.lines.at(-1)).toBe('***')
  })

  test('save-state and set-output are taken, set-env and add-path refused', () => {
    const log = newLog()
    for (const line of ['::save-state name=a::1', '::set-output name=b::2', '::set-env name=c::3', '::add-path::/x']) log.output(line)
    expect(log.pairs).toEqual(['state a=1', 'output b=2'])
    expect(log.failures).toHaveLength(2)
  })
})

describe('command files', () => {
  test('pairs and heredocs', () => {
    expect(parsePairs('a=1\n\nb<<EOF\none\ntwo=2\nEOF\nc=x=y<<z\nd<<E\nE\n')).toEqual([
      ['a', '1'],
      ['b', 'one\ntwo=2'],
      ['c', 'x=y<<z'],
      ['d', ''],
    ])
  })

  test.each(['nothing', 'a<<', '<<EOF', 'a<<EOF\n1\n'])('%j is refused', (text) => {
    expect(() => parsePairs(text)).toThrow('Invalid')
  })
})
