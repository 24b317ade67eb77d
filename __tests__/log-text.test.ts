import { describe, expect, test } from '@jest/globals'
import { logLine, logLines } from '../src/log-text.ts'

describe('a line of the log', () => {
  test.each([
    ['a line break', 'one\n::error::x', 'one ::error::x'],
    ['a carriage return', 'one\r  ::error::x', 'one ::error::x'],
    ['a command at its start', '::error::x', ': :error::x'],
    ['blanks before it', ' \t\u00a0\u2003::error::x', '  \u00a0\u2003: :error::x'],
    ['unseen characters before it', '\u200d\u0000::error::x', '\ufffd\ufffd: :error::x'],
    ['the other form, anywhere', 'said: ##[error]x ##[error]y', 'said: ## [error]x ## [error]y'],
    ['unseen characters in that', '#\u200b#\u00ad[error]x', '#\ufffd#\ufffd[error]x'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['a line separator', 'a\u2028::error::x\u0085::', 'a\ufffd::error::x\ufffd::'],
    ['colours', '\u001b[31mred', '\ufffd[31mred'],
  ])('%s', (_, text, line) => {
    expect(logLine(text)).toBe(line)
  })

  test.each(['a::b::c', 'Store git: https://host.example/a#b (compare-and-set)', 'ssh to ::1', 'Müller – 100 % | "x"', '- #[x] ## x'])(
    '%j stays as it is',
    (text) => {
      expect(logLine(text)).toBe(text)
      expect(logLines(text)).toBe(text)
    },
  )

  test('lines stay lines, each without a command', () => {
    expect(logLines('2 inputs:\r\n- one\n::error::x\r##[group]y')).toBe('2 inputs:\n- one\n: :error::x\n## [group]y')
  })
})
