import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { startLoopbackSshd } from '../loopback-sshd.ts'
import type { StorePlace } from '../store-places.ts'
import { gate, shellGate } from './gate.ts'
import { seeded } from './seeded.ts'

/** What the host does for each connection: what is asked for, or it drops the connection. */
const session = (directory: string): string => `${shellGate(directory)}
words=\${SSH_ORIGINAL_COMMAND##*codex-auth-store }
case $words in
  read*) if shut read; then kill -9 $PPID; exit 1; fi ;;
  write*) if shut write; then kill -9 $PPID; exit 1; fi ;;
esac
sh -c "$SSH_ORIGINAL_COMMAND"
code=$?
case $code,$words in
  0,write*)
    echo stored >> "$gate/written"
    if shut answer; then kill -9 $PPID; fi
    ;;
esac
exit $code
`

/** A file on a host with a real sshd. */
export async function sshPlace(): Promise<StorePlace> {
  const { directory, ...faults } = await gate()
  const sshd = await startLoopbackSshd()
  const file = join(directory, 'host', 'auth.json')
  const program = join(directory, 'session.sh')
  await writeFile(program, session(directory))
  await sshd.authorize(`command="/bin/sh ${program}"`)
  const line = `ssh: ${sshd.user}@${sshd.host}:${sshd.port}${file}`
  return {
    ...faults,
    ...seeded(line, { 'ssh-key': '${{ secrets.SSH_KEY }}', 'ssh-known-hosts': sshd.knownHosts }, { secrets: { SSH_KEY: sshd.key } }),
    name: 'ssh',
    line,
    machineKind: 'hosted',
    machineEnv: {},
    contents: () => (existsSync(file) ? readFile(file) : Promise.resolve(undefined)),
    empty: () => rm(dirname(file), { recursive: true, force: true }),
    put: async (bytes) => {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(`${file}.put`, bytes)
      await rename(`${file}.put`, file)
    },
    putLease: async (bytes) => {
      const leases = join(dirname(file), '.auth.json.keeper', 'lease')
      await mkdir(leases, { recursive: true })
      await writeFile(join(leases, `g${(await readdir(leases)).length + 1}`), bytes)
    },
    close: async () => {
      await sshd.stop()
      await faults.close()
    },
  }
}
