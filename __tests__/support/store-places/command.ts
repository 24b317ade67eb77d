import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StorePlace } from '../store-places.ts'
import { gate, shellGate } from './gate.ts'
import { seeded } from './seeded.ts'

const script = (directory: string): string => `#!/bin/sh
set -eu
${shellGate(directory)}
version() { sha256sum < auth.json | cut -d' ' -f1; }
cd "$gate"
case $1 in
  read)
    if shut read; then echo 'the vault is away' >&2; exit 1; fi
    test -e auth.json || exit 74
    version
    cat auth.json
    ;;
  write)
    if shut write; then echo 'the vault is full' >&2; exit 1; fi
    current=''
    test ! -e auth.json || current=$(version)
    test "$current" = "$CODEX_AUTH_IF_VERSION" || exit 76
    cat > new
    test "$(sha256sum < new | cut -d' ' -f1)" = "$CODEX_AUTH_SHA256" || exit 65
    mv new auth.json
    echo "$CODEX_AUTH_SLOT" >> written
    if shut answer; then echo 'the line is dead' >&2; exit 1; fi
    version
    ;;
esac
`

/** A person's own script that keeps the document in a folder and tells versions. */
export async function commandPlace(): Promise<StorePlace> {
  const { directory, ...faults } = await gate()
  const file = join(directory, 'auth.json')
  const program = join(directory, 'vault.sh')
  await writeFile(program, script(directory), { mode: 0o755 })
  return {
    ...faults,
    ...seeded('command', { 'read-command': `${program} read`, 'write-command': `${program} write` }),
    name: 'command',
    line: 'command',
    machineKind: 'hosted',
    machineEnv: {},
    contents: () => (existsSync(file) ? readFile(file) : Promise.resolve(undefined)),
    empty: () => rm(file, { force: true }),
    put: async (bytes) => {
      await writeFile(`${file}.put`, bytes)
      await rename(`${file}.put`, file)
    },
  }
}
