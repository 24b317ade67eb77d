import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { actionFolder } from '../__tests__/support/keeper-workflow.ts'
import { sum } from './statistics.ts'
import type { Row } from './table.ts'

/** Megabytes of the tar.gz. */
const target = 1.4
/** The tar.gz of actions/cache, measured by this method when this project began; for orientation: nothing measures it again. */
const cachePacked = '2.5 MB'
const block = 512

/** How large what a runner downloads of `dist` is, as it lies there and as a tar.gz that comes out the same on every machine. */
export function distSize(): Row[] {
  const folder = join(actionFolder, 'dist')
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((found) => found.isFile() && found.name !== 'cli.js') // the command line comes as a package of its own
    .map(({ name }) => name)
    .sort()
    .map((name) => ({ name: `dist/${name}`, bytes: readFileSync(join(folder, name)) }))
  const archive = gzipSync(Buffer.concat([...files.flatMap(entry), Buffer.alloc(2 * block)]), { level: 9 })
  const packed = archive.length / 1e6
  return [
    ['dist', 'size', 'target', 'actions/cache'],
    ['raw', `${(sum(files.map(({ bytes }) => bytes.length)) / 1e6).toFixed(2)} MB`, '', ''],
    ['tar.gz', `${packed.toFixed(2)} MB`, `${packed <= target ? 'met' : 'MISSED'} (<= ${target} MB)`, cachePacked],
  ]
}

/** A file as ustar has it: head and content, both filled up to whole blocks; no owner, no time. */
function entry({ name, bytes }: { readonly name: string; readonly bytes: Buffer }): Buffer[] {
  const head = Buffer.alloc(block)
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`
  head.write(name, 0)
  head.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(bytes.length, 12) + octal(0, 12), 100)
  head.write('        0', 148)
  head.write('ustar\x0000', 257)
  head.write(`${octal(sum([...head]), 7)} `, 148)
  return [head, bytes, Buffer.alloc((block - (bytes.length % block)) % block)]
}
