import { describe, expect, test } from '@jest/globals'
import { failureWords } from '../../src/codex/failure.ts'
import { KeeperError } from '../../src/keeper-error.ts'
import { requireLogin, smokeTestRefused } from '../../src/keeper/refresh-refusals.ts'
import type { Refresh } from '../../src/keeper/refresh.ts'

/** The error a job ends with after this refresh; undefined when it goes on. */
function refusalAfter(refresh: Refresh): KeeperError | undefined {
  try {
    requireLogin(refresh)
    return undefined
  } catch (error) {
    if (error instanceof KeeperError) return error
    throw error
  }
}

describe('after a refresh', () => {
  test.each<Refresh>([
    { kind: 'not-asked', why: 'no-cli' },
    { kind: 'unchanged', failure: 'network' },
    { kind: 'left-running', pid: 11 },
  ])('%j the job goes on', (refresh) => {
    expect(refusalAfter(refresh)).toBeUndefined()
  })

  test('that was refused for good, a person must log in; the words are those of the failure', () => {
    const error = refusalAfter({ kind: 'needs-reseed', failure: 'reused', seedIsOlder: false })
    expect(error).toMatchObject({ code: 'needs-reseed', remedy: failureWords.reused.wayOut })
    expect(error?.message).toBe(`${failureWords.reused.cause} No store holds a newer login, and the stored copies stay as they were.`)
    expect(refusalAfter({ kind: 'needs-reseed', failure: 'reused', seedIsOlder: true })?.message).toContain('it is spent too')
  })

  test('that was refused to another job, or begun by one that is gone, that job is named', () => {
    const refused = { kind: 'needs-reseed', failure: 'reused', seedIsOlder: false } as const
    const holder = { run: 'https://github.com/your-org/your-repo/actions/runs/7', attempt: 2, job: 'test' }
    const name = 'https://github.com/your-org/your-repo/actions/runs/7 (attempt 2, test)'
    expect(refusalAfter({ ...refused, refusedTo: holder })?.message).toContain(`It was the job ${name} that presented the token. No store`)
    expect(refusalAfter({ ...refused, begunBy: holder })?.message).toContain(
      `The job ${name} had begun to refresh this login and did not come back`,
    )
  })

  test('whose lease could not be had, the job stops where the login is due, and goes on where it is not', () => {
    const away = new KeeperError('store-unauthorized', 'Not allowed.', 'Give this run access.')
    const noLease = { kind: 'no-lease', store: 'git', error: away } as const
    expect(refusalAfter({ ...noLease, due: true })).toMatchObject({
      code: 'store-unauthorized',
      message:
        'The login is due for a refresh, and the store git could not be asked whether another job is refreshing it, so nothing was spent: Not allowed.',
      remedy: 'Give this run access.',
    })
    expect(refusalAfter({ ...noLease, error: new Error('odd'), due: true })).toMatchObject({ code: 'store-unreachable' })
    expect(refusalAfter({ ...noLease, due: false })).toBeUndefined()
  })

  test('that another job has made, a new run has the login', () => {
    const error = refusalAfter({ kind: 'superseded', store: 'github-secret: CODEX', after: 'refused' })
    expect(error).toMatchObject({ code: 'store-superseded', remedy: expect.stringContaining('new run') as unknown })
    expect(error?.message).toContain('github-secret: CODEX holds the newer one')
  })

  test('that was refused while a store was away, that store is named with its own way out', () => {
    const away = new KeeperError('store-unauthorized', 'Not allowed.', 'Give this run access.')
    const error = refusalAfter({ kind: 'unread', failure: 'refused', store: 'git', error: away })
    expect(error).toMatchObject({ code: 'store-unreachable', remedy: expect.stringContaining('Give this run access. Then') as unknown })
    expect(error?.message).toContain('The store git may hold a newer login and could not be read: Not allowed.')
  })
})

describe('a smoke test', () => {
  test.each([
    [{ kind: 'left-running', pid: 11 }, 'codex-failed', 'did not end in time'],
    [{ kind: 'failed', failure: undefined, rotation: undefined }, 'codex-failed', 'says nothing about the login'],
    [{ kind: 'failed', failure: 'quota', rotation: undefined }, 'codex-failed', failureWords.quota.cause],
    [{ kind: 'failed', failure: 'revoked', rotation: undefined }, 'needs-reseed', failureWords.revoked.cause],
  ] as const)('that ends as %j: %s', (result, code, words) => {
    expect(smokeTestRefused(result)).toMatchObject({ code, message: expect.stringContaining(words) as unknown })
  })
})
