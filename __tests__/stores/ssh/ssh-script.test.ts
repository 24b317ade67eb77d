import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '../../../src/sha256.ts'
import { anyBytes } from '../../support/documents.ts'
import { hostFile, onlyThese, shells, type HostFile } from '../../support/host-script.ts'

/** All that the script needs of a host (mksh has no printf of its own); neither flock nor jq, python, perl, mktemp or stat. */
const posix = ['cat', 'cksum', 'cmp', 'find', 'grep', 'ln', 'mkdir', 'mv', 'printf', 'rm', 'wc']

let root = ''
let folder = ''
let file = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'host-'))
  folder = join(root, 'new', 'place')
  file = join(folder, 'auth.json')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const keep = (): string => join(folder, '.auth.json.keeper')
const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)
const leftovers = async (): Promise<string[]> => (await readdir(keep())).filter((name) => !/^g\d+$/.test(name))

test('at least two shells are tried', () => {
  expect(shells.length).toBeGreaterThanOrEqual(2)
})

describe.each(shells)('on a host whose sh is $name', (shell) => {
  let host: HostFile
  beforeEach(() => {
    host = hostFile(shell, file)
  })
  const newVersion = async (document: string, version: string): Promise<string> => {
    const { code, stdout, stderr } = await host.write(document, version)
    expect([code, stderr]).toEqual([0, ''])
    return stdout.toString().trim()
  }

  test('an untouched place is empty, and reading makes nothing', async () => {
    expect(await host.run(['read', file])).toMatchObject({ code: 74, stderr: '' })
    expect(await readdir(root)).toEqual([])
  })

  test('keeps exact bytes, for their owner alone, under the version that the write printed', async () => {
    const { code, stdout } = await host.write(anyBytes(), 'none')
    expect(code).toBe(0)
    expect((await host.run(['read', file])).stdout.equals(Buffer.concat([stdout, anyBytes()]))).toBe(true)
    expect([...(await readFile(file))]).toEqual([...anyBytes()])
    expect([await mode(folder), await mode(keep()), await mode(file), await mode(join(keep(), 'g1'))]).toEqual(['700', '700', '600', '600'])
    expect(await leftovers()).toEqual([])
  })

  test('replaces only the version that was read', async () => {
    const first = await newVersion('{"n":1}', 'none')
    const second = await newVersion('{"n":2}', first)
    for (const stale of [first, 'none', '2-1-1', '9-9-9']) expect((await host.write('{"n":3}', stale)).code).toBe(76)
    expect(await host.read()).toEqual({ version: second, document: '{"n":2}' })
    expect(await readFile(file, 'utf8')).toBe('{"n":2}')
    expect(await leftovers()).toEqual([])
  })

  test('keeps the content of the two newest generations, and the names of all', async () => {
    let version = 'none'
    for (let number = 1; number <= 12; number += 1) version = await newVersion(`{"n":${number}}`, version)
    const contents = await Promise.all((await readdir(keep())).sort().map((name) => readFile(join(keep(), name), 'utf8')))
    expect(contents).toHaveLength(12)
    expect(contents.filter((content) => content.startsWith('{')).sort()).toEqual(['{"n":11}', '{"n":12}'])
    expect(await host.read()).toEqual({ version, document: '{"n":12}' })
  })

  test('a generation after which no shell could count is damage, and nothing is written', async () => {
    const first = await newVersion('{"n":1}', 'none')
    for (const name of ['g999999999', 'g999999990']) {
      await writeFile(join(keep(), name), '{"n":9}')
      const before = await readdir(keep())
      for (const { code, stderr } of [
        await host.run(['read', file]),
        await host.run(['prove', file]),
        await host.write('{"n":2}', first),
      ]) {
        expect([code, stderr]).toEqual([70, expect.stringContaining(`generation ${name.slice(1)}`)])
      }
      expect(await readdir(keep())).toEqual(before)
      await rm(join(keep(), name))
    }
    expect(await host.read()).toEqual({ version: first, document: '{"n":1}' })
  })

  test('a name of another shape is not a generation', async () => {
    const first = await newVersion('{"n":1}', 'none')
    for (const name of ['g9223372036854775807', 'g18446744073709551617', 'g1000000000', 'g007', 'g0', 'g2x', 'g'])
      await writeFile(join(keep(), name), '{"n":9}')
    expect(await host.read()).toEqual({ version: first, document: '{"n":1}' })
    const second = await newVersion('{"n":2}', first)
    expect(second).toMatch(/^2-/)
    expect(await host.read()).toEqual({ version: second, document: '{"n":2}' })
    expect(await readFile(join(keep(), 'g007'), 'utf8')).toBe('{"n":9}')
  })

  test('a document that was cut short or changed on the way is not stored', async () => {
    const first = await newVersion('{"n":1}', 'none')
    const hash = sha256('{"n":2}')
    expect((await host.run(['write', first, hash, '7', file], { stdin: '{"n":' })).code).toBe(65)
    expect((await host.run(['write', first, hash, '7', file], { stdin: '{"n":3}' })).code).toBe(65)
    expect(await host.read()).toEqual({ version: first, document: '{"n":1}' })
    expect(await leftovers()).toEqual([])
  })

  test('says when it could check the length alone', async () => {
    const path = await onlyThese(join(root, 'bin'), posix)
    const bare = hostFile(shell, file, path)
    const { code, stderr } = await bare.write('{"n":1}', 'none')
    // busybox has a sha256sum inside, whatever PATH says.
    const note = 'codex-auth-store: no sha256sum, shasum or openssl here: only the length was checked\n'
    expect([code, stderr]).toEqual([0, shell.name === 'busybox' ? '' : note])
    expect((await bare.run(['write', 'none', sha256('x'), '7', file], { stdin: '{"n":' })).code).toBe(65)
    expect(await bare.read()).toMatchObject({ document: '{"n":1}' })
  })

  test.each([
    [
      'replaced',
      async (content: string) => {
        await writeFile(`${file}.new`, content)
        await rename(`${file}.new`, file)
      },
    ],
    ['edited in place', (content: string) => writeFile(file, content)],
  ])('a file that somebody else has %s counts, and is not overwritten unseen', async (_, put) => {
    const first = await newVersion('{"n":1}', 'none')
    await put('{"by":"hand"}')
    expect((await host.write('{"n":2}', first)).code).toBe(76)
    const { version, document } = await host.read()
    expect(document).toBe('{"by":"hand"}')
    expect((await host.read()).version).toBe(version)
    await put('{"by":"hand again"}')
    expect((await host.write('{"n":2}', version)).code).toBe(76)
    await newVersion('{"n":2}', (await host.read()).version)
    expect(await host.read()).toMatchObject({ document: '{"n":2}' })
  })

  test('a file that was there before the first write is read and replaced', async () => {
    await mkdir(folder, { recursive: true })
    await writeFile(file, '{"by":"codex"}')
    const { version, document } = await host.read()
    expect(document).toBe('{"by":"codex"}')
    expect((await host.write('{"n":1}', 'none')).code).toBe(76)
    await newVersion('{"n":1}', version)
    expect(await host.read()).toMatchObject({ document: '{"n":1}' })
  })

  test('an older generation in the place of the file is late, and made good by the next read', async () => {
    let version = 'none'
    for (const number of [1, 2, 3, 4]) version = await newVersion(`{"n":${number}}`, version)
    for (const late of [1, 2, 3]) {
      await writeFile(file, `{"n":${late}}`)
      expect(await host.read()).toEqual({ version, document: '{"n":4}' })
      expect(await readFile(file, 'utf8')).toBe('{"n":4}')
    }
  })

  test('when the file alone is gone, the newest generation is still there', async () => {
    const version = await newVersion('{"n":1}', 'none')
    await rm(file)
    expect(await host.read()).toEqual({ version, document: '{"n":1}' })
    expect((await host.write('{"n":2}', 'none')).code).toBe(76)
    await newVersion('{"n":2}', version)
    expect(await readFile(file, 'utf8')).toBe('{"n":2}')
  })

  test('publishes the newest generation again when the file is gone, and nothing else', async () => {
    expect((await host.run(['publish', file])).code).toBe(74)
    const version = await newVersion('{"n":1}', 'none')
    await rm(file)
    expect((await host.run(['publish', file])).code).toBe(0)
    expect([await readFile(file, 'utf8'), (await stat(file)).mode & 0o777]).toEqual(['{"n":1}', 0o600])
    expect((await host.read()).version).toBe(version)
    await writeFile(file, '{"by":"hand"}')
    expect((await host.run(['publish', file])).code).toBe(0)
    expect(await readFile(file, 'utf8')).toBe('{"by":"hand"}')
  })

  test('whatever step it dies before, one whole document is there and the next write works', async () => {
    const bin = join(root, 'bin')
    const wrapped = [...posix, 'sync', 'sha256sum']
    await onlyThese(join(root, 'real'), wrapped)
    await mkdir(bin)
    for (const program of wrapped) {
      await writeFile(
        join(bin, program),
        [
          '#!/bin/sh',
          `read -r left <${root}/left`,
          `echo $((left - 1)) >${root}/left`,
          '[ "$left" -gt 0 ] || kill -9 0',
          `exec ${root}/real/${program} "$@"`,
          '',
        ].join('\n'),
      )
      await chmod(join(bin, program), 0o755)
    }
    const dying = hostFile(shell, file, bin)
    const ends = new Set<string>()
    for (let step = 0, finished = false; !finished; step += 1) {
      expect(step).toBeLessThan(100)
      await rm(folder, { recursive: true, force: true })
      const older = await newVersion('{"n":1}', 'none')
      const old = await newVersion('{"n":2}', older)
      await writeFile(file, '{"by":"hand"}')
      const { version } = await host.read()
      expect(version).not.toBe(old)
      await writeFile(join(root, 'left'), String(step))
      finished = (await dying.write('{"n":3}', version)).code === 0
      const shown = await readFile(file, 'utf8')
      const made = await Promise.all(
        (await readdir(keep())).filter((name) => /^g\d/.test(name)).map((name) => readFile(join(keep(), name), 'utf8')),
      )
      const committed = made.includes('{"n":3}')
      expect(committed ? ['{"by":"hand"}', '{"n":3}'] : ['{"by":"hand"}']).toContain(shown)
      const after = await host.read()
      expect(after.document).toBe(committed ? '{"n":3}' : '{"by":"hand"}')
      ends.add(`${committed ? 'committed' : 'not'}, shown ${shown}`)
      await newVersion('{"n":4}', after.version)
      expect(await readFile(file, 'utf8')).toBe('{"n":4}')
    }
    expect([...ends].sort()).toEqual(['committed, shown {"by":"hand"}', 'committed, shown {"n":3}', 'not, shown {"by":"hand"}'])
  }, 120_000)

  test('what a writer that died left behind is removed after a day', async () => {
    const version = await newVersion('{"n":1}', 'none')
    await writeFile(join(keep(), 'tmp.1.0'), '{"spent":1}')
    await writeFile(join(keep(), 'tmp.2.0'), '{"spent":1}')
    await utimes(join(keep(), 'tmp.1.0'), 0, Date.now() / 1000 - 3 * 86_400)
    await newVersion('{"n":2}', version)
    expect(await leftovers()).toEqual(['tmp.2.0'])
  })

  test('of 20 processes one wins in each of 10 rounds, without flock', async () => {
    const bare = hostFile(shell, file, await onlyThese(join(root, 'bin'), [...posix, 'sync', 'sha256sum']))
    let version = 'none'
    for (let round = 1; round <= 10; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, number) => ({
          number,
          ...(await bare.write(`{"round":${round},"writer":${number}}`, version)),
        })),
      )
      expect(answers.map(({ code }) => code).sort()).toEqual([0, ...Array.from({ length: 19 }, () => 76)])
      const winner = answers.find(({ code }) => code === 0)
      const stored = await bare.read()
      expect(stored.document).toBe(`{"round":${round},"writer":${winner?.number ?? ''}}`)
      expect(stored.version).toBe(winner?.stdout.toString().trim())
      expect(await readFile(file, 'utf8')).toBe(stored.document)
      version = stored.version
    }
    expect(await leftovers()).toEqual([])
  }, 240_000)

  test('of 20 processes one wins over a file that somebody else has put there', async () => {
    await mkdir(folder, { recursive: true })
    await writeFile(file, '{"by":"hand"}')
    const { version } = await host.read()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => host.write(`{"writer":${number}}`, version)))
    expect(answers.filter(({ code }) => code === 0)).toHaveLength(1)
    expect((await host.read()).document).toMatch(/writer/)
  })

  test('proves that a write would work, and changes nothing of the copy', async () => {
    expect(await host.run(['prove', file])).toMatchObject({ code: 0, stderr: '' })
    expect((await host.run(['read', file])).code).toBe(74)
    const version = await newVersion('{"n":1}', 'none')
    expect((await host.run(['prove', file])).stdout.toString()).toBe('writable\n')
    expect(await host.read()).toEqual({ version, document: '{"n":1}' })
    expect(await leftovers()).toEqual([])
  })

  test('a place that is not a place is told', async () => {
    await mkdir(folder, { recursive: true })
    await writeFile(join(root, 'plain'), '')
    await symlink(join(root, 'plain'), join(folder, 'link.json'))
    await mkdir(join(folder, 'folder.json'))
    for (const verb of ['read', 'prove']) {
      expect((await host.run([verb, join(root, 'plain', 'auth.json')])).code).toBe(64)
      expect((await host.run([verb, join(folder, 'link.json')])).stderr).toContain('symbolic link')
      expect((await host.run([verb, join(folder, 'folder.json')])).code).toBe(64)
    }
  })

  test('~ is the home of the user', async () => {
    const HOME = join(root, 'home')
    await mkdir(HOME)
    expect((await host.run(['prove', '/~/.codex/auth.json'], { env: { HOME } })).code).toBe(0)
    expect(await readdir(join(HOME, '.codex'))).toEqual(['.auth.json.keeper'])
  })

  test.each([
    [[]],
    [['read']],
    [['read', 'auth.json']],
    [['read', '/dir/']],
    [['read', '/dir/..']],
    [['read', '/a', '/b']],
    [['erase', '/a']],
    [['write', '/a']],
    [['write', 'none', 'x', '1', '/a']],
    [['write', '1;2', 'aa', '1', '/a']],
    [['write', 'none', 'aa', '-1', '/a']],
    [['write', 'none', 'aa', '', '/a']],
    [['write', '', 'aa', '1', '/a']],
  ])('%j is refused', async (args) => {
    expect((await host.run(args)).code).toBe(64)
  })

  describe('as a forced command', () => {
    const ask = (asked: string, stdin = '') => host.run([file], { env: { SSH_ORIGINAL_COMMAND: asked }, stdin })

    test('takes the last words of what the client asks for', async () => {
      const document = '{"n":1}'
      const written = await ask(
        `sh -c 'any text; it is not run; touch ${root}/evil' codex-auth-store write none ${sha256(document)} 7 ${file}`,
        document,
      )
      expect(written).toMatchObject({ code: 0, stderr: '' })
      expect((await ask(`codex-auth-store read ${file}`)).stdout.toString()).toBe(`${written.stdout.toString()}${document}`)
      expect((await ask(`read ${file}`)).code).toBe(0)
      expect(await readdir(root)).toEqual(['new'])
    })

    test.each([
      '',
      'sh',
      'read /etc/passwd',
      'read FILEx',
      'read FILE; id',
      'cat FILE',
      'read FILE FILE',
      'read * FILE',
      'write none $(id) 1 FILE',
      'read\nFILE id',
      '/FILE',
    ])('%j is refused', async (asked) => {
      await newVersion('{"n":1}', 'none')
      const answer = await ask(`codex-auth-store ${asked.replaceAll('FILE', file)}`)
      expect([answer.code, answer.stdout.toString()]).toEqual([64, ''])
    })
  })
})
