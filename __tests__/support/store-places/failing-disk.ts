// Loaded into every Node process of a machine: the disk below FAILING_DISK fails as often as its gate says (see gate.ts).
import { readFileSync, writeFileSync } from 'node:fs'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join } from 'node:path'

const { FAILING_DISK: disk = '/nonexistent', FAILING_DISK_GATE: gate = '' } = process.env
const { link, readdir } = files

function requireOpen(what: 'read' | 'write', code: string): void {
  const file = join(gate, `fail-${what}`)
  const left = readFileSync(file, 'utf8').trim()
  if (left === '0') return
  if (left !== 'always') writeFileSync(file, String(Number(left) - 1))
  throw Object.assign(new Error(`${code}: this disk fails, ${what}`), { code })
}

Object.assign(files, {
  readdir: async (...args: Parameters<typeof readdir>) => {
    if (String(args[0]).startsWith(disk)) requireOpen('read', 'EIO')
    return readdir(...args)
  },
  link: async (from: string, to: string) => {
    const write = dirname(to).startsWith(disk) && /\/auth\.\d+$/.test(to)
    if (write) requireOpen('write', 'ENOSPC')
    await link(from, to)
    if (write) writeFileSync(join(gate, 'written'), `${to}\n`, { flag: 'a' })
  },
})
syncBuiltinESMExports()
