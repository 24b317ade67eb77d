import { hash, randomBytes } from 'node:crypto'
import { networkVariables } from './network-variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * What post must know of the environment that restore saw, fit for the saved state: it holds no value but PATH, HOME, how
 * the network and the pod's cluster are reached, and the job's access to the cache.
 */
export interface RememberedEnvironment {
  readonly path?: string
  readonly home?: string
  /** Variables that post sets back to what they were; one with a user name or password in it is not kept. */
  readonly values: Readonly<Record<string, string>>
  /**
   * Random, and to be masked where the state is saved: whoever knows it can try values until a hash fits, and would soon find
   * a weak one.
   */
  readonly salt: string
  /** Name of a variable to a short keyed hash of its value. */
  readonly hashes: Readonly<Record<string, string>>
}

/**
 * Remembers, at restore, what the environment was before the job's steps.
 * @param env the environment of this process
 */
export function rememberEnvironment(env: Environment): RememberedEnvironment {
  const salt = randomBytes(12).toString('base64url')
  const hashes = entries(env).map(([name, value]) => [name, shortHash(salt, name, value)] as const)
  return {
    ...(env['PATH'] !== undefined && { path: env['PATH'] }),
    ...(env['HOME'] !== undefined && { home: env['HOME'] }),
    values: Object.fromEntries(setBack.flatMap((name) => (env[name] === undefined || env[name].includes('@') ? [] : [[name, env[name]]]))),
    salt,
    hashes: Object.fromEntries(hashes),
  }
}

/** The runner says so where a job's access to the cache is narrowed, and cannot be told from a step where it does not. */
const cacheMode = 'ACTIONS_CACHE_MODE'
/** Where the kubelet says that the API of its cluster is. */
const clusterVariables = ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT']
const setBack = [...networkVariables, cacheMode, ...clusterVariables]

/**
 * The environment for the user's own commands: the variables that are as they were at restore, with restore's PATH and
 * HOME. A step in between can set LD_PRELOAD, BASH_ENV and the like for us through GITHUB_ENV; what it set or changed
 * is left out. At restore itself: `trustedEnvironment(env, rememberEnvironment(env))`, so that both stages see the same.
 */
export function trustedEnvironment(env: Environment, remembered: RememberedEnvironment): Record<string, string> {
  return {
    ...Object.fromEntries(entries(env).filter((entry) => isUnchanged(entry, remembered))),
    ...Object.fromEntries(Object.entries(remembered.values).filter(([name]) => !isOurs(name))),
    ...(remembered.path !== undefined && { PATH: remembered.path }),
    ...(remembered.home !== undefined && { HOME: remembered.home }),
  }
}

/** The names of the variables that restore saw and that have been changed or taken away since. */
export function lostVariables(env: Environment, remembered: RememberedEnvironment): string[] {
  const unchanged = new Set(entries(env).flatMap((entry) => (isUnchanged(entry, remembered) ? [entry[0]] : [])))
  return Object.keys(remembered.hashes).filter((name) => !unchanged.has(name))
}

/**
 * Takes out of this process's own environment what a step has set or changed since restore (a proxy, a PATH), so that
 * nothing this process loads follows it. The runner's own variables stay: it sets them itself for each stage.
 * @returns the names of the variables that were taken out or set back
 */
export function undoChanges(env: NodeJS.ProcessEnv, remembered: RememberedEnvironment): string[] {
  const mode = remembered.values[cacheMode]
  const trusted: Environment = { ...trustedEnvironment(env, remembered), ...(mode !== undefined && { [cacheMode]: mode }) }
  const isRunners = (name: string): boolean => name !== cacheMode && /^(GITHUB|RUNNER|ACTIONS|INPUT|STATE)_/.test(name)
  const names = new Set([...Object.keys(env), ...Object.keys(trusted)])
  const changed = [...names].filter((name) => !isRunners(name) && env[name] !== trusted[name])
  for (const name of changed) {
    if (trusted[name] === undefined) Reflect.deleteProperty(env, name)
    else env[name] = trusted[name]
  }
  return changed
}

function isUnchanged([name, value]: readonly [string, string], { salt, hashes }: RememberedEnvironment): boolean {
  return hashes[name] === shortHash(salt, name, value)
}

/** The variables that a command may have at all: none that carries the runner's tokens, our inputs or our state. */
function entries(env: Environment): [string, string][] {
  return Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value === undefined || name === 'PATH' || name === 'HOME' || isOurs(name) ? [] : [[name, value]],
  )
}

/** The runner gives these to an action's process; a `run:` step would not have them, or has its own. */
function isOurs(name: string): boolean {
  return /^(INPUT|STATE|ACTIONS)_/i.test(name) || /^GITHUB_(ENV|PATH|OUTPUT|STATE|STEP_SUMMARY)$/.test(name)
}

function shortHash(salt: string, name: string, value: string): string {
  return hash('sha256', `${salt} ${name}=${value}`, 'base64url').slice(0, 16)
}
