import { accountHash } from '../../credential/fingerprint.ts'
import type { ManagedCredential } from '../../credential/auth-json.ts'
import { accessEnds } from '../../credential/issued.ts'
import { originName } from '../../credential/newest.ts'
import type { KeepReason } from '../../credential/write-back-decision.ts'
import { failureWords } from '../../codex/failure.ts'
import { errorWords } from '../../keeper-error.ts'
import { putBackWords } from '../../keeper/put-back.ts'
import type { Refresh } from '../../keeper/refresh.ts'
import type { Restored } from '../../keeper/restore.ts'
import { holdsFile, type WriteBack } from '../../keeper/write-back.ts'
import { distanceWords } from '../../time-words.ts'
import { inWordsOfTheCommandLine } from '../input-names.ts'
import { bad, strong, warning, type Line } from '../terminal/line.ts'

// `run` speaks on stderr between the lines of its command, so each line says who speaks.

export function runLine(text: string): Line {
  return [strong('codex-auth-keeper:'), ` ${inWordsOfTheCommandLine(text)}`]
}

export function runWarning(text: string): Line {
  return [warning('codex-auth-keeper: warning:'), ` ${inWordsOfTheCommandLine(text)}`]
}

export function runError(text: string): Line {
  return [bad('codex-auth-keeper: error:'), ` ${inWordsOfTheCommandLine(text)}`]
}

interface LoginWords {
  readonly restored: Restored
  readonly refresh: Refresh
  readonly credential: ManagedCredential
  /** Seconds since 1970. */
  readonly now: number
}

/** The one line before the command. */
export function loginLine({ restored, refresh, credential, now }: LoginWords): string {
  const { fingerprint, issued } = credential
  return `Codex login ${accountHash(fingerprint)} ${cameFrom(restored, refresh)}; its access token ends ${distanceWords(accessEnds(issued), now)}.`
}

function cameFrom({ origin }: Restored, refresh: Refresh): string {
  const from = `from ${originName(origin)}`
  switch (refresh.kind) {
    case 'refreshed': {
      const holding = refresh.writeBack.results.filter(({ outcome }) => holdsFile(outcome)).map(({ name }) => name)
      return holding.length === 0 ? `${from}, refreshed` : `${from}, refreshed and stored in ${holding.join(', ')}`
    }
    case 'overtaken':
      return `from ${refresh.store}, where another job has just put it`
    default:
      return from
  }
}

/** What else a person should know of what was restored. */
export function restoreLines({ hazards, stores, remarks }: Restored): string[] {
  return [
    ...hazards.filter(({ severity }) => severity === 'warn').map(({ message, remedy }) => `${message} ${remedy}`),
    ...stores.flatMap(({ name, look, proof }) => [
      ...(look.kind === 'unreadable' ? [`Store ${name} could not be read. ${errorWords(look.error)}`] : []),
      ...(proof.kind === 'refused' ? [`Store ${name} cannot be written. ${errorWords(proof.error)}`] : []),
    ]),
    ...remarks,
  ]
}

/** What else a person should know of the early refresh. */
export function refreshLines(refresh: Refresh, due: boolean): string[] {
  switch (refresh.kind) {
    case 'not-asked':
      return refresh.why === 'no-cli' && due
        ? ['The login is due for a refresh, and there is no Codex CLI in PATH, so Codex refreshes it while the command runs.']
        : []
    case 'unchanged': {
      const why = refresh.failure === undefined ? 'It gave no reason, as when it cannot reach OpenAI.' : failureWords[refresh.failure].cause
      return [`Codex was asked to refresh the login and left it as it was. ${why}`]
    }
    case 'no-lease':
      return [`The store ${refresh.store} could not be asked for the lease, so nothing was spent. ${errorWords(refresh.error)}`]
    case 'left-running':
      return ['Codex is still refreshing the login. It was not killed, and what it writes is stored later.']
    case 'refreshed':
      return refresh.writeBack.results.flatMap(({ name, outcome }) =>
        outcome.kind === 'failed' ? [`Store ${name} does not have the refreshed login. ${errorWords(outcome.error)}`] : [],
      )
    default:
      return []
  }
}

const keptWords: Partial<Record<KeepReason, string>> = {
  'file-missing': 'auth.json is gone, so the stored copies stay as they were.',
  damaged: 'auth.json is damaged, so the stored copies stay as they were.',
  'not-managed': 'auth.json is no longer a ChatGPT login that can be refreshed, so the stored copies stay as they were.',
  'different-account': 'auth.json and a stored copy belong to different accounts, so that copy stays as it was.',
  'older-than-base': 'The command has put an older auth.json back, so the stored copies stay as they were.',
}

interface WriteBackFacts {
  readonly result: WriteBack
  readonly codexHome: string
  readonly cleaned: 'removed' | 'stays' | 'not-ours'
  readonly isStill: boolean
  readonly isPutBack: boolean
}

/** What is to be said after the command; nothing where nothing has happened. */
export function writeBackWords({ result, codexHome, cleaned, isStill, isPutBack }: WriteBackFacts): {
  news: string[]
  warnings: string[]
  error: string | undefined
} {
  const { results, verdict, rotated } = result
  const isLost = verdict === 'lost'
  const written = results.filter(({ outcome }) => outcome.kind === 'written').map(({ name }) => name)
  const isSeed = results.some(({ outcome }) => outcome.kind === 'kept' && outcome.reason === 'is-seed')
  const why = isSeed ? 'it is still the seed, which no store gets before its first refresh' : 'no store is confirmed to hold it'
  const failures = results.flatMap(({ name, outcome }): string[] => {
    if (outcome.kind === 'failed') return [`Store ${name} could not be brought up to date. ${errorWords(outcome.error)}`]
    return outcome.kind === 'kept' ? [keptWords[outcome.reason] ?? ''].filter((text) => text !== '') : []
  })
  return {
    news: [
      ...(written.length > 0 ? [`The refreshed login is stored in ${written.join(', ')}.`] : []),
      ...(cleaned === 'stays' && !isLost && isStill ? [`auth.json stays in ${codexHome}: ${why}.`] : []),
    ],
    warnings: [
      ...new Set(failures),
      ...(isPutBack ? [putBackWords('while the command ran')] : []),
      ...(isStill ? [] : ['Codex is still at work: what it writes from now on reaches no store, and auth.json stays.']),
    ],
    error: isLost ? lostWords(rotated, codexHome) : undefined,
  }
}

function lostWords(rotated: boolean, codexHome: string): string {
  const what = rotated
    ? 'Codex has refreshed the login, and no store could take it: the stored copies are spent.'
    : 'auth.json holds a refresh token that no store has, and by its times it is older than the login that was restored, so no store took it.'
  return `${what} ${codexHome}/auth.json is the only good copy, and it stays there: when a store answers, run again on this machine; if the machine is thrown away, save that file first.`
}
