// One process of a race, or one job on a hostile machine: opens a git store and does what the lines on stdin say.
import { createInterface } from 'node:readline'
import { isTransient } from '../../src/stores/store.ts'
import { gitStoreFor } from './git-store-for.ts'
import type { GitWriterOrder, GitWriterStart } from './git-writers.ts'

const [start = '{}'] = process.argv.slice(2)
const { address, ...options } = JSON.parse(start) as GitWriterStart
const store = gitStoreFor(address, { ...options, token: process.env['WRITER_TOKEN'] })
const say = (line: unknown): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

say('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as GitWriterOrder
  try {
    if (order.do === 'read') say(Buffer.from((await store.read())?.bytes ?? []).toString('utf8'))
    else say((await store.write(Buffer.from(order.document), order.ifVersion ?? undefined)).kind)
  } catch (error) {
    say(isTransient(error) ? 'transient' : String(error))
  }
}
await store.close?.()
