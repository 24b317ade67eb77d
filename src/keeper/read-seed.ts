import { AuthJsonError, parseAuthJson, unmanagedReasons, type ManagedCredential, type UnmanagedReason } from '../credential/auth-json.ts'
import { mistakenSeed, type MistakenSeed } from '../credential/mistaken-seed.ts'
import { seedBytes } from '../credential/seed.ts'
import { KeeperError } from '../keeper-error.ts'
import { logInFirst } from '../log-in.ts'

/** What was given as a seed, and the kinds of the stores beside it. */
export interface SeedFacts {
  readonly authJson: string | undefined
  readonly stores: readonly { readonly kind: string }[]
}

/**
 * The seed of the input auth-json; with the store github-secret that input is the store's copy, and there is no seed.
 * @throws KeeperError unusable-credential when Codex could not use or refresh it
 */
export function readSeed({ authJson, stores }: SeedFacts): ManagedCredential | undefined {
  if (authJson === undefined || stores.some(({ kind }) => kind === 'github-secret')) return undefined
  const mistake = mistakenSeed(authJson)
  if (mistake !== undefined) throw unusable(mistakes[mistake].what, mistakes[mistake].wayOut)
  try {
    const seed = parseAuthJson(seedBytes(authJson))
    if (seed.kind === 'managed') return seed
    throw unusable(`${unmanagedReasons[seed.why]}.`, needsNoKeeper[seed.why] ?? logInFirst)
  } catch (error) {
    if (error instanceof AuthJsonError) throw unusable(`cannot be used: ${error.message}.`, whole)
    throw error
  }
}

/** GitHub masks each line of a secret in the log of the whole job; nothing for a seed on one line. */
export function seedNote({ authJson }: Pick<SeedFacts, 'authJson'>): string[] {
  if (!/^\s*\{[^]*\n/.test(authJson?.trim() ?? '')) return []
  return [`The secret in auth-json has more than one line, and GitHub masks every one of them, such as "{", in the whole log. ${oneLine}`]
}

const oneLine = "Store it on one line: base64 < auth.json | tr -d '\\n' | gh secret set NAME"
const whole = `The secret must hold the whole file, and a copy of it by hand is easily cut. ${oneLine}`

/** @param what the end of a sentence about the seed */
function unusable(what: string, wayOut: string): KeeperError {
  return new KeeperError('unusable-credential', `The seed in auth-json ${what}`, wayOut)
}

const keyNeedsNoKeeper = `An API key needs no keeper: leave this action out and give Codex the key as CODEX_API_KEY. To use a ChatGPT plan instead: ${logInFirst}`

const mistakes: Readonly<Record<MistakenSeed, { readonly what: string; readonly wayOut: string }>> = {
  'api-key': { what: 'is an OpenAI API key (sk-…), not an auth.json.', wayOut: keyNeedsNoKeeper },
  'refresh-token': { what: 'is a bare refresh token (rt_…), not an auth.json.', wayOut: whole },
  'access-token': {
    what: 'is a Codex access token (at-…), not an auth.json.',
    wayOut:
      'An access token needs no keeper, because nobody has to refresh it: leave this action out and give Codex the token as CODEX_ACCESS_TOKEN.',
  },
  jwt: { what: 'is one token out of an auth.json (eyJ…), not the file.', wayOut: whole },
  path: { what: 'is the path of an auth.json, not what the file holds.', wayOut: whole },
  'first-line': { what: 'is the first line of an auth.json alone.', wayOut: whole },
}

/** Logins of other kinds stay as they are, so there is nothing to keep. */
const needsNoKeeper: Partial<Record<UnmanagedReason, string>> = {
  'api-key': keyNeedsNoKeeper,
  'personal-access-token':
    'A personal access token needs no keeper, because nobody has to refresh it: leave this action out, and log Codex in with "codex login --with-access-token" or CODEX_ACCESS_TOKEN.',
}
