// A process that writes to a runner store, for tests of many at once and of one that is killed.
// node runner-store-writer.ts race <directory> <barrier directory> <number of this writer> <writers> <rounds>
// node runner-store-writer.ts forever <directory>
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runnerStore } from '../../src/stores/runner/runner-store.ts'

const [mode, directory = '', barrier = '', me = '', writers = '', rounds = ''] = process.argv.slice(2)
const store = runnerStore({ name: 'runner', directory })

if (mode === 'race') await race()
else await writeForever()

/** Each round: all read, all meet, all write. Prints the rounds this writer has won. */
async function race(): Promise<void> {
  const won: number[] = []
  for (let round = 1; round <= Number(rounds); round += 1) {
    const copy = await store.read()
    await meet(join(barrier, String(round)))
    const outcome = await store.write(Buffer.from(JSON.stringify({ round, writer: me })), copy?.version)
    if (outcome.kind === 'written') won.push(round)
  }
  process.stdout.write(JSON.stringify(won))
}

async function meet(place: string): Promise<void> {
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, me), '')
  const all = join(place, 'all')
  while (!existsSync(all)) {
    if (readdirSync(place).length >= Number(writers)) writeFileSync(all, '')
    else
      await new Promise((resolve) => {
        setTimeout(resolve, 2)
      })
  }
}

/** Writes documents of 64 KB, of one repeated digit each, until it is killed. */
async function writeForever(): Promise<void> {
  for (let count = 0; ; count += 1) {
    const copy = await store.read()
    await store.write(Buffer.alloc(64 * 1024, String(count % 10)), copy?.version)
    if (count === 0) process.stdout.write('writing\n')
  }
}
