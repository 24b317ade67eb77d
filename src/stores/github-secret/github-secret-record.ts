import * as z from 'zod/mini'
import { AuthJsonError, parseAuthJson } from '../../credential/auth-json.ts'
import { compareIssued, judgeTimes, type Issued } from '../../credential/issued.ts'
import { sha256 } from '../../sha256.ts'

/** What may be known of a document outside the secret. */
export interface DocumentMark {
  /** One-way digest of its refresh token; of the whole document when that is not a login. */
  readonly fingerprint: string
  /** undefined when it is not a login that the keeper may store. */
  readonly issued: Issued | undefined
}

const record = z.object({
  v: z.literal(1),
  fingerprint: z.string(),
  issued: z.optional(z.object({ iat: z.exactOptional(z.number()), exp: z.exactOptional(z.number()), lastRefresh: z.string() })),
  /** GitHub's clock when it took the document (RFC 3339). */
  storedAt: z.string(),
})

/** The value of the variable beside the secret: what the keeper stored last. Everyone with access to the repository can read it. */
export type StoredRecord = z.infer<typeof record>

/** A record from the variable's value; undefined when it is not one, as after an edit by hand. */
export function parseRecord(value: string): StoredRecord | undefined {
  try {
    return record.parse(JSON.parse(value))
  } catch {
    return undefined
  }
}

export function recordOf(mark: DocumentMark, storedAt: Date): string {
  const value: StoredRecord = { v: 1, ...mark, storedAt: storedAt.toISOString() }
  return JSON.stringify(value)
}

/** The mark of a document. Text that is not an `auth.json` has one too: what it is worth is for others to judge. */
export function markOf(document: Uint8Array): DocumentMark {
  try {
    const credential = parseAuthJson(document)
    if (credential.kind === 'managed') {
      return { fingerprint: digest('refresh token', credential.refreshToken), issued: credential.issued }
    }
  } catch (error) {
    if (!(error instanceof AuthJsonError)) throw error
  }
  return { fingerprint: digest('document', JSON.stringify(JSON.parse(Buffer.from(document).toString('utf8')))), issued: undefined }
}

/** A prefix of its own keeps equal tokens from looking equal to any other digest of them. */
function digest(what: string, value: string): string {
  return sha256(`codex-auth-keeper github-secret ${what}\n${value}`)
}

/** Differences between two of GitHub's clocks that mean nothing, in milliseconds. */
const sameMoment = 60_000

/**
 * Whether the value that this job was given is still the one to use.
 * - current: it is what was stored last, or a reseed that was issued later
 * - spent: the keeper has stored a later one since
 * - replaced: it is what the keeper stored last, but somebody has replaced the secret since
 * @param updatedAt when the secret was last written, by GitHub
 */
export function judgeSnapshot(given: DocumentMark, stored: StoredRecord | undefined, updatedAt: string): 'current' | 'spent' | 'replaced' {
  if (stored === undefined) return 'current'
  if (given.fingerprint === stored.fingerprint) {
    return Date.parse(updatedAt) > Date.parse(stored.storedAt) + sameMoment ? 'replaced' : 'current'
  }
  if (given.issued === undefined || stored.issued === undefined) return 'current'
  return compareIssued(given.issued, judgeTimes(stored.issued, Date.now() / 1000)) === 'newer' ? 'current' : 'spent'
}
