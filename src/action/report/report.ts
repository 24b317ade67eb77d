import { accountHash, isSame } from '../../credential/fingerprint.ts'
import { accessEnds, codexRefreshesFrom, type Issued } from '../../credential/issued.ts'
import { originName } from '../../credential/newest.ts'
import { errorWords } from '../../keeper-error.ts'
import type { Restored } from '../../keeper/restore.ts'
import type { StoreFinding } from '../../keeper/store-finding.ts'
import type { Guarantee } from '../../stores/store.ts'
import type { Life } from './life-picture.ts'
import type { SummaryBlock } from './summary.ts'
import { distanceWords, timelineWords } from '../../time-words.ts'
import { healthWords, listed, marks } from './verdict.ts'

export interface Annotation {
  readonly level: 'warning' | 'error'
  readonly text: string
}

/** What one stage tells people: lines of the log, annotations, and a part of the job summary, all in the same words. */
export interface Report {
  readonly title: string
  readonly lines: readonly string[]
  readonly annotations: readonly Annotation[]
  /** One line that says how the login is now; the last one of a stage opens its summary. */
  readonly verdict?: string | undefined
  /** What stands under it for everyone to read, besides the annotations. */
  readonly lead?: readonly SummaryBlock[] | undefined
  readonly life?: Life | undefined
  /** What stands under the title, folded away. */
  readonly summary: readonly SummaryBlock[]
  /** True for what only the log has: another stage has told people what there is to know. */
  readonly isForLogAlone?: boolean
}

export interface RestoreContext {
  readonly restored: Restored
  readonly authFile: string
  /** What the stores have to say to people who rely on them. */
  readonly notes: readonly string[]
  /** The input refresh-window, seconds. */
  readonly refreshWindow: number
  /** The login will be refreshed before the job goes on, due or not. */
  readonly willRefresh: boolean
  /** Seconds since 1970. */
  readonly now: number
}

/** What restore did. */
export function restoreReport({ restored, authFile, notes, refreshWindow, willRefresh, now }: RestoreContext): Report {
  const title = `Codex login restored from ${originName(restored.origin)}`
  const facts = credentialFacts(restored, now)
  const life = lifeOf(restored.credential.issued, refreshWindow, now)
  const timeline = timelineWords(life)
  const firstRun = isFirstRun(restored) && !restored.due && !willRefresh ? [firstRunWords] : []
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
      ...firstRun,
    ],
    verdict: restoreVerdict(restored, now),
    lead: firstRun,
    life,
    annotations: [
      ...restored.hazards.filter(({ severity }) => severity === 'warn').map(({ message, remedy }) => warning(`${message} ${remedy}`)),
      ...restored.stores.flatMap(({ name, look, proof }) => [
        ...(look.kind === 'unreadable' ? [warning(`Store ${name} could not be read. ${errorWords(look.error)}`)] : []),
        ...(proof.kind === 'refused' ? [warning(`Store ${name} cannot be written. ${errorWords(proof.error)}`)] : []),
      ]),
    ],
    summary: [
      { kind: 'table', head: ['Login', ''], rows: facts },
      {
        kind: 'table',
        head: ['Store', 'Two jobs at once', 'Found', 'Write access'],
        rows: stores.map(([name, guarantee, ...words]) => [name, guaranteeWords[guarantee], ...words]),
      },
      `File: ${authFile}${restored.installed ? '' : ' (already there, left as it is)'}`,
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

/** @param now seconds since 1970 */
export function lifeOf(issued: Issued, refreshWindow: number, now: number): Life {
  const ends = accessEnds(issued)
  return { issued: issuedAt(issued), ends, due: ends - refreshWindow, now }
}

function isFirstRun({ origin, stores }: Restored): boolean {
  return origin.kind === 'seed' && stores.every(({ look }) => look.kind === 'none')
}

const firstRunWords =
  'The store is empty, because the seed itself is never stored. Run this once with "refresh: always", so that the store holds a login from then on.'

function restoreVerdict({ credential, origin, due, stores }: Restored, now: number): string {
  const holding = stores.filter(({ look }) => look.kind === 'held' && isSame(look.credential.fingerprint, credential.fingerprint))
  const unusable = stores.filter(({ look, proof }) => look.kind === 'unreadable' || proof.kind === 'refused').map(({ name }) => name)
  const where =
    holding.length > 0
      ? `stored in ${listed(holding.map(({ name }) => name))}`
      : origin.kind === 'seed'
        ? 'not stored yet: it is still the seed'
        : 'not stored yet'
  const but = unusable.length === 0 ? '' : `; not usable: ${listed(unusable)}`
  const health = healthWords(credential.issued, now)
  if (due) return `${marks.look} Codex login due for a refresh, ${health}, ${where}${but}`
  return `${unusable.length === 0 ? marks.well : marks.look} Codex login ${health}, ${where}${but}`
}

/** What a store promises, in words of its column. */
const guaranteeWords: Readonly<Record<Guarantee, string>> = {
  'compare-and-set': 'one wins',
  'detects-conflicts': 'mostly one wins',
  'last-writer-wins': 'the later one wins',
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

export function warning(text: string): Annotation {
  return { level: 'warning', text }
}
