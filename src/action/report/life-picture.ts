/** The moments of a login, in seconds since 1970. */
export interface Life {
  readonly issued: number
  /** From when on the next job refreshes it. */
  readonly due: number
  /** When the access token ends. */
  readonly ends: number
  readonly now: number
}

const day = 86_400

/** The life of a login as a Mermaid diagram that needs no legend; all times are UTC. */
export function lifePicture({ issued, due, ends, now }: Life): string {
  const from = Math.min(Math.max(due, issued), ends)
  return [
    'gantt',
    '    title Life of this Codex login (UTC)',
    '    dateFormat YYYY-MM-DD HH:mm',
    '    axisFormat %e %b',
    '    todayMarker off',
    '    section Fresh',
    `    nothing to do :done, ${moment(issued)}, ${moment(from)}`,
    '    section Due',
    `    the next job refreshes it :active, ${moment(from)}, ${moment(ends)}`,
    '    section Unused',
    `    a person may have to log in again :crit, ${moment(ends)}, ${moment(ends + 3 * day)}`,
    '    section Now',
    `    this run :milestone, ${moment(now)}, 0d`,
  ].join('\n')
}

function moment(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')
}
