import * as z from 'zod/mini'

/** What `doctor --json` prints, for the documentation and for tests; the program itself takes only its type. */
export const doctorSchema = z.object({
  version: z.literal(1),
  /** When all was looked at. */
  at: z.string().check(z.describe('RFC 3339, UTC')),
  result: z.enum(['well', 'wrong', 'login-needed']).check(z.describe('exit codes 0, 1 and 3; warnings alone are well')),
  findings: z.array(
    z.object({
      level: z.enum(['ok', 'warning', 'problem']),
      area: z.enum(['machine', 'login', 'stores', 'workflows']),
      check: z.string().check(z.describe('the name of the check; stays the same between versions')),
      place: z.string().check(z.describe('the file, store line, workflow or slot')),
      what: z.string(),
      why: z.nullable(z.string()).check(z.describe('null where all is well')),
      wayOut: z.nullable(z.string()).check(z.describe('null where all is well')),
      needsLogin: z.boolean().check(z.describe('only a new login by a person helps')),
      canBeMended: z.boolean().check(z.describe('by --fix')),
    }),
  ),
  mended: z.array(
    z.object({
      what: z.string(),
      outcome: z.enum(['mended', 'failed', 'left']).check(z.describe('left: nobody could be asked, or the answer was no')),
      problem: z.nullable(z.string()),
    }),
  ),
})

export type DoctorJson = z.infer<typeof doctorSchema>
