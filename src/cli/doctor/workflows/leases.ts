import type { KeeperUse } from './workflow.ts'

const withLease: readonly string[] = ['runner', 'git', 'ssh', 'kubernetes', 'vault', 's3']

/** The word with which a store line begins. */
export function kindOf(line: string): string {
  return /^[a-z0-9-]+/.exec(line)?.[0] ?? ''
}

/**
 * The first line that holds a lease, which jobs at the same moment take turns by; undefined where none does. Of the store
 * `command` its commands show it, unless they are scripts of somewhere else.
 */
export function leaseLine({ stores, step: { inputs } }: Pick<KeeperUse, 'stores' | 'step'>): string | undefined {
  const commands = [inputs['read-command'], inputs['write-command']]
  const commandHolds = commands.every((text) => /codex-auth-lease|CODEX_AUTH_DOCUMENT/.test(text ?? ''))
  return stores.find((line) => withLease.includes(kindOf(line)) || (kindOf(line) === 'command' && commandHolds))
}
