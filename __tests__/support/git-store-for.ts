import { tmpdir } from 'node:os'
import type { GitAccess } from '../../src/stores/git/git-access.ts'
import { isOwnServer, parseGitAddress, type GitTransport } from '../../src/stores/git/git-address.ts'
import type { GitSsh } from '../../src/stores/git/git-ssh.ts'
import { gitStore, type GitStoreOptions } from '../../src/stores/git/git-store.ts'
import type { Store } from '../../src/stores/store.ts'

const opened: Store[] = []
// A program that a test starts has no hooks, and ends with its folder.
;(globalThis as { afterAll?: (hook: () => Promise<void>) => void }).afterAll?.(async () => {
  await Promise.all(opened.splice(0).map(async (store) => store.close?.()))
})

export const slotRef = 'refs/codex-auth/default'

/** Options of the store, or what the inputs give to make its access of. */
export interface GitStoreForOptions extends Partial<GitStoreOptions> {
  readonly token?: string | undefined
  readonly ssh?: GitSsh | undefined
  readonly serverUrl?: string
}

/** Opens the git store for the text after `git:`, as a job of your-org/your-repo would. */
export function gitStoreFor(text: string, { token, ssh, serverUrl = 'https://github.com', ...options }: GitStoreForOptions = {}): Store {
  const parsed = parseGitAddress(text, { serverUrl, repository: 'your-org/your-repo', slot: 'default' })
  if (parsed.kind === 'problems') throw new Error(parsed.problems.join('\n'))
  const store = gitStore({
    name: `git: ${text}`,
    address: parsed.address,
    access: accessTo(parsed.address.transport, { token, ssh, serverUrl }),
    slot: 'default',
    git: '/usr/bin/git',
    tempDir: tmpdir(),
    commitNote: { run: 'https://github.com/your-org/your-repo/actions/runs/1', now: () => new Date('2026-01-02T03:04:05Z') },
    networkEnv: {},
    ...options,
  })
  opened.push(store)
  return store
}

function accessTo(
  transport: GitTransport,
  { token, ssh, serverUrl }: Pick<GitStoreForOptions, 'token' | 'ssh'> & { readonly serverUrl: string },
): GitAccess {
  if (transport.kind === 'file') return { kind: 'file' }
  if (transport.kind === 'ssh') {
    if (ssh === undefined) throw new Error('An ssh address needs ssh.')
    return { kind: 'ssh', ssh }
  }
  return { kind: 'http', token, tokenInput: isOwnServer(transport.origin, serverUrl) ? 'github-token' : 'store-token' }
}
