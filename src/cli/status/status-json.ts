import type { PlaceStatus, Status } from './status.ts'
import type { StatusJson } from './status-schema.ts'

/** The status for programs. @param now seconds since 1970 */
export function statusJson({ places, person }: Status, now: number): StatusJson {
  return { version: 1, at: time(now), places: places.map(placeJson), personNeeded: person.kind }
}

function placeJson({ name, where, sight, login, facts }: PlaceStatus): StatusJson['places'][number] {
  const { iat, exp } = facts?.issued ?? {}
  return {
    name,
    where,
    state: sight.kind,
    problem: 'why' in sight ? sight.why : null,
    account: login?.account ?? null,
    plan: login?.plan ?? null,
    issuedAt: timeOrNull(login?.issued ?? iat),
    endsAt: timeOrNull(login?.ends ?? exp),
    dueFrom: timeOrNull(login?.dueFrom),
    due: login?.isDue ?? null,
    newest: login === undefined ? null : login.rank === 'newest',
    lastWriter: facts?.writtenBy ?? null,
    writtenAt: facts?.writtenAt ?? null,
  }
}

function timeOrNull(seconds: number | undefined): string | null {
  return seconds === undefined ? null : time(seconds)
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
