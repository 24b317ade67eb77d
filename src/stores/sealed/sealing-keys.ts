/** One key of the `encryption-key` input. */
export interface SealingKey {
  /** A recipient is the public part of an identity: it seals and opens nothing. */
  readonly kind: 'identity' | 'passphrase' | 'recipient'
  /** The age identity, the passphrase or the recipient itself. */
  readonly secret: string
}

/** The first key seals, all of them open; never empty. */
export type SealingKeys = readonly [SealingKey, ...SealingKey[]]

export type ParsedSealingKeys =
  { readonly kind: 'keys'; readonly keys: SealingKeys } | { readonly kind: 'problems'; readonly problems: readonly [string, ...string[]] }

/** `age-keygen` writes 58 bech32 characters after the prefix; `age-keygen -pq` as well. */
const identity = /^AGE-SECRET-KEY-(PQ-)?1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}$/
const shortestPassphrase = 32

/**
 * Reads the `encryption-key` input: one key per line, either an age identity (`AGE-SECRET-KEY-1…`) or a passphrase of at
 * least 32 characters. Blank lines and lines that start with `#`, as `age-keygen` writes them, are dropped.
 * A problem names the line, never its content.
 */
export function parseSealingKeys(text: string): ParsedSealingKeys {
  const problems: string[] = []
  const keys: SealingKey[] = []
  for (const { line, number } of keyLines(text)) {
    const problem = problemOf(line)
    if (problem === undefined) keys.push({ kind: identity.test(line) ? 'identity' : 'passphrase', secret: line })
    else problems.push(`encryption-key, line ${number}: ${problem}`)
  }
  const [problem, ...otherProblems] = problems
  if (problem !== undefined) return { kind: 'problems', problems: [problem, ...otherProblems] }
  const [first, ...others] = keys
  if (first !== undefined) return { kind: 'keys', keys: [first, ...others] }
  return { kind: 'problems', problems: ['encryption-key holds no key. Make one with `age-keygen` and keep it as a secret.'] }
}

/** Every string of the `encryption-key` input that must be masked, also when the input is wrong. */
export function sealingSecrets(text: string): string[] {
  return [...new Set(keyLines(text).map(({ line }) => line))]
}

function keyLines(text: string): { line: string; number: number }[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ line: line.replace(/^\uFEFF/, '').trim(), number: index + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
}

function problemOf(line: string): string | undefined {
  if (identity.test(line)) return undefined
  if (/^age-secret-key-/i.test(line)) return 'an age identity that is not complete. Copy the whole line of the key file.'
  if (/^age1/i.test(line)) return 'a public key (age1…), which cannot open anything. Give the AGE-SECRET-KEY-1… line.'
  if (/^age-plugin-/i.test(line)) return 'an identity of an age plug-in; plug-ins are not supported. Use a plain age-keygen key.'
  if (/^-----BEGIN|^ssh-/.test(line)) return 'an SSH or PEM key. Use an age identity from `age-keygen`.'
  if (line.length >= shortestPassphrase) return undefined
  return `neither an age identity (AGE-SECRET-KEY-1…) nor a passphrase of at least ${shortestPassphrase} characters.`
}
