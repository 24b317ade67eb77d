import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PlainFileError, readPlainFile } from '../src/plain-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plain-file-'))
})
afterAll(() => rm(folder, { recursive: true }))

test.each([0, 1, 999, 1000])('a file of %i bytes is read to its end, through a link too', async (size) => {
  const bytes = Uint8Array.from({ length: size }, (_, index) => index % 256)
  await writeFile(join(folder, 'file'), bytes)
  await symlink('file', join(folder, 'link')).catch(() => undefined)
  for (const name of ['file', 'link']) expect(await readPlainFile(join(folder, name), 1000)).toEqual(bytes)
})

test('a file that is larger is refused', async () => {
  await writeFile(join(folder, 'large'), Buffer.alloc(2049))
  await expect(readPlainFile(join(folder, 'large'), 2048)).rejects.toThrow(new PlainFileError('is larger than 2 KiB'))
})

test('a pipe, a device and a folder are refused, and nobody waits for them', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')])
  for (const path of [join(folder, 'pipe'), '/dev/zero', folder]) {
    await expect(readPlainFile(path, 1000)).rejects.toThrow(new PlainFileError('is not a regular file'))
  }
})

test('where nothing is, the system says so', async () => {
  await expect(readPlainFile(join(folder, 'nothing'), 1000)).rejects.toMatchObject({ code: 'ENOENT' })
})
