// Starts openai.ts beside the job and comes back when it is ready. Argument: a directory that it fills.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [, , directory = ''] = process.argv
mkdirSync(join(directory, 'store'), { recursive: true })
const log = openSync(join(directory, 'log'), 'w')
const server = fork(fileURLToPath(new URL('openai.ts', import.meta.url)), [directory], {
  detached: true,
  stdio: ['ignore', log, log, 'ipc'],
})
writeFileSync(join(directory, 'pid'), `${server.pid}\n`)
const ready = await Promise.race([once(server, 'message').then(() => true), once(server, 'exit').then(() => false)])
if (!ready) throw new Error(`The loopback server did not start; see ${join(directory, 'log')}.`)
server.disconnect()
server.unref()
