import * as z from 'zod/mini'

/** What `status --json` prints, for the documentation and for tests; the program itself takes only its type. */
const time = z.string().check(z.describe('RFC 3339, UTC'))

export const statusSchema = z.object({
  version: z.literal(1),
  /** When the places were looked at. */
  at: time,
  places: z.array(
    z.object({
      name: z.string().check(z.describe('the store line, or the path of auth.json on this machine')),
      where: z.enum(['machine', 'store']),
      state: z
        .enum(['login', 'hidden', 'none', 'no-login', 'unreadable', 'out-of-reach'])
        .check(
          z.describe(
            'hidden: there is a copy that the place cannot show; no-login: what is there is not a ChatGPT login; out-of-reach: only a job can look there',
          ),
        ),
      problem: z.nullable(z.string()).check(z.describe('what is wrong, where something is')),
      account: z.nullable(z.string()).check(z.describe('the hash that expected-account takes')),
      plan: z.nullable(z.string()),
      issuedAt: z.nullable(time),
      endsAt: z.nullable(time).check(z.describe('when the access token ends; Codex refreshes it shortly before')),
      dueFrom: z.nullable(time).check(z.describe('from when on the keeper refreshes it')),
      due: z.nullable(z.boolean()),
      newest: z.nullable(z.boolean()).check(z.describe('false: another place holds a newer copy of the same account')),
      lastWriter: z.nullable(z.string()).check(z.describe('the page of the run, or the machine, where the store knows it')),
      writtenAt: z.nullable(time),
    }),
  ),
  personNeeded: z
    .enum(['login', 'overdue', 'not-now', 'unknown'])
    .check(z.describe('login: no place holds a login; overdue: the newest copy has ended and was not refreshed')),
})

export type StatusJson = z.infer<typeof statusSchema>
