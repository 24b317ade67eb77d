import { describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { anyBytes } from '../support/documents.ts'
import { runChild, type ChildRequest } from '../../src/process/child.ts'

const env = { PATH: '/usr/bin:/bin' }
const sh = (script: string, more: Partial<ChildRequest> = {}) =>
  runChild({ tool: '/bin/sh', args: ['-c', script], env, cwd: tmpdir(), ...more })

describe('a child', () => {
  test('gets exactly the bytes on stdin and answers with exactly its bytes', async () => {
    const bytes = Buffer.concat(Array.from({ length: 1_000 }, () => anyBytes()))
    const result = await sh('cat', { stdin: bytes })
    expect(result.kind === 'exited' && result.stdout.equals(bytes)).toBe(true)
  })

  test('has nothing on stdin when nothing is given, and no other variable than those given', async () => {
    const result = await runChild({ tool: '/bin/sh', args: ['-c', 'cat; exec env'], env: { ONLY: 'this' }, cwd: tmpdir() })
    const variables =
      result.kind === 'exited'
        ? result.stdout
            .toString()
            .trim()
            .split('\n')
            .filter((line) => !/^(PWD|_|SHLVL)=/.test(line))
        : []
    expect(variables).toEqual(['ONLY=this'])
  })

  test('that prints without end is read to its end, and a mebibyte is kept', async () => {
    const result = await sh('head -c 40000000 /dev/zero; head -c 40000000 /dev/zero >&2; echo last >&2')
    if (result.kind !== 'exited') throw new Error('it was not waited for')
    expect([result.exitCode, result.cut, result.stdout.length]).toEqual([0, true, 1024 * 1024])
    expect(result.stderr.endsWith('\0last\n')).toBe(true)
    expect(result.stderr.length).toBeLessThan(1.2 * 1024 * 1024)
  })

  test('that prints a mebibyte is heard in full', async () => {
    expect(await sh('head -c 1048576 /dev/zero')).toMatchObject({ cut: false })
  })

  test('may end without reading its input', async () => {
    for (let round = 0; round < 10; round += 1) {
      expect(await sh('exit 3', { stdin: Buffer.alloc(1_000_000) })).toMatchObject({ kind: 'exited', exitCode: 3 })
    }
  })

  test('may leave a process behind that holds its output', async () => {
    const result = await sh('sleep 600 & echo $!')
    if (result.kind !== 'exited') throw new Error('it was not waited for')
    process.kill(Number(result.stdout.toString()), 'SIGKILL')
    expect(result.exitCode).toBe(0)
  })

  test('that a signal ends has the exit code a shell would give it', async () => {
    expect(await sh('kill -9 $$')).toMatchObject({ kind: 'exited', exitCode: 137 })
  })

  test('that cannot be started is told', async () => {
    await expect(runChild({ tool: '/nonexistent', args: [], env, cwd: tmpdir() })).rejects.toThrow('ENOENT')
  })

  test('that hangs does not keep this process, and lives on', () => {
    const module = new URL('../../src/process/child.ts', import.meta.url).href
    const script = `import { runChild } from ${JSON.stringify(module)}
      let pid
      const { ChildProcess } = await import('node:child_process')
      const spawn = ChildProcess.prototype.spawn
      ChildProcess.prototype.spawn = function (options) { const result = spawn.call(this, options); pid = this.pid; return result }
      const { kind } = await runChild({ tool: '/bin/sleep', args: ['600'], env: {}, cwd: '/', timeoutMs: 200 })
      console.log(kind, pid)`
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 30_000 })
    const [, pid] = /^timed-out (\d+)$/.exec(output.trim()) ?? []
    expect(process.kill(Number(pid ?? 'missing'), 'SIGKILL')).toBe(true)
  })
})
