import { tmpdir } from 'node:os'
import { parseGitAddress } from '../../src/stores/git/git-address.ts'
import { gitStore, type GitStoreOptions } from '../../src/stores/git/git-store.ts'
import type { Store } from '../../src/stores/store.ts'

export const slotRef = 'refs/codex-auth/default'

/** Opens the git store for the text after `git:`, as a job of your-org/your-repo would. */
export function gitStoreFor(text: string, options: Partial<GitStoreOptions> = {}): Store {
  const serverUrl = options.serverUrl ?? 'https://github.com'
  const parsed = parseGitAddress(text, { serverUrl, repository: 'your-org/your-repo', slot: 'default' })
  if (parsed.kind === 'problems') throw new Error(parsed.problems.join('\n'))
  return gitStore({
    name: `git: ${text}`,
    address: parsed.address,
    slot: 'default',
    git: '/usr/bin/git',
    tempDir: tmpdir(),
    serverUrl,
    commitNote: { run: 'https://github.com/your-org/your-repo/actions/runs/1', now: () => new Date('2026-01-02T03:04:05Z') },
    networkEnv: {},
    ...options,
  })
}
