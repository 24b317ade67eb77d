import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { githubApi } from '../../src/github/github-api.ts'
import { closeReseedIssue, openReseedIssue, type ReseedIssue } from '../../src/github/reseed-issue.ts'
import { startLoopbackGithub, type LoopbackGithub, type LoopbackRepository } from '../support/loopback-github.ts'

let github: LoopbackGithub
let repository: LoopbackRepository

beforeEach(async () => {
  github = await startLoopbackGithub()
  repository = github.repository('your-org/your-repo')
})
afterEach(() => github.close())

function issue(slot: string, permissions: Record<string, 'read' | 'write'> = { issues: 'write' }): ReseedIssue {
  const api = githubApi({ baseUrl: github.url, auth: { kind: 'token', token: github.token({ permissions }) }, clock: systemClock })
  return { api, owner: 'your-org', repo: 'your-repo', slot }
}

const states = (): string[] =>
  repository.issues.all().map(({ number, state, body }) => `${number} ${state}: ${body.split('\n', 1)[0] ?? ''}`)

test('one issue is opened per slot, and brought up to date instead of repeated', async () => {
  await openReseedIssue(issue('default'), 'It was revoked.')
  await openReseedIssue(issue('default'), 'It has expired.')
  await openReseedIssue(issue('second'), 'It was used.')
  expect(states()).toEqual(['1 open: It has expired.', '2 open: It was used.'])
})

test('a slot whose name begins like another one has an issue of its own', async () => {
  await openReseedIssue(issue('team-a'), 'first')
  await openReseedIssue(issue('team'), 'second')
  expect(states()).toEqual(['1 open: first', '2 open: second'])
})

test('it is closed with a comment, and the next trouble opens a new one', async () => {
  await openReseedIssue(issue('default'), 'It was revoked.')
  await closeReseedIssue(issue('default'), 'The login works again.')
  expect(repository.issues.all()[0]?.comments.map(({ body }) => body)).toEqual(['The login works again.'])
  await openReseedIssue(issue('default'), 'It has expired.')
  expect(states()).toEqual(['1 closed: It was revoked.', '2 open: It has expired.'])
})

test('where none is open, closing writes nothing', async () => {
  await closeReseedIssue(issue('default'), 'The login works again.')
  expect(github.log).toEqual(['list-issues'])
})

test('without the permission the error says which one is missing', async () => {
  await expect(openReseedIssue(issue('default', { issues: 'read' }), 'It was revoked.')).rejects.toMatchObject({
    code: 'store-unauthorized',
    message: expect.stringContaining('issues') as unknown,
  })
})
