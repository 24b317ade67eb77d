import { describe, expect, test } from '@jest/globals'
import { judgeTrust, type RunOrigin } from '../../src/action/trust.ts'

const from = (pullRequestHead: string): Partial<RunOrigin> => ({ pullRequestHead })
const startedBy = (workflowRunEvent: string, workflowRunHead = '1'): Partial<RunOrigin> => ({ workflowRunEvent, workflowRunHead })

function judge(eventName: string, changes: Partial<RunOrigin> = {}): ReturnType<typeof judgeTrust> {
  return judgeTrust({
    eventName,
    visibility: 'private',
    repositoryId: '1',
    pullRequestHead: '',
    workflowRunHead: '',
    workflowRunEvent: '',
    allowPublicRepository: false,
    allowUntrustedEvent: false,
    ...changes,
  })
}

const open: Partial<RunOrigin> = { visibility: 'public', allowPublicRepository: true }
const internal: Partial<RunOrigin> = { visibility: 'internal' }
const unknown: Partial<RunOrigin> = { visibility: undefined, allowPublicRepository: true }
const everywhere: [string, Partial<RunOrigin>][] = [
  ['private', {}],
  ['internal', internal],
  ['public and allowed', open],
  ['of a kind that nobody knows, and allowed', unknown],
]
const refusal = (words: string): object => ({ kind: 'refused', message: expect.stringContaining(words) as unknown })

const ofPullRequests = ['pull_request', 'pull_request_target']
const ofReviews = ['pull_request_review', 'pull_request_review_comment']
const ofReaders = ['issues', 'discussion', 'discussion_comment', 'fork', 'watch', 'gollum']

describe.each(everywhere)('in a repository that is %s', (_, repository) => {
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
    'label',
    'check_run',
  ])('a run for %s is trusted', (event) => {
    expect(judge(event, repository)).toEqual({ kind: 'trusted' })
  })

  test.each(ofPullRequests)('%s is trusted from the repository itself', (event) => {
    expect(judge(event, { ...repository, ...from('1') })).toEqual({ kind: 'trusted' })
  })

  test.each([...ofPullRequests, ...ofReviews])('%s is refused from anywhere else', (event) => {
    for (const origin of [from('2'), from(''), { ...from('1'), repositoryId: '' }, { ...from(''), repositoryId: '' }]) {
      expect(judge(event, { ...repository, ...origin })).toMatchObject(refusal('comes from a fork'))
    }
  })

  test.each(['', 'something_new', 'dynamic', 'pull_request_new', 'Push'])('%j, of which nothing is known, is refused', (event) => {
    expect(judge(event, { ...repository, ...from('1') })).toMatchObject(refusal('It is not known who can start'))
  })

  test('a comment is refused: anyone who can comment starts it', () => {
    expect(judge('issue_comment', repository)).toMatchObject(refusal('Anyone who can comment'))
  })

  test.each(['push', 'schedule', 'workflow_dispatch', ...ofPullRequests])(
    'workflow_run after %s of the repository itself is trusted',
    (event) => {
      expect(judge('workflow_run', { ...repository, ...startedBy(event) })).toEqual({ kind: 'trusted' })
    },
  )

  test.each<[string, Partial<RunOrigin>]>([
    ['of a fork', startedBy('pull_request', '2')],
    ['of a fork that was deleted', startedBy('push', '')],
    ['of which the event says nothing', {}],
    ['in a repository without id', { ...startedBy('push', ''), repositoryId: '' }],
    ...['issue_comment', ...ofReaders, ...ofReviews, 'workflow_run', 'something_new', ''].map((event): [string, Partial<RunOrigin>] => [
      `after ${event}`,
      startedBy(event),
    ]),
  ])('workflow_run %s is refused', (_name, origin) => {
    expect(judge('workflow_run', { ...repository, ...origin })).toMatchObject({ kind: 'refused' })
  })

  test('allow-untrusted-event lets each of them run', () => {
    for (const event of [...ofPullRequests, ...ofReviews, ...ofReaders, 'issue_comment', 'workflow_run', 'something_new']) {
      expect(judge(event, { ...repository, allowUntrustedEvent: true })).toEqual({ kind: 'trusted' })
    }
  })
})

describe('what readers can start', () => {
  test.each([...ofReaders, ...ofReviews])('%s is trusted where each reader was let in by a person, and nowhere else', (event) => {
    expect(judge(event, from('1'))).toEqual({ kind: 'trusted' })
    expect(judge(event, { ...internal, ...from('1') })).toMatchObject(refusal('Any member of the enterprise can start'))
    for (const repository of [open, unknown]) {
      expect(judge(event, { ...repository, ...from('1') })).toMatchObject(refusal('Anyone can start'))
    }
  })
})

describe('in a public repository', () => {
  test.each(['push', 'schedule', 'workflow_dispatch', ...ofPullRequests])('%s is refused', (event) => {
    expect(judge(event, { visibility: 'public', ...from('1') })).toMatchObject(refusal('is public'))
  })

  test('neither permission gives the other', () => {
    expect(judge('pull_request', { ...open, ...from('2') })).toMatchObject({ kind: 'refused' })
    expect(judge('pull_request', { visibility: 'public', ...from('2'), allowUntrustedEvent: true })).toMatchObject({
      kind: 'refused',
      remedy: expect.stringContaining('allow-public-repository') as unknown,
    })
  })
})

test('where nobody knows whether it is public, the run is refused, unless public ones are allowed', () => {
  expect(judge('schedule', { visibility: undefined })).toMatchObject({
    ...refusal('unknown'),
    remedy: expect.stringContaining('github-token') as unknown,
  })
  expect(judge('schedule', unknown)).toEqual({ kind: 'trusted' })
})

test('each refusal says what, why and the way out', () => {
  for (const trust of [
    judge('push', { visibility: 'public' }),
    judge('push', { visibility: undefined }),
    judge('pull_request', from('2')),
    judge('issue_comment'),
    judge('issues', internal),
    judge('something_new'),
  ]) {
    if (trust.kind !== 'refused') throw new Error('trusted')
    expect(trust.message).toMatch(/[:,] .+\.$/)
    expect(trust.remedy).toMatch(/allow-(public-repository|untrusted-event): true/)
  }
})
