import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandStore } from '../../../src/stores/command/command-store.ts'
import type { LeasePlace, Store } from '../../../src/stores/store.ts'
import { login, text } from '../../support/documents.ts'
import { failure } from '../../support/failure.ts'
import { describeLeasePlace } from '../lease-contract.ts'

/** A careful script with one file per document, whose first line is the version; that of a lease begins with the mark. */
const withLease = {
  readCommand: `
    if [ -e unreachable ]; then exit 7; fi
    if [ -e "$CODEX_AUTH_DOCUMENT" ]; then cat "$CODEX_AUTH_DOCUMENT"
    elif [ "$CODEX_AUTH_DOCUMENT" = lease ]; then echo codex-auth-lease
    else exit 74; fi`,
  writeCommand: `
    if [ -e unreachable ]; then exit 7; fi
    exec 9>lock; flock 9
    none=; next=v$RANDOM$RANDOM$RANDOM
    if [ "$CODEX_AUTH_DOCUMENT" = lease ]; then none=codex-auth-lease next="codex-auth-lease $next"; fi
    version=$none
    if [ -e "$CODEX_AUTH_DOCUMENT" ]; then version=$(head -n 1 "$CODEX_AUTH_DOCUMENT"); fi
    [ "$version" = "$CODEX_AUTH_IF_VERSION" ] || exit 76
    new=$(mktemp new.XXXXXX); { echo "$next"; cat; } >"$new"; mv "$new" "$CODEX_AUTH_DOCUMENT"
    echo "$next"`,
}

/** The same script as it was before there were leases. */
const versioned = {
  readCommand: 'cat login 2>/dev/null || exit 74',
  writeCommand: `
    version=
    if [ -e login ]; then version=$(head -n 1 login); fi
    [ "$version" = "$CODEX_AUTH_IF_VERSION" ] || exit 76
    { echo "v$RANDOM$RANDOM"; cat; } >new; mv new login; head -n 1 login`,
}

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'command-lease-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

function store(commands: { readonly readCommand: string; readonly writeCommand: string }): Store {
  return commandStore({ name: 'command', slot: 'default', bash: '/bin/bash', env: { PATH: '/usr/bin:/bin' }, cwd: directory, ...commands })
}

function placeOf({ leasePlace }: Store): LeasePlace {
  if (leasePlace === undefined) throw new Error('This store offers no place for a lease.')
  return leasePlace
}

describeLeasePlace('command', {
  seenBy: 'all-jobs',
  harness: () => ({
    open: () => Promise.resolve(store(withLease)),
    garbage: (bytes) => writeFile(join(directory, 'lease'), Buffer.concat([Buffer.from('codex-auth-lease by hand\n'), bytes])),
    unreachable: () => writeFile(join(directory, 'unreachable'), ''),
    heal: () => rm(join(directory, 'unreachable'), { force: true }),
    cleanup: () => undefined,
  }),
})

describe('commands that know no lease', () => {
  const seeded = async (commands: typeof versioned): Promise<Store> => {
    const subject = store(commands)
    expect(await subject.write(login('copy'), undefined)).toMatchObject({ kind: 'written' })
    await subject.read()
    return subject
  }

  test('are asked to read one, and say by what they print that they hold none', async () => {
    const subject = await seeded(versioned)
    const error = await failure(placeOf(subject).read())
    expect([error.code, error.message]).toEqual(['store-without-lease', expect.not.stringContaining('contract')])
  })

  test.each([
    ['an empty store', 'exit 74'],
    ['no output', 'true'],
    ['wrong arguments', 'exit 64'],
    ['a document without a version', 'echo "{}"'],
    ['another word', 'printf "codex-auth-leases v1\\n{}"'],
    ['a version that cannot be one', 'printf "codex-auth-lease \\001\\n{}"'],
  ])('a read that answers with %s offers none', async (_, readCommand) => {
    expect((await failure(placeOf(store({ ...versioned, readCommand })).read())).code).toBe('store-without-lease')
  })

  test('a read that fails is an outage', async () => {
    expect((await failure(placeOf(store({ ...versioned, readCommand: 'exit 7' })).read())).code).toBe('store-unreachable')
    expect((await failure(placeOf(store({ ...versioned, readCommand: 'exit 77' })).read())).code).toBe('store-unauthorized')
  })

  test('even a write-command that is given a lease in error compares versions, and keeps the login', async () => {
    const subject = await seeded(versioned)
    const before = await readFile(join(directory, 'login'), 'utf8')
    const [version] = before.split('\n')
    for (const guess of [undefined, version, '']) {
      expect(await placeOf(subject).write(Buffer.from('{"state":"free"}'), guess)).toEqual({ kind: 'conflict' })
    }
    expect(await readFile(join(directory, 'login'), 'utf8')).toBe(before)
  })

  test('a write-command that does not compare and does not know leases, beside a read-command that does, is told', async () => {
    const subject = store({ ...withLease, writeCommand: 'cat >login; echo v2' })
    const error = await failure(placeOf(subject).write(Buffer.from('{}'), undefined))
    expect([error.code, error.message]).toEqual(['store-refused', expect.stringContaining('in the place of the login')])
  })

  test('without versions have no place for one', async () => {
    const subject = store({ readCommand: 'cat login', writeCommand: 'cat >login' })
    await writeFile(join(directory, 'login'), login('copy'))
    await subject.read()
    expect(subject.leasePlace).toBeUndefined()
  })
})

test('the commands are told which document is meant, and the first line of a lease is the version', async () => {
  const tell = 'printf "%s|%s\\n" "$CODEX_AUTH_DOCUMENT" "${CODEX_AUTH_IF_VERSION-none}" >>told'
  const subject = store({
    readCommand: `${tell}; echo "codex-auth-lease v 7"; echo "{}"`,
    writeCommand: `${tell}; echo "codex-auth-lease v 8"`,
  })
  const place = placeOf(subject)
  expect((await place.read())?.version).toBe('v 7')
  expect(await place.write(Buffer.from('{}'), 'v 7')).toEqual({ kind: 'written', version: 'v 8' })
  await place.write(Buffer.from('{}'), undefined)
  await subject.write(login('copy'), undefined)
  expect(await readFile(join(directory, 'told'), 'utf8')).toBe('lease|none\nlease|codex-auth-lease v 7\nlease|codex-auth-lease\nlogin|\n')
  expect(text((await place.read())?.bytes)).toBe('{}\n')
})
