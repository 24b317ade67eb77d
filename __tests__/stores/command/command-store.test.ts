import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KeeperError } from '../../../src/keeper-error.ts'
import { sha256 } from '../../../src/sha256.ts'
import { commandStore, type CommandStoreOptions } from '../../../src/stores/command/command-store.ts'
import type { Store } from '../../../src/stores/store.ts'
import { anyBytes, login, text } from '../../support/documents.ts'
import { failure } from '../../support/failure.ts'
import { describeStore } from '../store-contract.ts'

/** A careful script: a lock, a comparison, the checksum, one rename. The file is the version line and the document. */
const versioned = {
  readCommand: `
    case "$(cat fault 2>/dev/null)" in unreachable) exit 7;; read-denied) exit 77;; esac
    cat "$CODEX_AUTH_SLOT" 2>/dev/null || exit 74`,
  writeCommand: `
    fault=$(cat fault 2>/dev/null || true)
    case $fault in unreachable) exit 7;; write-denied) exit 77;; interrupted) rm fault; head -c 100 >half; kill -9 $$;; esac
    exec 9>lock; flock 9
    version=
    if [ -e "$CODEX_AUTH_SLOT" ]; then version=$(head -n 1 "$CODEX_AUTH_SLOT"); fi
    [ "$version" = "$CODEX_AUTH_IF_VERSION" ] || exit 76
    new=$(mktemp new.XXXXXX); cat >"$new"
    echo "$CODEX_AUTH_SHA256  $new" | sha256sum --check --status || exit 65
    next=v$((\${version#v} + 1))
    { echo "$next"; cat "$new"; } >"$new.whole"; sync "$new.whole"; mv "$new.whole" "$CODEX_AUTH_SLOT"; rm "$new"
    if [ "$fault" = answer-lost ]; then rm fault; kill -9 $$; fi
    echo "$next"`,
  proveCommand: `
    case "$(cat fault 2>/dev/null)" in unreachable) exit 7;; write-denied) exit 77;; esac
    [ -w . ]`,
}

/** What most people have: a command line that prints a secret, and one that stores stdin and says so. */
const plain = {
  readCommand: 'if [ -e unreachable ]; then exit 7; fi; if [ -s "$CODEX_AUTH_SLOT" ]; then cat "$CODEX_AUTH_SLOT"; fi',
  writeCommand: 'if [ -e unreachable ]; then exit 7; fi; cat >new; mv new "$CODEX_AUTH_SLOT"; echo "Secret updated."',
}

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'command-store-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

function store(options: Partial<CommandStoreOptions>): Store {
  return commandStore({
    name: 'command',
    slot: 'default',
    readCommand: 'exit 74',
    writeCommand: 'cat >/dev/null',
    bash: '/bin/bash',
    env: { PATH: '/usr/bin:/bin' },
    cwd: directory,
    ...options,
  })
}

function codeOf(error: unknown): unknown {
  return error instanceof KeeperError ? error.code : error
}

describe('how the commands are run', () => {
  test('as a run step would be, with the slot and nothing put into their text', async () => {
    const readCommand = `
      shopt -qo errexit; shopt -qo pipefail; [ "$-" = "\${-/i/}" ]
      printf 'v1\\n%s|%s|%s|%s' "$CODEX_AUTH_SLOT" "$#" "$0" "\${CODEX_AUTH_IF_VERSION-unset}"`
    const copy = await store({ readCommand, slot: 'a slot; with "everything" $(in it)' }).read()
    expect(text(copy?.bytes)).toBe('a slot; with "everything" $(in it)|0|/bin/bash|unset')
  })

  test('a failure in the middle of a pipeline is a failure', async () => {
    expect((await failure(store({ readCommand: 'false | cat' }).read())).code).toBe('store-unreachable')
  })

  test('the write gets the document on stdin, its hash and the version that must still be there', async () => {
    const writeCommand =
      'sha256sum >got; echo "$CODEX_AUTH_SHA256|$CODEX_AUTH_IF_VERSION|$CODEX_AUTH_SLOT" >>got; env >env; tr "\\0" " " </proc/$$/cmdline >argv || true'
    await store({ writeCommand }).write(anyBytes(), 'v7')
    const hash = sha256(anyBytes())
    expect(await readFile(join(directory, 'got'), 'utf8')).toBe(`${hash}  -\n${hash}|v7|default\n`)
    await store({ writeCommand }).write(login('secret'), undefined)
    expect(await readFile(join(directory, 'got'), 'utf8')).toContain('||default')
    for (const file of ['env', 'argv']) expect(await readFile(join(directory, file), 'utf8')).not.toContain('rt_contract')
  })

  test('a write command that does not read its input is judged by its exit code', async () => {
    for (let round = 0; round < 5; round += 1) {
      expect((await failure(store({ writeCommand: 'exit 75' }).write(Buffer.alloc(500_000), undefined))).code).toBe('store-unreachable')
    }
  })

  test('bash or a folder that is gone is told', async () => {
    expect((await failure(store({ bash: '/nonexistent/bash' }).read())).code).toBe('store-refused')
    expect((await failure(store({ cwd: join(directory, 'gone') }).read())).code).toBe('store-refused')
  })

  test('without prove-command, nothing proves that a write would work', async () => {
    const subject = store({})
    expect([await subject.proveWritable(), subject.notes?.()]).toEqual(['unprovable', []])
  })
})

