import { hash, randomBytes } from 'node:crypto'

export type Environment = Readonly<Record<string, string | undefined>>

/** What post must know of the environment that restore saw, fit for the saved state: it holds no value but PATH and HOME. */
export interface RememberedEnvironment {
  readonly path?: string
  readonly home?: string
  /** Random, so that equal values of two jobs do not look alike. */
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
    salt,
    hashes: Object.fromEntries(hashes),
  }
}

/**
 * The environment for the user's own commands: the variables that are as they were at restore, with restore's PATH and
 * HOME. A step in between can set LD_PRELOAD, BASH_ENV and the like for us through GITHUB_ENV; what it set or changed
 * is left out. At restore itself: `trustedEnvironment(env, rememberEnvironment(env))`, so that both stages see the same.
 */
export function trustedEnvironment(env: Environment, remembered: RememberedEnvironment): Record<string, string> {
  return {
    ...Object.fromEntries(entries(env).filter((entry) => isUnchanged(entry, remembered))),
    ...(remembered.path !== undefined && { PATH: remembered.path }),
    ...(remembered.home !== undefined && { HOME: remembered.home }),
  }
}

/**
 * Takes out of this process's own environment what a step has set or changed since restore (a proxy, a PATH), so that
 * nothing this process loads follows it. The runner's own variables stay: it sets them itself for each stage.
 * @returns the names of the variables that were taken out or set back
 */
export function undoChanges(env: NodeJS.ProcessEnv, remembered: RememberedEnvironment): string[] {
  const trusted = trustedEnvironment(env, remembered)
  const changed = Object.keys(env).filter((name) => !/^(GITHUB|RUNNER|ACTIONS|INPUT|STATE)_/.test(name) && env[name] !== trusted[name])
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
