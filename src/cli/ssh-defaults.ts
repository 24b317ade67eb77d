import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CliEnvironment } from './environment.ts'

/** What ssh is given where the environment says nothing: what the person's own ssh would use. */
export interface SshDefaults {
  /** undefined: the agent is asked. */
  readonly key: string | undefined
  readonly knownHosts: string | undefined
}

const keyFiles = ['id_ed25519', 'id_ecdsa', 'id_rsa']

/** The key and the known hosts for ssh: of the keeper's variables, else of the agent and `~/.ssh`. */
export async function sshDefaults(
  secrets: CliEnvironment['secrets'],
  env: Readonly<Record<string, string>>,
  home: string,
): Promise<SshDefaults> {
  const read = (name: string): Promise<string | undefined> => readFile(join(home, '.ssh', name), 'utf8').catch(() => undefined)
  const key =
    secrets.CODEX_AUTH_SSH_KEY ??
    (env['SSH_AUTH_SOCK'] ? undefined : (await Promise.all(keyFiles.map(read))).find((text) => text !== undefined))
  return { key, knownHosts: secrets.CODEX_AUTH_KNOWN_HOSTS ?? (await read('known_hosts')) }
}
