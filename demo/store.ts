import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bareRepository } from '../__tests__/support/bare-repository.ts'
import { someIdentity } from '../__tests__/support/sealing.ts'

/** Where the refreshed login rests between the machines of the demonstration. */
export interface DemoStore {
  /** What it is, for the story. */
  readonly description: string
  /** Inputs of the action that choose it; `${{ secrets.… }}` stand for `secrets`. */
  readonly inputs: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  /** Whether it can say which of several jobs may refresh the login. */
  readonly holdsLease: boolean
  /** What a stranger who can read the store sees there now; undefined while it is empty. */
  look(): Promise<string | undefined>
}

/** A store that needs nothing but this machine: a bare git repository, or where there is no git, a file. */
export function makeStore(folder: string): Promise<DemoStore> {
  const hasGit = spawnSync('git', ['--version'], { stdio: 'ignore' }).status === 0
  return hasGit ? gitStore(folder) : Promise.resolve(fileStore(folder))
}

async function gitStore(folder: string): Promise<DemoStore> {
  const repository = await bareRepository(join(folder, 'store.git'))
  const ref = 'refs/codex-auth/default'
  return {
    description: 'a bare git repository (store: git), sealed with a key of age that only the jobs have',
    inputs: { store: `git: file://${repository.directory}`, 'encryption-key': '${{ secrets.KEY }}' },
    secrets: { KEY: await someIdentity() },
    holdsLease: true,
    look: async () => {
      if ((await repository.oidOf(ref)) === undefined) return undefined
      const file = await repository.git(['ls-tree', '--name-only', ref])
      const text = await repository.git(['cat-file', 'blob', `${ref}:${file}`])
      return `${ref}: ${file}, which begins with "${text.split('\n')[0]?.slice(0, 40) ?? ''}"`
    },
  }
}

function fileStore(folder: string): DemoStore {
  const place = join(folder, 'store')
  const file = join(place, 'auth.json')
  mkdirSync(place, { mode: 0o700 })
  return {
    description: 'a file outside of all machines (store: command), as there is no git here',
    inputs: {
      store: 'command',
      'read-command': `[ ! -e '${file}' ] || cat '${file}'`,
      'write-command': `umask 077; cat > '${file}.new' && mv '${file}.new' '${file}'`,
    },
    secrets: {},
    holdsLease: false,
    look: () => Promise.resolve(existsSync(file) ? `auth.json, ${readFileSync(file).length} bytes` : undefined),
  }
}
