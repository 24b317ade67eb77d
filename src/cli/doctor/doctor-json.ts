import { exitCodeFor, type Finding } from './finding.ts'
import type { DoctorJson } from './doctor-schema.ts'
import type { Mended } from './mend.ts'

/** The findings for programs. @param now seconds since 1970 */
export function doctorJson(findings: readonly Finding[], mended: readonly Mended[], now: number): DoctorJson {
  const result = ({ 0: 'well', 1: 'wrong', 2: 'wrong', 3: 'login-needed' } as const)[exitCodeFor(findings)]
  return {
    version: 1,
    at: new Date(now * 1000).toISOString(),
    result,
    findings: findings.map((finding) => {
      const { level, area, check, place, what } = finding
      const said = { level, area, check, place, what }
      if (finding.level === 'ok') return { ...said, why: null, wayOut: null, needsLogin: false, canBeMended: false }
      const { why, wayOut, needsLogin = false, mend } = finding
      return { ...said, why, wayOut, needsLogin, canBeMended: mend !== undefined }
    }),
    mended: mended.map((one) => ({ what: one.what, outcome: one.kind, problem: one.kind === 'failed' ? one.why : null })),
  }
}
