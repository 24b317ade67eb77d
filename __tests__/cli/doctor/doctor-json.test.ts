import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'
import { doctorJson } from '../../../src/cli/doctor/doctor-json.ts'
import { doctorSchema } from '../../../src/cli/doctor/doctor-schema.ts'
import { doctorLines, mendedLine } from '../../../src/cli/doctor/doctor-words.ts'
import { about } from '../../../src/cli/doctor/finding.ts'
import { piecesOf, type Line } from '../../../src/cli/terminal/line.ts'

const report = about('login', 'alive', 'Login')
const trouble = { what: 'A is b.', why: 'C.', wayOut: 'Do d.' }
const text = (line: Line): string =>
  piecesOf(line)
    .map((piece) => piece.text)
    .join('')

test('docs/doctor.schema.json is what the program says', () => {
  const documented: unknown = JSON.parse(readFileSync(new URL('../../../docs/doctor.schema.json', import.meta.url), 'utf8'))
  expect(documented).toMatchObject(z.toJSONSchema(doctorSchema))
})

test.each([
  ['well', [report.ok('Fine.'), report.warning(trouble)]],
  ['wrong', [report.problem(trouble)]],
  ['login-needed', [report.problem({ ...trouble, needsLogin: true })]],
])('%s', (result, findings) => {
  const document = doctorJson(findings, [], 0)
  expect(doctorSchema.parse(document)).toEqual(document)
  expect(document).toMatchObject({ result, at: '1970-01-01T00:00:00.000Z' })
})

test('each finding, and what was mended', () => {
  const mend = { kind: 'mode', path: '/a', mode: 0o600 } as const
  const failed = { kind: 'failed', what: 'Set it', why: 'No' } as const
  const subject = { area: 'login', check: 'alive', place: 'Login' }
  expect(
    doctorJson([report.ok('Fine.'), report.problem({ ...trouble, mend })], [failed, { kind: 'mended', what: 'Set b' }], 0),
  ).toMatchObject({
    findings: [
      { ...subject, level: 'ok', what: 'Fine.', why: null, wayOut: null, needsLogin: false, canBeMended: false },
      { ...subject, level: 'problem', ...trouble, needsLogin: false, canBeMended: true },
    ],
    mended: [
      { what: 'Set it', outcome: 'failed', problem: 'No' },
      { what: 'Set b', outcome: 'mended', problem: null },
    ],
  })
})

test('as a person reads it', () => {
  const findings = [about('workflows', 'x', 'a.yml').ok('Good.'), report.problem(trouble), report.warning(trouble)]
  expect(doctorLines(findings).map(text)).toEqual([
    'Login',
    '  problem  Login: A is b.',
    '           why: C.',
    '           way out: Do d.',
    '  warning  Login: A is b.',
    '           why: C.',
    '           way out: Do d.',
    '',
    'Workflows',
    '  ok       a.yml: Good.',
    '',
    '1 problem, 1 warning.',
  ])
})

test.each([
  [[report.ok('Good.')], 'All is well.'],
  [[report.warning(trouble), report.warning(trouble)], 'No problem, 2 warnings.'],
  [[report.problem(trouble), report.problem(trouble)], '2 problems.'],
])('the last line', (findings, expected) => {
  expect(text(doctorLines(findings).at(-1) ?? '')).toBe(expected)
})

test.each([
  [{ kind: 'mended', what: 'Set it' } as const, 'mended: Set it.'],
  [{ kind: 'failed', what: 'Set it', why: 'No' } as const, 'not mended: Set it: No.'],
  [{ kind: 'left', what: 'Set it' } as const, 'left as it is: Set it.'],
])('what --fix did', (mended, expected) => {
  expect(text(mendedLine(mended))).toBe(expected)
})
