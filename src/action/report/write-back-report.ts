import type { Fingerprint } from '../../credential/fingerprint.ts'
import { accessEnds } from '../../credential/issued.ts'
import type { KeepReason } from '../../credential/write-back-decision.ts'
import { errorWords } from '../../keeper-error.ts'
import { putBackWords } from '../../keeper/put-back.ts'
import type { SessionVerdict } from '../../keeper/refused-session.ts'
import { holdsFile, type StoreOutcome, type WriteBack } from '../../keeper/write-back.ts'
import { logInAnew } from '../../log-in.ts'
import { warning, type Report } from './report.ts'
import type { SummaryBlock } from './summary.ts'
import { distanceWords } from '../../time-words.ts'
import { headline, listed, marks } from './verdict.ts'

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

/** The way out of what a person should look at. */
const waysOut: Partial<Record<KeepReason, string>> = {
  'file-missing':
    'Find the step that deletes it and take it out (rm, a clean checkout). If it ran "codex logout", the login has ended: log in again and replace the secret that auth-json comes from.',
  damaged: 'Find the step that writes it; nothing but Codex may.',
  'not-managed': 'Find the step that logs Codex in another way (codex login, an API key) and give it a CODEX_HOME of its own.',
  'different-account': 'Give each account a slot and a codex-home of its own.',
  'older-than-base': 'Find the step that puts an old copy back (a cache, an artifact) and take it out.',
}

