import { createHmac } from 'node:crypto'
import * as z from 'zod/mini'
import { failureWords, type CodexFailure } from '../codex/failure.ts'

/** Who holds a lease, as people are told. */
export interface LeaseHolder {
  /** The link of the run, or a name. */
  readonly run: string
  readonly attempt: number
  readonly job: string
}

/** What the lease of a slot says. A `nonce` is made anew each time a job asks for the lease. */
export type LeaseDocument =
  | { readonly state: 'free' }
  /** `held`: nothing has been spent yet. `exchanging`: from now on the token may have been. */
  | (Named & {
      readonly state: 'held' | 'exchanging'
      /** Seconds after which it no longer counts, unless it changes. */ readonly lasts: number
    })
  /** OpenAI has refused the token; `token` tells which, to those who have it. */
  | (Named & { readonly state: 'refused'; readonly token: string; readonly failure: CodexFailure })

interface Named {
  readonly holder: LeaseHolder
  readonly nonce: string
  /** How often this job has written it, so that no two of its documents are equal. */
  readonly turn: number
}

/** Others may have written it, and its holder is shown: no sign of a workflow command, a terminal code or a second line. */
const shown = (longest: number) => z.string().check(z.regex(new RegExp(`^(?!.*::)[\\w.:/@+-]{1,${longest}}$`)))
/** No lease keeps others waiting for longer than this, whatever it says. Seconds. */
const longestLife = 600

/** Made when a lease is read: most jobs read none, and a stage would start the later for it. */
function leaseDocument() {
  const named = {
    holder: z.object({ run: shown(300), attempt: z.int().check(z.positive()), job: shown(100) }),
    nonce: z.string().check(z.regex(/^[\w-]{8,64}$/)),
    turn: z.int().check(z.positive()),
  }
  return z.discriminatedUnion('state', [
    z.object({ state: z.literal('free') }),
    z.object({ state: z.enum(['held', 'exchanging']), ...named, lasts: z.number().check(z.positive(), z.maximum(longestLife)) }),
    z.object({
      state: z.literal('refused'),
      ...named,
      token: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
      failure: z.enum(Object.keys(failureWords) as CodexFailure[]),
    }),
  ])
}

/** Reads a lease; undefined for anything else: nobody holds that. */
export function parseLease(bytes: Uint8Array): LeaseDocument | undefined {
  try {
    const parsed = leaseDocument().safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** The document as it is stored: one line of JSON. */
export function leaseBytes(document: LeaseDocument): Uint8Array {
  return Buffer.from(`${JSON.stringify(document)}\n`)
}

/** A holder that `parseLease` takes, whatever its names are. */
export function leaseHolder({ run, attempt, job }: LeaseHolder): LeaseHolder {
  const plain = (text: string, longest: number): string =>
    text
      .replace(/[^\w.:/@+-]/g, '-')
      .replace(/:{2,}/g, ':')
      .slice(0, longest) || '-'
  return { run: plain(run, 300), attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : 1, job: plain(job, 100) }
}

/** A holder as people are told: the link of the run, and which part of it. */
export function holderName({ run, attempt, job }: LeaseHolder): string {
  return `${run} (${attempt > 1 ? `attempt ${attempt}, ` : ''}${job})`
}

/**
 * Which token a lease says was refused: a digest that tells nothing without the token, and differs in each lease.
 * @param token a digest of the refresh token
 */
export function refusedToken(token: string, nonce: string): string {
  return createHmac('sha256', token).update(`codex-auth-keeper, refused: ${nonce}`).digest('hex')
}
