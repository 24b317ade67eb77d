import type { SealingKey } from '../../stores/sealed/sealing-keys.ts'
import type { StoreInputs } from '../../stores/store-line.ts'
import type { StoreSettings } from '../../stores/store-settings.ts'

type Kind = StoreSettings['kind']

/** The inputs of each kind of store; of a key to seal with, something else is made. */
const inputsOf: Readonly<Record<Kind, readonly (keyof StoreInputs)[]>> = {
  runner: [],
  git: ['githubToken', 'storeToken', 'sshKey', 'sshKnownHosts'],
  cache: [],
  'github-secret': ['authJson', 'secretWriter'],
  ssh: ['sshKey', 'sshKnownHosts'],
  kubernetes: [],
  vault: [],
  s3: [],
  command: ['readCommand', 'writeCommand', 'proveCommand'],
}

/** Those that ask GitHub for an id token or for the cache, with what the runner gives to the stages of an action. */
const askGithub: readonly Kind[] = ['cache', 'vault', 's3']

/**
 * What these stores need to be written, and nothing that others need: it is held for as long as the job lasts.
 * @param recipient what seals and opens nothing; undefined where no store is sealed with it
 */
export function inputsForWriting(given: StoreInputs, kinds: readonly Kind[], recipient: SealingKey | undefined): StoreInputs {
  const needed = new Set(kinds.flatMap((kind) => inputsOf[kind]))
  const inputs = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, needed.has(name as keyof StoreInputs) ? value : undefined]),
  )
  return {
    ...(inputs as Record<keyof StoreInputs, undefined>),
    slot: given.slot,
    encryptionKey: recipient && { kind: 'keys', keys: [recipient] },
  }
}

/** The runner's variables without the inputs and the saved state, and without its tokens where no store uses them. */
export function runnersEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  kinds: readonly Kind[],
): Record<string, string | undefined> {
  const left = kinds.some((kind) => askGithub.includes(kind)) ? /^(INPUT|STATE)_/i : /^(INPUT|STATE|ACTIONS)_/i
  return Object.fromEntries(Object.entries(env).filter(([name]) => !left.test(name)))
}
