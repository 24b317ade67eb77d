import { describe, expect, test } from '@jest/globals'
import { bad, strong } from '../../src/cli/terminal/line.ts'
import { questionsOn } from '../../src/cli/terminal/questions.ts'
import { spinning } from '../../src/cli/terminal/spinner.ts'
import { tableLines } from '../../src/cli/terminal/table.ts'
import { openTerminal, type Terminal } from '../../src/cli/terminal/terminal.ts'

function opened(isTTY: boolean, env: Record<string, string> = {}): { terminal: Terminal; shown: () => string } {
  let text = ''
  const stream = {
    isTTY,
    write: (part: string) => {
      text += part
    },
  }
  return { terminal: openTerminal({ stdout: stream, stderr: stream, env }), shown: () => text }
}

describe('a line', () => {
  test('has colour on a terminal', () => {
    const { terminal, shown } = opened(true)
    terminal.print([bad('no'), ' yes'])
    expect(shown()).toBe('\u001b[31mno\u001b[0m yes\n')
  })

  test.each([
    ['where it is piped', false, {}],
    ['with NO_COLOR', true, { NO_COLOR: '1' }],
    ['on a dumb terminal', true, { TERM: 'dumb' }],
  ])('has none %s', (_, isTTY, env) => {
    const { terminal, shown } = opened(isTTY, env)
    terminal.print([bad('no'), ' yes'])
    expect(shown()).toBe('no yes\n')
  })

  test('loses the control characters that others have put into it', () => {
    const { terminal, shown } = opened(true)
    terminal.print(['a\u001b[2Jb\nc\u0007', strong('\u202ed')])
    expect(shown()).toBe('a\ufffd[2Jb c\ufffd\u001b[1m\ufffdd\u001b[0m\n')
  })

  test('loses every secret that is known, in any encoding', () => {
    const secret = 'rt_0123456789abcdef'
    const { terminal, shown } = opened(false)
    terminal.secrets.add([secret])
    terminal.print(`x ${secret} y`)
    terminal.say([bad(Buffer.from(secret).toString('base64'))])
    terminal.printText(JSON.stringify({ secret }))
    expect(shown()).not.toContain(secret)
    expect(shown()).toBe('x *** y\n***g==\n{"secret":"***"}')
  })
})

test('a table has its columns aligned, and no blanks at the end of a line', () => {
  const lines = tableLines([
    ['A', strong('BB'), 'C'],
    ['aaa', 'b', ''],
  ]).map((pieces) => pieces.map(({ text }) => text).join(''))
  expect(lines).toEqual(['A    BB  C', 'aaa  b'])
})

describe('a question', () => {
  test('is not asked where nobody can answer: the error names the flag', async () => {
    const questions = questionsOn(
      false,
      (text) => text,
      () => Promise.reject(new Error('given up')),
    )
    await expect(questions.confirm('Go on?', { flag: '--yes' })).rejects.toMatchObject({
      code: 'invalid-inputs',
      remedy: 'Answer it with --yes.',
    })
  })
})

test('nothing moves where nobody watches', async () => {
  await expect(spinning('waiting', Promise.resolve(1), undefined)).resolves.toBe(1)
})
