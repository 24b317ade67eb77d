import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inMemoryPlace, type InMemoryPlace } from '../__tests__/support/in-memory-store.ts'
import type { Login } from '../__tests__/support/codex-login.ts'
import { systemClock } from '../src/clock.ts'
import { authFileIn, observeAuthFile } from '../src/codex/codex-home.ts'
import { restore } from '../src/keeper/restore.ts'
import { writeBack } from '../src/keeper/write-back.ts'
import { freshLogin, rotated } from './logins.ts'
import type { Row } from './table.ts'

type Operations = InMemoryPlace['count']

/** What an unchanged and a rotated job may ask of a store, from start to end. */
const targets: Readonly<Record<'unchanged' | 'rotated', Operations>> = {
  unchanged: { read: 1, proveWritable: 1, write: 0 },
  rotated: { read: 2, proveWritable: 1, write: 1 },
}

/** How often a whole job (restore and write-back) reads, proves and writes, counted at a store in memory. */
export async function storeOperations(): Promise<Row[]> {
  const login = freshLogin()
  return [
    ['job', 'reads', 'proofs', 'writes', 'target'],
    row('unchanged', await operationsOf(login, undefined)),
    row('rotated', await operationsOf(login, rotated(login))),
  ]
}

function row(job: 'unchanged' | 'rotated', count: Operations): Row {
  const { read, proveWritable, write } = targets[job]
  const met = count.read <= read && count.proveWritable <= proveWritable && count.write <= write
  const most = `${read} read${read > 1 ? 's' : ''}, ${proveWritable} proof, ${write === 0 ? 'no' : write} write`
  return [job, String(count.read), String(count.proveWritable), String(count.write), `${met ? 'met' : 'MISSED'} (<= ${most})`]
}

async function operationsOf(login: Login, left: Login | undefined): Promise<Operations> {
  const codexHome = await mkdtemp(join(tmpdir(), 'bench-operations-'))
  try {
    const place = inMemoryPlace({ bytes: login.bytes })
    const stores = [place.open()]
    const restored = await restore({
      stores,
      codexHome,
      clock: systemClock,
      seed: undefined,
      expectedAccount: undefined,
      refreshWindow: 43_200,
      willRefresh: false,
      earlyRefresh: 'possible',
      onCredential: () => undefined,
      surroundings: { workspace: undefined, env: {}, jobTotal: 1 },
      state: { update: () => undefined },
    })
    if (left) await writeFile(authFileIn(codexHome), left.bytes)
    await writeBack({
      stores,
      clock: systemClock,
      file: await observeAuthFile(codexHome, systemClock),
      standing: restored.standing,
    })
    // What the lease would cost is counted too: in these jobs it must cost nothing.
    const { lease, count } = place
    return { ...count, read: count.read + (lease?.count.read ?? 0), write: count.write + (lease?.count.write ?? 0) }
  } finally {
    await rm(codexHome, { recursive: true, force: true })
  }
}
