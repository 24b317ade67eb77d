import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startLoopbackOpenAI } from './loopback-openai.ts'
import { loopbackCertificate } from './loopback-tls.ts'
import { codexBinary, codexExec, makeCodexHome, type CodexRelease } from './real-codex.ts'

const cache = fileURLToPath(new URL('../../node_modules/.cache/codex-auth-keeper/codex-that-ran', import.meta.url))

/**
 * Lets Codex run once and keeps the databases it has made, so that each machine of the tests begins with them: half the time of a
 * `codex exec` goes into making them, into a hundred authorities of the system that no server here belongs to, and into the name of the
 * Linux distribution. What Codex does on a machine it has never seen, the tests of its facts show.
 */
export async function letCodexRunOnce(release: CodexRelease): Promise<void> {
  const folder = keptFor(codexBinary(release))
  if (existsSync(folder)) return
  const openai = await startLoopbackOpenAI()
  const home = await makeCodexHome(openai, openai.login({ expiresIn: 864_000 }))
  const fresh = `${folder}.${process.pid}`
  try {
    const { code, stderr } = await codexExec(home, { release })
    if (code !== 0) throw new Error(`codex exec ended with ${code}:\n${stderr}`)
    mkdirSync(fresh, { recursive: true })
    copyAll(databasesIn(home.path), home.path, fresh)
    await endLogsOf(fresh)
    writeFileSync(join(fresh, 'authority.pem'), (await loopbackCertificate()).ca)
    renameSync(fresh, folder) // whole, or not at all
  } finally {
    rmSync(fresh, { recursive: true, force: true })
    await home.remove()
    await openai.close()
  }
}

/** Puts Codex into a folder of programs, and into `CODEX_HOME` what it left where it ran before, if it ever ran. */
export function putCodex(programs: string, codexHome: string, release: CodexRelease = 'pinned'): void {
  const [binary, program] = [codexBinary(release), join(programs, 'codex')]
  const kept = keptFor(binary)
  if (!existsSync(kept)) {
    symlinkSync(binary, program)
    return
  }
  const authority = `SSL_CERT_FILE="\${SSL_CERT_FILE:-${join(kept, 'authority.pem')}}"`
  writeFileSync(program, `#!/bin/sh\n${authority} exec '${binary}' "$@"\n`, { mode: 0o755 })
  writeFileSync(join(programs, 'lsb_release'), '#!/bin/sh\n', { mode: 0o755 })
  copyAll(databasesIn(kept), kept, codexHome)
}

/** Another Codex, or the same one installed again, runs anew. */
function keptFor(binary: string): string {
  const { size, mtimeMs } = statSync(binary)
  return join(cache, createHash('sha256').update(`${binary} ${size} ${mtimeMs}`).digest('hex').slice(0, 16))
}

function databasesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.includes('.sqlite'))
}

/** Writes what SQLite has logged into the databases, as it does when the last one closes them: a log is four times as long. */
async function endLogsOf(folder: string): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite') // not for the tests, which load this file too
  for (const name of databasesIn(folder).filter((name) => name.endsWith('.sqlite'))) {
    const database = new DatabaseSync(join(folder, name))
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
  }
}

function copyAll(names: readonly string[], from: string, to: string): void {
  for (const name of names) copyFileSync(join(from, name), join(to, name))
}
