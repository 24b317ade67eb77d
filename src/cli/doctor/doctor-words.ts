import { bad, faint, good, strong, warning, type Line, type Piece } from '../terminal/line.ts'
import type { Area, Finding } from './finding.ts'
import type { Mended } from './mend.ts'

const areas: Readonly<Record<Area, string>> = { machine: 'This machine', login: 'Login', stores: 'Stores', workflows: 'Workflows' }
const levels: Readonly<Record<Finding['level'], Piece>> = { ok: good('ok     '), warning: warning('warning'), problem: bad('problem') }

/** The findings as a person reads them: by what they are about, each trouble with its reason and the way out. */
export function doctorLines(findings: readonly Finding[]): Line[] {
  const parts = Object.entries(areas).flatMap(([area, title]): Line[] => {
    const found = findings.filter((finding) => finding.area === area)
    return found.length === 0 ? [] : [strong(title), ...found.flatMap(findingLines), '']
  })
  return [...parts, total(findings)]
}

/** What --fix has done. */
export function mendedLine(mended: Mended): Line {
  switch (mended.kind) {
    case 'mended':
      return [good('mended: '), `${mended.what}.`]
    case 'failed':
      return [bad('not mended: '), `${mended.what}: ${mended.why}.`]
    case 'left':
      return [faint('left as it is: '), `${mended.what}.`]
  }
}

function findingLines(finding: Finding): Line[] {
  const first: Line = ['  ', levels[finding.level], `  ${finding.place}: ${finding.what}`]
  if (finding.level === 'ok') return [first]
  return [first, [faint('           why: '), finding.why], [faint('           way out: '), finding.wayOut]]
}

function total(findings: readonly Finding[]): Line {
  const count = (level: Finding['level']): number => findings.filter((finding) => finding.level === level).length
  const [problems, warnings] = [count('problem'), count('warning')]
  const words = [counted(problems, 'problem'), counted(warnings, 'warning')].filter((text) => text !== undefined).join(', ')
  if (problems > 0) return bad(`${words}.`)
  return warnings > 0 ? warning(`No problem, ${words}.`) : good('All is well.')
}

function counted(count: number, what: string): string | undefined {
  return count === 0 ? undefined : `${count} ${what}${count === 1 ? '' : 's'}`
}