describe('prove-command', () => {
  test('is run as the others, with the slot, and with nothing to store', async () => {
    const proveCommand =
      'shopt -qo errexit; shopt -qo pipefail; echo "$CODEX_AUTH_SLOT|${CODEX_AUTH_IF_VERSION-unset}|${CODEX_AUTH_SHA256-unset}|$(wc -c)" >got'
    expect(await store({ proveCommand }).proveWritable()).toBe('proved')
    expect(await readFile(join(directory, 'got'), 'utf8')).toBe('default|unset|unset|0\n')
  })

  test('exit code 77 is a refusal, in its own words', async () => {
    const error = await failure(store({ proveCommand: 'echo "no role for you" >&2; exit 77' }).proveWritable())
    expect([error.code, error.message]).toEqual(['store-unauthorized', 'prove-command ended with exit code 77: no role for you.'])
  })

  test.each([1, 64, 65, 73, 74, 75, 76, 127])('exit code %i proves nothing, and says why', async (code) => {
    const subject = store({ proveCommand: `echo "no answer" >&2; exit ${code}` })
    expect(await subject.proveWritable()).toBe('unprovable')
    expect(subject.notes?.()).toEqual([
      `command: prove-command ended with exit code ${code}: no answer. Whether write-command may store is not known.`,
    ])
  })

  test('one that hangs proves nothing', async () => {
    await writeFile(join(directory, 'hang'), '')
    try {
      const subject = store({ proveCommand: 'while [ -e hang ]; do sleep 0.05; done', timeoutMs: 500 })
      expect([await subject.proveWritable(), subject.notes?.()[0]]).toEqual(['unprovable', expect.stringContaining('did not end in time')])
    } finally {
      await rm(join(directory, 'hang'))
    }
  })
})

describe('exit codes', () => {
  test.each([
    [64, 'store-refused', 'store-refused'],
    [65, 'store-unreachable', 'store-unreachable'],
    [70, 'store-damaged', 'store-damaged'],
    [73, 'store-refused', 'store-refused'],
    [75, 'store-unreachable', 'store-unreachable'],
    [76, 'store-unreachable', 'conflict'],
    [77, 'store-unauthorized', 'store-unauthorized'],
    [1, 'store-unreachable', 'store-unknown-outcome'],
    [127, 'store-unreachable', 'store-unknown-outcome'],
    [74, 'empty', 'conflict'],
  ])('%i: a read is %s, a write is %s', async (code, reads, writes) => {
    const subject = store({ readCommand: `echo '{}'; exit ${code}`, writeCommand: `cat >/dev/null; echo v1; exit ${code}` })
    const read = await subject.read().then((copy) => copy ?? 'empty', codeOf)
    const write = await subject.write(login('a'), undefined).then(({ kind }) => kind, codeOf)
    expect([read, write]).toEqual([reads, writes])
  })

  test('a command that hangs: a read is an outage, a write has an unknown outcome', async () => {
    const hangs = 'while [ -e hang ]; do sleep 0.05; done'
    const commands = { readCommand: hangs, writeCommand: hangs, timeoutMs: 500 }
    await writeFile(join(directory, 'hang'), '')
    try {
      expect((await failure(store(commands).read())).code).toBe('store-unreachable')
      expect((await failure(store(commands).write(login('a'), undefined))).code).toBe('store-unknown-outcome')
    } finally {
      // Also a bash that is slower than the limit ends by itself now.
      await rm(join(directory, 'hang'))
    }
  })
})

