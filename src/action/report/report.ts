import type { Fingerprint } from '../../credential/fingerprint.ts'
import { accountHash } from '../../credential/fingerprint.ts'
import { accessEnds, codexRefreshesFrom, type Issued } from '../../credential/issued.ts'
import { originName } from '../../credential/newest.ts'
import type { KeepReason } from '../../credential/write-back-decision.ts'
import { errorWords } from '../../keeper-error.ts'
import type { Restored } from '../../keeper/restore.ts'
import type { StoreFinding } from '../../keeper/store-finding.ts'
import { holdsFile, type StoreOutcome, type WriteBack } from '../../keeper/write-back.ts'
import type { SummaryBlock } from './summary.ts'
import { distanceWords, timelineWords } from '../../time-words.ts'

export interface Annotation {
  readonly level: 'warning' | 'error'
  readonly text: string
}

/** What one stage tells people: lines of the log, annotations, and a part of the job summary, all in the same words. */
export interface Report {
  readonly title: string
  readonly lines: readonly string[]
  readonly annotations: readonly Annotation[]
  /** What stands in the summary under the title. */
  readonly summary: readonly SummaryBlock[]
}

export interface RestoreContext {
  readonly restored: Restored
  readonly authFile: string
  /** What the stores have to say to people who rely on them. */
  readonly notes: readonly string[]
  /** The input refresh-window, seconds. */
  readonly refreshWindow: number
  /** Seconds since 1970. */
  readonly now: number
}

/** What restore did. */
export function restoreReport({ restored, authFile, notes, refreshWindow, now }: RestoreContext): Report {
  const title = `Codex login restored from ${originName(restored.origin)}`
  const facts = credentialFacts(restored, now)
  const timeline = timelineOf(restored.credential.issued, refreshWindow, now)
  const stores = restored.stores.map((finding) => [finding.name, finding.guarantee, foundWords(finding), proofWords(finding)] as const)
  return {
    title,
    lines: [
      ...facts.map(([name, value]) => `${name}: ${value}`),
      timeline,
      `File: ${authFile}${restored.installed ? '' : ' (already there, left as it is)'}`,
      ...stores.map(([name, guarantee, found, proof]) => `Store ${name} (${guarantee}): ${found}, ${proof}`),
      ...restored.hazards.filter(({ severity }) => severity === 'note').map(({ message }) => message),
      ...restored.remarks,
      ...notes,
    ],
    annotations: [
      ...restored.hazards.filter(({ severity }) => severity === 'warn').map(({ message, remedy }) => warning(`${message} ${remedy}`)),
      ...restored.stores.flatMap(({ name, look, proof }) => [
        ...(look.kind === 'unreadable' ? [warning(`Store ${name} could not be read. ${errorWords(look.error)}`)] : []),
        ...(proof.kind === 'refused' ? [warning(`Store ${name} cannot be written. ${errorWords(proof.error)}`)] : []),
      ]),
    ],
    summary: [
      { kind: 'table', head: ['Login', ''], rows: facts },
      { kind: 'lines', text: timeline },
      { kind: 'table', head: ['Store', 'Guarantee', 'Found', 'Write access'], rows: stores },
      ...restored.remarks,
      ...notes,
    ],
  }
}

function credentialFacts({ credential }: Restored, now: number): [string, string][] {
  const { fingerprint, issued } = credential
  return [
    ['Account', accountHash(fingerprint)],
    ['Plan', credential.plan ?? 'unknown'],
    ...(credential.loggedInAt === undefined ? [] : [['Logged in', distanceWords(credential.loggedInAt, now)] as [string, string]]),
    ['Last refresh', distanceWords(Date.parse(issued.lastRefresh) / 1000, now)],
    ['Issued', distanceWords(issuedAt(issued), now)],
    ['Access token ends', issued.exp === undefined ? 'unknown' : distanceWords(issued.exp, now)],
    [
      'Codex refreshes it',
      codexRefreshesFrom(issued) <= now ? 'at its next start' : `from ${distanceWords(codexRefreshesFrom(issued), now)}`,
    ],
  ]
}

function timelineOf(issued: Issued, refreshWindow: number, now: number): string {
  const ends = accessEnds(issued)
  return timelineWords({ issued: issuedAt(issued), ends, due: ends - refreshWindow, now })
}

function issuedAt({ iat, lastRefresh }: Issued): number {
  return iat ?? Date.parse(lastRefresh) / 1000
}

function foundWords({ look }: StoreFinding): string {
  switch (look.kind) {
    case 'none':
      return 'empty'
    case 'unreadable':
      return 'could not be read'
    case 'held':
      return `a login issued ${issuedWords(look.credential.issued)}`
  }
}

function issuedWords(issued: Issued): string {
  return `${new Date(issuedAt(issued) * 1000).toISOString().slice(0, 19)}Z`
}

function proofWords({ proof }: StoreFinding): string {
  switch (proof.kind) {
    case 'proved':
      return 'write access proved'
    case 'unprovable':
      return 'write access cannot be proved beforehand'
    case 'refused':
      return 'write access refused'
    case 'not-counted':
      return 'not counted as writable'
  }
}