export function outcomeWords(outcome: StoreOutcome, isRefreshed = true): string {
  switch (outcome.kind) {
    case 'written':
      return isRefreshed ? 'written: the refreshed login is stored' : 'written: it was behind and holds this login now'
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
  /** The machine is deleted after the job. */
  readonly isHosted: boolean
  /** Somebody has written the file after the keeper, and left in it what it held before. */
  readonly isPutBack: boolean
  /** Main was red, and has told what is wrong. */
  readonly mainFailed: boolean
  /** What Codex's own record says of a login that was not refreshed. */
  readonly session: SessionVerdict
  /** Seconds since 1970. */
  readonly now: number
}

/** What post did. */
export function writeBackReport(result: WriteBack, context: WriteBackContext): Report {
  const { isStill, mainFailed, session } = context
  const lost = result.verdict === 'lost'
  const hasNews = result.rotated || lost
  const rows = result.results.map(({ name, guarantee, outcome }) => ({ name, guarantee, words: outcomeWords(outcome, result.rotated) }))
  const remainder = remainderWords(result, context)
  const atWork = isStill
    ? []
    : [
        'Codex was still at work when the time to wait for it was up: what it writes from now on reaches no store. End it before the job ends.',
      ]
  const refused = hasNews ? [] : sessionWords(session)
  const warnings = [...new Set([...storeWarnings(result), ...(hasNews ? [] : unseenWords(result, context)), ...refused, ...atWork])]
  return {
    title: titleOf(result),
    lines: [...rows.map(({ name, guarantee, words }) => `Store ${name} (${guarantee}): ${words}`), ...remainder],
    // Main has said what is wrong: whoever reads a second diagnosis takes out the wrong thing.
    annotations:
      mainFailed && !hasNews
        ? []
        : [...warnings.map(warning), ...(lost ? [{ level: 'error', text: lostWords(result, context) } as const] : [])],
    isForLogAlone: mainFailed && !hasNews,
    verdict: verdictOf(result, session, warnings.length > 0),
    lead: remainder,
    summary: [
      {
        kind: 'table',
        head: ['Store', 'Result'],
        rows: rows.map(({ name, words }) => [name, words]),
      } satisfies SummaryBlock,
    ],
  }
}

function storeWarnings({ results, verdict }: WriteBack): string[] {
  return results.flatMap(({ name, outcome }): string[] => {
    switch (outcome.kind) {
      case 'written':
        return []
      case 'kept': {
        const wayOut = waysOut[outcome.reason]
        return wayOut === undefined ? [] : [`${capital(keepWords[outcome.reason])}. ${wayOut}`]
      }
      case 'failed':
        return [
          `Store ${name} could not be brought up to date. ${errorWords(outcome.error)}${verdict === 'lost' ? '' : ' Nothing is lost: another store or the last copy holds the login.'}`,
        ]
    }
  })
}

/** What may have become of the login in the middle of the job, where the file at its end does not show it. */
function unseenWords(result: WriteBack, context: WriteBackContext): string[] {
  return context.isPutBack ? [putBackWords('in the middle of the job')] : expiredWords(result, context)
}

/** Only where nobody knows better: main has not failed, and Codex has left no record of how it went. */
function expiredWords({ results }: WriteBack, { base, session, now }: WriteBackContext): string[] {
  if (accessEnds(base.issued) > now || session.kind === 'needs-reseed' || session.kind === 'passing') return []
  const ended = `The access token ran out ${distanceWords(accessEnds(base.issued), now)}`
  if (results.some(({ outcome }) => outcome.kind === 'kept' && outcome.reason === 'file-missing')) {
    return [
      `${ended}: if Codex has refreshed the login in this job, what it brought went with auth.json, and a person has to log in again.`,
    ]
  }
  const tryIt = 'set "refresh: always" and "smoke-test: true" for one run to find out.'
  if (session.kind === 'worked') {
    return [
      `${ended}, and auth.json is as it was before, although Codex has worked in this job: before that moment, or a step has put the old file back after a refresh. Then a person has to log in again: ${tryIt}`,
    ]
  }
  return [
    `${ended} and this job has not refreshed it. Codex has left no record of a session here, so whether the login can still be refreshed is not known: ${tryIt}`,
  ]
}

function sessionWords(session: SessionVerdict): string[] {
  switch (session.kind) {
    case 'needs-reseed':
      return [errorWords(session.error)]
    case 'passing':
      return [session.words]
    case 'worked':
    case 'unknown':
      return []
  }
}

function remainderWords(result: WriteBack, { cleanUp, codexHome, isStill, isHosted }: WriteBackContext): string[] {
  switch (cleanUp) {
    case 'removed':
      return ['auth.json was removed from this machine.']
    case 'stays': {
      const why = isStill ? whyItStays(result) : 'Codex is still at work.'
      return [`auth.json stays in ${codexHome}: ${why}${isHosted ? ' This machine is deleted after the job, and the file with it.' : ''}`]
    }
    case 'not-ours':
      return []
  }
}

function whyItStays({ results }: WriteBack): string {
  const isSeed = results.some(({ outcome }) => outcome.kind === 'kept' && outcome.reason === 'is-seed')
  return isSeed ? 'it is still the seed; a store gets the login with its first refresh.' : 'no store is confirmed to hold it.'
}

function titleOf({ verdict, rotated, results }: WriteBack): string {
  if (verdict === 'lost') return rotated ? 'Codex login refreshed, but not stored' : 'Codex login replaced, and not stored'
  if (!rotated) {
    return results.some(({ outcome }) => outcome.kind === 'written')
      ? 'Codex login brought up to date in the stores'
      : 'Codex login: nothing new to store'
  }
  return results.some(({ outcome }) => holdsFile(outcome))
    ? 'Codex login refreshed and stored'
    : 'Codex login refreshed, and a later one is stored already'
}

function verdictOf(result: WriteBack, session: SessionVerdict, warns: boolean): string {
  const { verdict, rotated, results } = result
  if (verdict === 'lost') return `${marks.failed} ${titleOf(result)}`
  if (!rotated && session.kind === 'needs-reseed')
    return `${marks.failed} Log in again: ${headline(session.error.message) ?? 'OpenAI refused this login'}`
  const names = (which: (outcome: StoreOutcome) => boolean): string =>
    listed(results.filter(({ outcome }) => which(outcome)).map(({ name }) => name))
  const mark = warns ? marks.look : marks.well
  if (!rotated) {
    const written = names(({ kind }) => kind === 'written')
    return written === '' ? `${mark} ${titleOf(result)}` : `${mark} Codex login brought up to date in ${written}`
  }
  const holding = names(holdsFile)
  return holding === '' ? `${mark} ${titleOf(result)}` : `${mark} Codex login refreshed and stored in ${holding}`
}

function lostWords({ rotated }: WriteBack, { codexHome, isHosted }: WriteBackContext): string {
  if (!rotated) {
    return `${codexHome}/auth.json holds a refresh token that no store has, and by its times it is older than the login that was restored, so no store took it. If a step put an old copy back, take that step out. If Codex wrote it, it is the only good copy: save it, empty the slot (docs/stores.md says how for each store) and put that auth.json into auth-json.`
  }
  const file = `${codexHome}/auth.json is the only good copy`
  const rescue = isHosted
    ? `${file}, and this machine is deleted after the job.`
    : `If this machine still exists, ${file}: run the job there again, or save it. Otherwise:`
  return `Codex has refreshed the login, and no store could take it: the stored copies are spent. ${rescue} ${logInAnew}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
