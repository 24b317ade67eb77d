import type { ManagedCredential } from '../../credential/auth-json.ts'
import { accountHash, compareAge, isSame, isSameAccount } from '../../credential/fingerprint.ts'
import { accessEnds } from '../../credential/issued.ts'
import { distanceWords, momentWords } from '../../time-words.ts'
import { about, type Finding } from './finding.ts'
import type { MachineFacts } from './machine-facts.ts'
import type { StoreFacts } from './store-facts.ts'

/** What all places together show of the login. */
export interface LoginFacts {
  readonly machine: Pick<MachineFacts, 'authFile' | 'document'>
  readonly stores: readonly Pick<StoreFacts, 'name' | 'copy' | 'isOfThisMachine' | 'refused' | 'writer'>[]
  /** Stores were named that only a job can look at, or workflows of the clone have stores that were not named. */
  readonly mayBeElsewhere: boolean
}

interface PlacedLogin {
  readonly name: string
  /** The file that Codex reads, a store of this machine, or a store. */
  readonly where: 'file' | 'own-store' | 'store'
  readonly credential: ManagedCredential
  readonly writer?: string | undefined
}

/** Whether there is a login at all, and it still lives. @param now seconds since 1970 */
export function checkAlive({ machine, stores, mayBeElsewhere }: LoginFacts, now: number): Finding[] {
  const report = about('login', 'alive', 'Login')
  const refusals = stores.flatMap(({ name, refused, copy }) =>
    refused && copy.kind === 'held' ? [{ name, refused, credential: copy.credential }] : [],
  )
  const logins = placedLogins({ machine, stores })
  const findings: Finding[] = []
  for (const { name, refused, credential } of refusals) {
    // A later copy in a store is the one that jobs use.
    if (logins.some((other) => other.where !== 'file' && isLater(other.credential, credential))) continue
    findings.push(report.problem({ what: `OpenAI has refused the login in ${name}.`, ...refused, needsLogin: true }))
  }
  const newest = logins.filter(({ credential }) => !logins.some((other) => isLater(other.credential, credential)))
  for (const { name, credential } of newest.filter(
    (one, index) => newest.findIndex((other) => isOneLogin(other.credential, one.credential)) === index,
  )) {
    const ends = accessEnds(credential.issued)
    const account = `account ${accountHash(credential.fingerprint)}`
    if (ends >= now) findings.push(report.ok(`The newest copy (${account}, in ${name}) ends ${distanceWords(ends, now)}.`))
    else {
      findings.push(
        report.warning({
          what: `The newest copy (${account}, in ${name}) ended ${distanceWords(ends, now)}.`,
          why: 'Nothing has refreshed it since, and a login that is not used expires.',
          wayOut: 'Use Codex there once, or start a job that uses the keeper. If OpenAI refuses it, log in: codex-auth-keeper login.',
        }),
      )
    }
  }
  if (logins.length > 0) return findings
  const isKnown =
    !mayBeElsewhere &&
    stores.every(({ copy }) => copy.kind === 'none') &&
    ['missing', 'damaged', 'unmanaged'].includes(machine.document.kind)
  if (isKnown) {
    const where = stores.length === 0 ? 'on this machine' : 'on this machine or in a store'
    return [
      report.problem({
        what: `There is no ChatGPT login ${where}.`,
        why: 'Only a person can log in.',
        wayOut: 'codex-auth-keeper login',
        needsLogin: true,
      }),
    ]
  }
  return [report.ok('No login was seen; whether there is one in the places that were not read is unknown.')]
}

