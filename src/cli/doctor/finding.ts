import { exitCodes, type ExitCode } from '../exit-code.ts'

/** What a finding is about; the answer is divided by it. */
export type Area = 'machine' | 'login' | 'stores' | 'workflows'

/**
 * What one check has come to.
 * - ok: as it should be
 * - warning: works, and may not for ever
 * - problem: does not work, or costs the login
 */
export type Finding = Found & {
  readonly area: Area
  /** Which check it is; the same in every version. */
  readonly check: string
  /** The program, file, store or workflow that it is about. */
  readonly place: string
}

type Found =
  | { readonly level: 'ok'; readonly what: string }
  | {
      readonly level: 'warning' | 'problem'
      readonly what: string
      readonly why: string
      readonly wayOut: string
      /** A person must log in again; nothing else helps. */
      readonly needsLogin?: boolean
      /** What --fix can do about it. */
      readonly mend?: Mend
    }

/** What --fix does: modes at once, and whatever else changes a file after asking. */
export type Mend =
  { readonly kind: 'mode'; readonly path: string; readonly mode: number } | { readonly kind: 'credentials-store'; readonly path: string }

/** What went wrong, why that matters, and the way out. */
export type Trouble = Pick<Extract<Finding, { why: string }>, 'what' | 'why' | 'wayOut' | 'needsLogin' | 'mend'>

/** The findings of one check about one place. */
export interface Reporter {
  ok(what: string): Finding
  warning(trouble: Trouble): Finding
  problem(trouble: Trouble): Finding
}

/** Writes the findings of one check. */
export function about(area: Area, check: string, place: string): Reporter {
  const subject = { area, check, place }
  return {
    ok: (what) => ({ ...subject, level: 'ok', what }),
    warning: (trouble) => ({ ...subject, level: 'warning', ...trouble }),
    problem: (trouble) => ({ ...subject, level: 'problem', ...trouble }),
  }
}

/** What the program ends with: 3 where a person must log in, 1 where something else is wrong; a warning is not. */
export function exitCodeFor(findings: readonly Finding[]): ExitCode {
  if (findings.some((finding) => finding.level === 'problem' && finding.needsLogin === true)) return exitCodes.loginNeeded
  return findings.some(({ level }) => level === 'problem') ? exitCodes.failed : exitCodes.well
}