const keepWords: Readonly<Record<KeepReason, string>> = {
  'file-missing': 'kept: auth.json is gone, so the stored copy stays as it was (file-missing)',
  damaged: 'kept: auth.json is damaged, so the stored copy stays as it was (damaged)',
  'not-managed': 'kept: auth.json is no longer a ChatGPT login that can be refreshed (not-managed)',
  'different-account': 'kept: auth.json and the stored copy belong to different accounts (different-account)',
  'is-seed': 'kept: auth.json is still the seed, which is never stored (is-seed)',
  unchanged: 'kept: it already holds this login (unchanged)',
  'older-than-base': 'kept: a step has put an older auth.json back (older-than-base)',
  superseded: 'kept: it holds a later login, of another job or a reseed (superseded)',
}
const worthAWarning: readonly KeepReason[] = ['file-missing', 'damaged', 'not-managed', 'different-account', 'older-than-base']

export function outcomeWords(outcome: StoreOutcome): string {
  switch (outcome.kind) {
    case 'written':
      return 'written: the refreshed login is stored'
    case 'kept':
      return keepWords[outcome.reason]
    case 'failed':
      return `failed: ${errorWords(outcome.error)}`
  }
}

export interface WriteBackContext {
  readonly base: Fingerprint
  readonly codexHome: string
  /** What became of the plaintext in CODEX_HOME. */
  readonly cleanUp: 'removed' | 'stays' | 'not-ours'
  /** False when Codex was still at work when the time to wait for it was up. */
  readonly isStill: boolean
  /** Seconds since 1970. */
  readonly now: number
}

/** What post did. */
export function writeBackReport(result: WriteBack, { base, codexHome, cleanUp, isStill, now }: WriteBackContext): Report {
  const lost = result.verdict === 'lost'
  const title = titleOf(result)
  const rows = result.results.map(({ name, guarantee, outcome }) => [name, guarantee, outcomeWords(outcome)] as const)
  const warnings = result.results.flatMap(({ name, outcome }): string[] => {
    switch (outcome.kind) {
      case 'written':
        return []
      case 'kept':
        return worthAWarning.includes(outcome.reason) ? [capital(keepWords[outcome.reason])] : []
      case 'failed':
        return [
          `Store ${name} could not be brought up to date. ${errorWords(outcome.error)}${lost ? '' : ' Nothing is lost: another store or the last copy holds the login.'}`,
        ]
    }
  })
  const expired =
    !result.rotated && accessEnds(base.issued) <= now
      ? [
          `The access token ran out ${distanceWords(accessEnds(base.issued), now)} and this job has not refreshed it. If Codex said "already used", an earlier job was lost between the refresh and the save, or an old stored copy was put back: log in again and replace the seed.`,
        ]
      : []
  const atWork = isStill
    ? []
    : [
        'Codex was still at work when the time to wait for it was up: what it writes from now on reaches no store. End it before the job ends.',
      ]
  const remainder =
    cleanUp === 'removed'
      ? ['auth.json was removed from this machine.']
      : cleanUp === 'stays'
        ? [`auth.json stays in ${codexHome}: ${isStill ? whyItStays(result) : 'Codex is still at work.'}`]
        : []
  return {
    title,
    lines: [...rows.map(([name, guarantee, words]) => `Store ${name} (${guarantee}): ${words}`), ...remainder],
    annotations: [
      ...[...new Set(warnings)].map(warning),
      ...[...expired, ...atWork].map(warning),
      ...(lost ? [{ level: 'error', text: lostWords(result, codexHome) } as const] : []),
    ],
    summary: [
      { kind: 'table', head: ['Store', 'Guarantee', 'Result'], rows },
      ...(lost ? [lostWords(result, codexHome)] : []),
      ...expired,
      ...atWork,
      ...remainder,
    ],
  }
}

function whyItStays({ results }: WriteBack): string {
  const isSeed = results.some(({ outcome }) => outcome.kind === 'kept' && outcome.reason === 'is-seed')
  return isSeed ? 'it is still the seed; a store gets the login with its first refresh.' : 'no store is confirmed to hold it.'
}

function titleOf({ verdict, rotated, results }: WriteBack): string {
  if (verdict === 'lost') return rotated ? 'Codex login refreshed, but not stored' : 'Codex login replaced, and not stored'
  if (!rotated) return 'Codex login: nothing new to store'
  return results.some(({ outcome }) => holdsFile(outcome))
    ? 'Codex login refreshed and stored'
    : 'Codex login refreshed, and a later one is stored already'
}

function lostWords({ rotated }: WriteBack, codexHome: string): string {
  if (!rotated) {
    return `${codexHome}/auth.json holds a refresh token that no store has, and by its times it is older than the login that was restored, so no store took it. If a step put an old copy back, take that step out. If Codex wrote it, it is the only good copy: save it, empty the slot (docs/stores.md says how for each store) and put that auth.json into auth-json.`
  }
  return `Codex has refreshed the login, and no store could take it: the stored copies are spent. If this machine still exists, ${codexHome}/auth.json is the only good copy: run the job there again, or save it. Otherwise log in again ("codex login --device-auth" in a separate CODEX_HOME) and replace the seed.`
}

function warning(text: string): Annotation {
  return { level: 'warning', text }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
