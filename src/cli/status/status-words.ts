import { durationWords, momentWords } from '../../time-words.ts'
import { inWordsOfTheCommandLine } from '../input-names.ts'
import { bad, faint, good, strong, warning, type Line } from '../terminal/line.ts'
import { tableLines } from '../terminal/table.ts'
import type { PlaceStatus, Status } from './status.ts'

/**
 * The status as a person reads it: a table, what is wrong below it, and what there is to do.
 * @param now seconds since 1970
 */
export function statusLines({ places, accounts, person }: Status, now: number): Line[] {
  const head = ['PLACE', 'ACCOUNT', 'PLAN', 'ISSUED', 'ENDS', 'DUE', 'NEWEST', 'LAST WRITER'].map(strong)
  const problems = places.flatMap(problemLines)
  return [
    ...tableLines([head, ...places.map((place) => cells(place, now))]),
    ...(problems.length > 0 ? ['', ...problems] : []),
    '',
    ...(accounts.length > 1
      ? [warning(`These are ${accounts.length} accounts: each has a newest copy of its own, and no place ever takes the other's.`)]
      : []),
    ...personLines({ places, person }, now),
  ]
}

function cells({ name, where, login, sight, facts }: PlaceStatus, now: number): Line[] {
  const place = where === 'machine' ? `this machine (${name})` : name
  const writer = [facts?.writtenBy, facts?.writtenAt && agoWords(Date.parse(facts.writtenAt) / 1000, now)].filter(Boolean).join(', ')
  if (login === undefined) {
    const issued = facts?.issued?.iat
    const ends = facts?.issued?.exp
    return [
      place,
      stateWords[sight.kind],
      '',
      issued === undefined ? '' : momentWords(issued),
      ends === undefined ? '' : agoWords(ends, now),
      '',
      '',
      writer,
    ]
  }
  return [
    place,
    login.account,
    login.plan ?? '',
    momentWords(login.issued),
    login.ends < now ? bad(agoWords(login.ends, now)) : agoWords(login.ends, now),
    login.isDue ? warning('now') : agoWords(login.dueFrom, now),
    login.rank === 'newest' ? good('newest') : warning('behind'),
    writer,
  ]
}

const stateWords: Readonly<Record<PlaceStatus['sight']['kind'], Line>> = {
  login: '',
  hidden: faint('not shown'),
  none: faint('no login'),
  'no-login': bad('no login'),
  unreadable: bad('not read'),
  'out-of-reach': faint('not read'),
}

function problemLines({ name, sight }: PlaceStatus): Line[] {
  switch (sight.kind) {
    case 'login':
    case 'none':
      return []
    case 'hidden':
      return [faint(`${name}: GitHub shows no secret to anybody; the times are those that the keeper has noted beside it.`)]
    case 'no-login':
    case 'out-of-reach':
      return [`${name}: ${sight.why}`]
    case 'unreadable':
      return [
        [bad(`${name} could not be read: `), inWordsOfTheCommandLine(sight.why)],
        ['  Way out: ', inWordsOfTheCommandLine(sight.wayOut)],
      ]
  }
}

function personLines({ places, person }: Pick<Status, 'places' | 'person'>, now: number): Line[] {
  switch (person.kind) {
    case 'login':
      return [bad('There is no login in any of these places: a person must log in.'), 'Way out: codex-auth-keeper login']
    case 'overdue':
      return [
        warning(`The newest copy ended ${agoWords(person.since, now)} and nothing has refreshed it since.`),
        'Use Codex on this machine once, or start a job that uses the keeper. If OpenAI refuses the refresh, a person must log in.',
      ]
    case 'unknown':
      return [warning('Whether a person must log in cannot be told before the other places can be read.')]
    case 'not-now': {
      const behind = places.filter(({ login }) => login?.rank === 'behind').length
      return behind === 0
        ? [good('Nobody needs to do anything now.')]
        : [warning(`${behind} of these places ${behind === 1 ? 'is' : 'are'} behind. Nobody needs to log in.`)]
    }
  }
}

/** "in 9 d 6 h" or "5 h ago". @param seconds, now since 1970 */
function agoWords(seconds: number, now: number): string {
  const away = durationWords(Math.abs(seconds - now))
  return seconds >= now ? `in ${away}` : `${away} ago`
}
