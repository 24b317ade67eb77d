import { describe, expect, test } from '@jest/globals'
import { needed } from './support/server-programs.ts'
import { startLoopbackSshd } from './support/loopback-sshd.ts'

describe('A program that a test needs and this machine lacks', () => {
  test('is named, with the way out', () => {
    expect(() => needed('/nonexistent/bao')).toThrow(
      'The test needs the program "/nonexistent/bao", which is not installed: run ".ci/run tools".',
    )
    expect(needed(process.execPath)).toBe(process.execPath)
  })

  test('is named before a connection to sshd could break off without a reason', async () => {
    await expect(startLoopbackSshd('/nonexistent/sshd')).rejects.toThrow('needs the program "/nonexistent/sshd"')
  })
})
