import type { CommandModule } from './command-module.ts'

export interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<CommandModule>
}

/** All commands, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'login',
    summary: 'a new login by the real codex login, handed over to a secret on GitHub or to stores',
    load: async () => (await import('./commands/login.ts')).login,
  },
  {
    name: 'setup',
    summary: 'from nothing to a green job in one repository: checks, key, login, secrets, workflows, first run',
    load: async () => (await import('./commands/setup.ts')).setup,
  },
  {
    name: 'status',
    summary: 'all places of a login side by side: this machine and every store',
    load: async () => (await import('./commands/status.ts')).status,
  },
  {
    name: 'doctor',
    summary: 'what is wrong with the login, its stores and the workflows that use it, and the way out',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    name: 'sync',
    summary: 'the newest login wins, on this machine and in every store',
    load: async () => (await import('./commands/sync.ts')).sync,
  },
  {
    name: 'deploy',
    summary: 'put a login on a host over SSH, and prove it there',
    load: async () => (await import('./commands/deploy.ts')).deploy,
  },
  {
    name: 'run',
    summary: 'the whole keeper around one command: restore, refresh, run, store what Codex has refreshed',
    load: async () => (await import('./commands/run.ts')).run,
  },
]