describe('what a read printed', () => {
  const read = (output: Uint8Array) => async (): Promise<[string | undefined, string | undefined]> => {
    await writeFile(join(directory, 'output'), output)
    const copy = await store({ readCommand: 'cat output' }).read()
    return [copy?.version, text(copy?.bytes)]
  }

  test.each([
    ['{"a":1}\n', sha256('{"a":1}\n'), '{"a":1}\n'],
    ['\n {"a":1}', sha256('\n {"a":1}'), '\n {"a":1}'],
    ['\ufeff{"a":1}', sha256('\ufeff{"a":1}'), '\ufeff{"a":1}'],
    ['v1\n{"a":1}\n\n', 'v1', '{"a":1}\n\n'],
    ['2026-01-01T00:00:00Z etag "x"\r\n{}', '2026-01-01T00:00:00Z etag "x"', '{}'],
    ['7\nnot checked here', '7', 'not checked here'],
  ])('%j', async (output, version, document) => {
    expect(await read(Buffer.from(output))()).toEqual([version, document])
  })

  test.each(['', '\n', ' \r\n\n'])('%j is empty', async (output) => {
    expect(await read(Buffer.from(output))()).toEqual([undefined, undefined])
  })

  test.each([
    'v1',
    'v1\n',
    'secret-not-found',
    `${Buffer.from(login('x')).toString('base64')}\n`,
    `${'v'.repeat(129)}\n{}`,
    '\u0001\n{}',
    '[1]',
  ])('%j is damaged, and not quoted', async (output) => {
    const error = await failure(read(Buffer.from(output))())
    expect(error.code).toBe('store-damaged')
    expect(error.message).not.toContain(output.trim())
  })
})

describe('the guarantee', () => {
  test('is what the last read showed', async () => {
    const subject = store({ readCommand: 'cat output' })
    expect(subject.guarantee).toBe('last-writer-wins')
    await writeFile(join(directory, 'output'), 'v1\n{}')
    await subject.read()
    expect(subject.guarantee).toBe('compare-and-set')
    await writeFile(join(directory, 'output'), '{}')
    await subject.read()
    expect(subject.guarantee).toBe('last-writer-wins')
  })
})

describe('a read that prints without end', () => {
  test('is damage', async () => {
    const error = await failure(store({ readCommand: "printf '{'; head -c 3000000 /dev/zero" }).read())
    expect([error.code, error.message]).toEqual(['store-damaged', 'read-command printed more than 1 MiB.'])
  })
})

describe('what the command says on stderr', () => {
  test('its last lines are in the message, what it printed is not', async () => {
    const readCommand =
      'echo v1 stdout-canary; for i in 1 2 3 4 5 6; do echo "line $i" >&2; done; printf "\\033[31mdenied\\033[0m\\r\\n" >&2; exit 3'
    const error = await failure(store({ readCommand }).read())
    expect(error.message).toBe('read-command ended with exit code 3: line 3 | line 4 | line 5 | line 6 | denied.')
  })
})

describe('a race of 20 processes', () => {
  test('has one winner in each of 10 rounds when the script compares and sets', async () => {
    const open = (): Store => store(versioned)
    let version: string | undefined
    for (let round = 1; round <= 10; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, async (_, number) => ({ number, ...(await open().write(login(`${round}-${number}`), version)) })),
      )
      const winners = outcomes.filter(({ kind }) => kind === 'written')
      expect(winners).toHaveLength(1)
      const copy = await open().read()
      expect(text(copy?.bytes)).toBe(text(login(`${round}-${winners[0]?.number ?? ''}`)))
      expect(copy?.version).not.toBe(version)
      version = copy?.version
    }
  }, 240_000)
})

async function place() {
  const root = await mkdtemp(join(tmpdir(), 'command-store-'))
  return { root, file: join(root, 'default'), fault: (kind: string) => writeFile(join(root, 'fault'), kind) }
}

describeStore('command, versioned', {
  guarantee: 'compare-and-set',
  proof: 'proved',
  cannot: { foreignKey: 'a copy is not sealed' },
  harness: async () => {
    const { root, file, fault } = await place()
    const heal = () => rm(join(root, 'fault'), { force: true })
    return {
      open: () => Promise.resolve(store({ ...versioned, cwd: root })),
      faults: {
        unreachable: () => fault('unreachable'),
        readDenied: () => fault('read-denied'),
        writeDenied: () => fault('write-denied'),
        garbage: (bytes) => writeFile(file, bytes),
        answerLost: () => fault('answer-lost'),
        writeInterrupted: () => fault('interrupted'),
        emptied: () => rm(file),
      },
      heal,
      cleanup: () => rm(root, { recursive: true, force: true }),
    }
  },
})

describeStore('command, plain', {
  guarantee: 'last-writer-wins',
  proof: 'unprovable',
  holds: 'exact-json',
  cannot: {
    foreignKey: 'a copy is not sealed',
    readDenied: 'the exit code of a plain command line is an outage',
    writeDenied: 'the exit code of a plain command line is an unknown outcome',
    answerLost: 'shown with the versioned script',
    writeInterrupted: 'shown with the versioned script',
  },
  harness: async () => {
    const { root, file } = await place()
    return {
      open: () => Promise.resolve(store({ ...plain, cwd: root })),
      faults: {
        unreachable: () => writeFile(join(root, 'unreachable'), ''),
        garbage: (bytes) => writeFile(file, bytes),
        emptied: () => rm(file),
      },
      heal: () => rm(join(root, 'unreachable'), { force: true }),
      cleanup: () => rm(root, { recursive: true, force: true }),
    }
  },
})
