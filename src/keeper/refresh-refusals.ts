import { failureWords } from '../codex/failure.ts'
import { KeeperError, messageOf } from '../keeper-error.ts'
import { holderName } from './lease-document.ts'
import type { Refresh } from './refresh.ts'
import type { SmokeTest } from './smoke-test.ts'

/** A refresh after which this job has no login to go on with. */
export type RefusedRefresh = Extract<Refresh, { kind: 'needs-reseed' | 'superseded' | 'unread' }>

/** The refresh, if the job can go on after it. @throws KeeperError needs-reseed, store-superseded or store-unreachable */
export function requireLogin(refresh: Refresh): asserts refresh is Exclude<Refresh, RefusedRefresh> {
  if (refresh.kind === 'needs-reseed' || refresh.kind === 'superseded' || refresh.kind === 'unread') throw refreshRefused(refresh)
  // A login that is not due is as good as before.
  if (refresh.kind === 'no-lease' && refresh.due) throw withoutLease(refresh)
}

function withoutLease({ store, error }: Extract<Refresh, { kind: 'no-lease' }>): KeeperError {
  return new KeeperError(
    error instanceof KeeperError ? error.code : 'store-unreachable',
    `The login is due for a refresh, and the store ${store} could not be asked whether another job is refreshing it, so nothing was spent: ${messageOf(error)}`,
    error instanceof KeeperError ? error.remedy : 'See that the store answers.',
  )
}

/** Why the login cannot be used any more, or not in this run, and the way out. */
export function refreshRefused(refresh: RefusedRefresh): KeeperError {
  switch (refresh.kind) {
    case 'superseded':
      return new KeeperError(
        'store-superseded',
        `Another job has refreshed the login meanwhile. ${refresh.store} holds the newer one, but a run gets a secret only as it was when the job started.`,
        'Start a new run of the workflow (not "Re-run jobs"), and let jobs with this login wait for each other: concurrency with queue: max.',
      )
    case 'unread': {
      const { failure, store, error } = refresh
      return new KeeperError(
        'store-unreachable',
        `${failureWords[failure].cause} The store ${store} may hold a newer login and could not be read: ${messageOf(error)}`,
        `${error instanceof KeeperError ? error.remedy : 'See that the store answers.'} Then run the job again; a person is needed only if that fails too.`,
      )
    }
    case 'needs-reseed': {
      const { failure, refusedTo, begunBy, seedIsOlder } = refresh
      const elsewhere = refusedTo ? ` It was the job ${holderName(refusedTo)} that presented the token.` : ''
      const lost = begunBy
        ? ` The job ${holderName(begunBy)} had begun to refresh this login and did not come back: it has most likely taken the new one with it.`
        : ''
      const seed = seedIsOlder ? ' The seed in auth-json is older than this copy, so it is spent too.' : ''
      return new KeeperError(
        'needs-reseed',
        `${failureWords[failure].cause}${elsewhere}${lost}${seed} No store holds a newer login, and the stored copies stay as they were.`,
        seedIsOlder
          ? `${failureWords[failure].wayOut} If the seed is already that new login, the stored copy stands in its way: empty the slot (docs/stores.md says how for each store) and run again.`
          : failureWords[failure].wayOut,
      )
    }
  }
}

/** A smoke test that did not pass; the login itself may be good. */
export function smokeTestRefused(test: Exclude<SmokeTest, { kind: 'passed' }>): KeeperError {
  if (test.kind === 'left-running') {
    return new KeeperError('codex-failed', 'The smoke test did not end in time.', 'See whether OpenAI can be reached from this runner.')
  }
  const { failure } = test
  if (failure === undefined) {
    return new KeeperError(
      'codex-failed',
      'The smoke test failed: codex exec ended with an error that says nothing about the login.',
      'Run "codex exec --skip-git-repo-check \'Reply exactly: OK\'" in a step of its own and read what it says.',
    )
  }
  const { cause, wayOut, needsPerson } = failureWords[failure]
  return new KeeperError(needsPerson ? 'needs-reseed' : 'codex-failed', `The smoke test failed. ${cause}`, wayOut)
}

/** `refresh: always` without a Codex that could refresh. */
export function noCodexToRefresh(): KeeperError {
  return new KeeperError(
    'codex-failed',
    'refresh: always needs the Codex CLI, and there is no codex in PATH.',
    'Install it before this step (npm install -g @openai/codex), and do not set CODEX_AUTH_RESTORE_AT: job-start, which runs before that.',
  )
}

/** `smoke-test` without a Codex that could be tested. */
export function noCodexToTest(): KeeperError {
  return new KeeperError(
    'codex-failed',
    'smoke-test needs the Codex CLI, and there is no codex in PATH.',
    'Install it before this step (npm install -g @openai/codex).',
  )
}
