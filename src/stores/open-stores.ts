import { join } from 'node:path'
import { KeeperError } from '../keeper-error.ts'
import { runnerStore, whyForgotten } from './runner-store.ts'
import type { StoreSpec } from './store-spec.ts'
import type { Store } from './store.ts'

/** What the stores need to know of this run; a store takes only its part. */
export interface StoreContext {
  readonly slot: string
  /** HOME as it was before any later step could change it. */
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Opens the stores of the `store` input; each backend is loaded only when it is used.
 * @throws KeeperError when a store cannot be used in this run at all
 */
export function openStores(specs: readonly StoreSpec[], context: StoreContext): Promise<Store[]> {
  return Promise.all(specs.map((spec) => open(spec, context)))
}

function open(spec: StoreSpec, context: StoreContext): Promise<Store> {
  switch (spec.kind) {
    case 'runner': return Promise.resolve(openRunner(spec, context))
    case 'cache':
    case 'command':
    case 'git':
    case 'github-secret':
    case 'ssh': throw new Error(spec.kind)
  }
}

function openRunner(spec: Extract<StoreSpec, { kind: 'runner' }>, { slot, home, env }: StoreContext): Store {
  const directory = join(spec.path ?? join(home, '.codex-auth-keeper'), slot)
  const forgotten = whyForgotten(directory, env)
  if (forgotten !== undefined) {
    throw new KeeperError('store-refused', `The store runner cannot keep anything here: ${forgotten}.`,
      'Use the store git (or another one that is not on this machine), or run the job on a self-hosted runner outside containers.')
  }
  return runnerStore({ name: spec.line, directory })
}
