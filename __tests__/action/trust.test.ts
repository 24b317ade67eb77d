import { describe, expect, test } from '@jest/globals'
import { judgeTrust, type EventPayload, type RunOrigin } from '../../src/action/trust.ts'

const home = { repository: { id: 1, private: true } }
const from = (id: number | undefined): EventPayload => ({ ...home, pull_request: { head: { repo: { id } } } })
const deletedFork: EventPayload = { ...home, pull_request: { head: { repo: null } } }
const startedBy = (event: string, id: number | undefined = 1): EventPayload => ({
  ...home,
  workflow_run: { event, head_repository: { id } },
})

function judge(eventName: string, payload: EventPayload = home, changes: Partial<RunOrigin> = {}): ReturnType<typeof judgeTrust> {
  return judgeTrust({ eventName, payload, isPublic: false, allowPublicRepository: false, allowUntrustedEvent: false, ...changes })
}

const pullRequests = ['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment']

describe('in a private repository', () => {
  test.each([
    'push',
    'schedule',
    'workflow_dispatch',
    'repository_dispatch',
    'merge_group',
    'release',
    'create',
    'delete',
    'deployment',
    'page_build',
    'issues',
    'discussion',
    'discussion_comment',
    'fork',
    'watch',
    'label',
    'check_run',
    '',
  ])('a run for %j is trusted', (event) => {
    expect(judge(event)).toEqual({ kind: 'trusted' })
  })

  test.each(pullRequests)('%s is trusted from the repository itself, and refused from anywhere else', (event) => {
    expect(judge(event, from(1))).toEqual({ kind: 'trusted' })
    for (const payload of [from(2), from(undefined), deletedFork, home, {}, { pull_request: { head: { repo: { id: 1 } } } }]) {
      expect(judge(event, payload)).toMatchObject({ kind: 'refused', message: expect.stringContaining('comes from a fork') as unknown })
    }
  })

  test('a comment is refused: anyone who can comment starts it', () => {
    expect(judge('issue_comment')).toMatchObject({ kind: 'refused' })
  })

  test.each(['push', 'schedule', 'pull_request', 'workflow_dispatch'])(
    'workflow_run after %s of the repository itself is trusted',
    (event) => {
      expect(judge('workflow_run', startedBy(event))).toEqual({ kind: 'trusted' })
    },
  )

  test.each<[string, EventPayload]>([
    ['of a fork', startedBy('pull_request', 2)],
    ['of a fork that was deleted', { ...home, workflow_run: { event: 'push', head_repository: null } }],
    ['of nobody knows whom', { ...home, workflow_run: { event: 'push' } }],
    ['of which the event says nothing', home],
    ['in a repository without id', { repository: { private: true }, workflow_run: { event: 'push', head_repository: {} } }],
    ['after a comment', startedBy('issue_comment')],
    ['after an issue', startedBy('issues')],
    ['after a discussion comment', startedBy('discussion_comment')],
  ])('workflow_run %s is refused', (_, payload) => {
    expect(judge('workflow_run', payload)).toMatchObject({ kind: 'refused' })
  })

  test('allow-untrusted-event lets each of them run', () => {
    for (const event of [...pullRequests, 'issue_comment', 'workflow_run']) {
      expect(judge(event, {}, { allowUntrustedEvent: true })).toEqual({ kind: 'trusted' })
    }
  })
})

describe('in a public repository', () => {
  const open = { isPublic: true, allowPublicRepository: true }

  test.each(['push', 'schedule', 'workflow_dispatch', ...pullRequests])(
    '%s is refused, and allow-public-repository lets it run',
    (event) => {
      expect(judge(event, from(1), { isPublic: true })).toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('is public') as unknown,
      })
      expect(judge(event, from(1), open)).toEqual({ kind: 'trusted' })
    },
  )

  test.each(['issues', 'issue_comment', 'discussion', 'discussion_comment', 'fork', 'watch'])(
    '%s needs allow-untrusted-event beside it',
    (event) => {
      expect(judge(event, home, open)).toMatchObject({
        kind: 'refused',
        remedy: expect.stringContaining('allow-untrusted-event') as unknown,
      })
      expect(judge(event, home, { ...open, allowUntrustedEvent: true })).toEqual({ kind: 'trusted' })
    },
  )

  test('so does a pull request of a fork; neither permission gives the other', () => {
    expect(judge('pull_request', from(2), open)).toMatchObject({ kind: 'refused' })
    expect(judge('pull_request', from(2), { isPublic: true, allowUntrustedEvent: true })).toMatchObject({
      kind: 'refused',
      remedy: expect.stringContaining('allow-public-repository') as unknown,
    })
  })
})

describe('where nobody knows whether it is public', () => {
  test('the run is refused, unless public ones are allowed', () => {
    expect(judge('schedule', {}, { isPublic: undefined })).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('unknown') as unknown,
      remedy: expect.stringContaining('github-token') as unknown,
    })
    expect(judge('schedule', {}, { isPublic: undefined, allowPublicRepository: true })).toEqual({ kind: 'trusted' })
  })

  test('what anyone could start if it were public counts as started by anyone', () => {
    expect(judge('issues', {}, { isPublic: undefined, allowPublicRepository: true })).toMatchObject({ kind: 'refused' })
  })
})

test('each refusal says what, why and the way out', () => {
  for (const trust of [
    judge('push', home, { isPublic: true }),
    judge('push', home, { isPublic: undefined }),
    judge('pull_request', from(2)),
    judge('issue_comment'),
  ]) {
    if (trust.kind !== 'refused') throw new Error('trusted')
    expect(trust.message).toMatch(/[:,] .+\.$/)
    expect(trust.remedy).toMatch(/allow-(public-repository|untrusted-event): true/)
  }
})