/** Whether one login is used in two places, or copies of it have gone apart. */
export function checkOnePlace({ machine, stores }: Omit<LoginFacts, 'mayBeElsewhere'>): Finding[] {
  const report = about('login', 'one-place', 'Login')
  const logins = placedLogins({ machine, stores })
  const here = logins.find(({ where }) => where === 'file')
  const findings = betweenStores(logins.filter(({ where }) => where !== 'file'))
  if (here === undefined) return findings
  for (const store of logins.filter(({ where }) => where === 'store')) {
    if (!isOneLogin(here.credential, store.credential)) continue
    if (isSame(here.credential.fingerprint, store.credential.fingerprint)) {
      findings.push(
        report.warning({
          what: `This machine and ${store.name} hold the same copy of one login, issued ${issuedWords(here)}.`,
          why: 'As soon as Codex refreshes one of them the other is spent: the refresh token works once.',
          wayOut:
            'Use it in one place alone. For this machine make a login of its own (codex login); for the store, codex-auth-keeper login --store.',
        }),
      )
      continue
    }
    const [newer, older] = isLater(here.credential, store.credential) ? ['This machine', store.name] : [store.name, 'this machine']
    const [later, earlier] = isLater(here.credential, store.credential) ? [here, store] : [store, here]
    findings.push(
      report.problem({
        what: `${newer} has a later copy of the login (issued ${issuedWords(later)}) than ${older} (issued ${issuedWords(earlier)}).`,
        why: `Both places use one login, and the refresh token of the earlier copy is spent. Presenting it again can cost the whole login.`,
        wayOut: 'codex-auth-keeper sync brings the later one to both. Then give each place a login of its own (codex-auth-keeper login).',
      }),
    )
  }
  return findings.length > 0 ? findings : [report.ok('No other place was seen that uses the login of this machine.')]
}

/** Stores of one slot hold one login; one that is behind gets it with the next write. */
function betweenStores(stores: readonly PlacedLogin[]): Finding[] {
  const report = about('login', 'one-login', 'Stores')
  const [first, ...others] = stores
  if (first === undefined) return []
  const foreign = others.find(({ credential }) => !isSameAccount(credential.fingerprint, first.credential.fingerprint))
  if (foreign !== undefined) {
    return [
      report.problem({
        what: `${first.name} holds a login of the account ${accountHash(first.credential.fingerprint)}, ${foreign.name} one of ${accountHash(foreign.credential.fingerprint)}.`,
        why: 'One slot is one login: a job refuses to choose between two accounts.',
        wayOut: 'Empty the one that is wrong (docs/stores.md says how), or name another slot.',
      }),
    ]
  }
  return stores
    .filter((one) => stores.some((other) => isLater(other.credential, one.credential)))
    .map((one) =>
      report.warning({
        what: `${one.name} is behind: its copy was issued ${issuedWords(one)}.`,
        why: 'Another store holds a later copy, and the refresh token of this one is spent.',
        wayOut: 'The next job brings it up to date, or codex-auth-keeper sync does now.',
      }),
    )
}

function placedLogins({ machine, stores }: Omit<LoginFacts, 'mayBeElsewhere'>): PlacedLogin[] {
  const ofStores = stores.flatMap(({ name, copy, isOfThisMachine, writer }): PlacedLogin[] =>
    copy.kind === 'held' ? [{ name, where: isOfThisMachine ? 'own-store' : 'store', credential: copy.credential, writer }] : [],
  )
  if (machine.document.kind !== 'managed') return ofStores
  return [{ name: machine.authFile, where: 'file', credential: machine.document.credential }, ...ofStores]
}

function isLater(a: ManagedCredential, b: ManagedCredential): boolean {
  return (
    isSameAccount(a.fingerprint, b.fingerprint) &&
    !isSame(a.fingerprint, b.fingerprint) &&
    compareAge(a.fingerprint, b.fingerprint) === 'newer'
  )
}

/** Copies of one login, and not two logins of one account: those tell by when the person logged in, where both say so. */
function isOneLogin(a: ManagedCredential, b: ManagedCredential): boolean {
  if (!isSameAccount(a.fingerprint, b.fingerprint)) return false
  return a.loggedInAt === undefined || b.loggedInAt === undefined || a.loggedInAt === b.loggedInAt
}

function issuedWords({ credential: { issued }, writer }: PlacedLogin): string {
  const moment = momentWords(issued.iat ?? Date.parse(issued.lastRefresh) / 1000)
  return writer === undefined ? moment : `${moment}, last written by ${writer}`
}
