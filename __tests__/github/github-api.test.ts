import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { githubApi, type GithubApi, type GithubApiSetup, type GithubRequest } from '../../src/github/github-api.ts'
import type { KeeperError } from '../../src/keeper-error.ts'
import { failure } from '../support/failure.ts'
import { startLoopbackGithub, type GithubFault, type LoopbackGithub } from '../support/loopback-github.ts'

const [owner, repo] = ['your-org', 'your-repo']
const lookAtRepository: GithubRequest = { what: 'read the repository', route: 'GET /repos/{owner}/{repo}', parameters: { owner, repo } }
const openIssue: GithubRequest = {
  what: 'open an issue',
  route: 'POST /repos/{owner}/{repo}/issues',
  parameters: { owner, repo, title: 'Log in again', labels: ['codex'] },
}

let github: LoopbackGithub
let token: string
const printed: unknown[] = []
const real = { warn: console.warn, error: console.error, log: console.log, info: console.info, debug: console.debug }

beforeEach(async () => {
  github = await startLoopbackGithub()
  github.repository(`${owner}/${repo}`)
  token = github.token({ permissions: { issues: 'write' } })
  printed.length = 0
  for (const kind of Object.keys(real) as (keyof typeof real)[])
    console[kind] = (...words: unknown[]) => {
      printed.push(words)
    }
})

afterEach(async () => {
  Object.assign(console, real)
  await github.close()
  expect(printed).toEqual([])
})

function open(setup: Partial<GithubApiSetup> = {}): GithubApi {
  return githubApi({ baseUrl: github.url, auth: { kind: 'token', token }, clock: systemClock, secondLasts: 2, ...setup })
}

/** Also without the token, wherever an error can hold it. */
async function failureWithoutToken(operation: Promise<unknown>): Promise<KeeperError> {
  const error = await failure(operation)
  expect(error.cause).toBeUndefined()
  expect(`${error.message} ${error.remedy} ${String(error.stack)}`).not.toContain(token)
  return error
}

describe('the GitHub API', () => {
  test('answers with status and JSON', async () => {
    const { status, data } = await open().request(lookAtRepository)
    expect(status).toBe(200)
    expect(data).toMatchObject({ full_name: 'your-org/your-repo', private: true, default_branch: 'main' })
  })

  test('takes a base address with a slash at its end', async () => {
    expect((await open({ baseUrl: `${github.url}/` }).request(lookAtRepository)).status).toBe(200)
  })

  test('writes, lists, changes and closes issues', async () => {
    const api = open()
    const place = { owner, repo }
    expect((await api.request(openIssue)).status).toBe(201)
    const found = await api.request({
      what: 'list issues',
      route: 'GET /repos/{owner}/{repo}/issues',
      parameters: { ...place, labels: 'codex', creator: 'octocat' },
    })
    expect(found.data).toMatchObject([{ number: 1, state: 'open', title: 'Log in again' }])
    await api.request({
      what: 'comment',
      route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      parameters: { ...place, issue_number: 1, body: 'Done.' },
    })
    await api.request({
      what: 'close it',
      route: 'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
      parameters: { ...place, issue_number: 1, state: 'closed' },
    })
    const after = await api.request({
      what: 'list issues',
      route: 'GET /repos/{owner}/{repo}/issues',
      parameters: { ...place, labels: 'other' },
    })
    expect(after.data).toEqual([])
  })

  test.each<[string, GithubFault]>([
    ['a server error', { kind: 'status', status: 502 }],
    ['a connection that is cut', { kind: 'hang-up', done: false }],
    ['an answer that ends in the middle', { kind: 'cut-off' }],
    ['a secondary limit that names a short wait', { kind: 'secondary-limit', status: 403, retryAfter: 1 }],
    ['a secondary limit with status 429', { kind: 'secondary-limit', status: 429, retryAfter: 1 }],
    ['an hourly limit that ends soon', { kind: 'primary-limit', seconds: 2 }],
  ])('%s is tried again', async (_, fault) => {
    github.inject('get-repository', fault, 2)
    expect((await open().request(lookAtRepository)).data).toMatchObject({ full_name: 'your-org/your-repo' })
    expect(github.count('get-repository')).toBe(3)
  })

  test.each<[string, GithubFault, string, RegExp, number]>([
    ['an outage', { kind: 'status', status: 503 }, 'store-unreachable', /status 503/, 3],
    ['a cut connection', { kind: 'hang-up', done: false }, 'store-unreachable', /read the repository/, 3],
    ['half an answer', { kind: 'cut-off' }, 'store-unreachable', /no complete answer/, 3],
    ['a page of a proxy', { kind: 'page', body: '<html>Please log in</html>' }, 'store-unreachable', /JSON/, 1],
    ['a token that is not known', { kind: 'status', status: 401 }, 'store-unauthorized', /401/, 1],
    [
      'a missing permission',
      {
        kind: 'status',
        status: 403,
        headers: { 'x-accepted-github-permissions': 'secrets=write; environments=write' },
      },
      'store-unauthorized',
      /secrets=write or environments=write/,
      1,
    ],
    ['a 403 without a reason', { kind: 'status', status: 403 }, 'store-unauthorized', /may not read the repository \(403\)\./, 1],
    [
      'a header that is not a permission',
      {
        kind: 'status',
        status: 403,
        headers: { 'x-accepted-github-permissions': '<script>%0A' },
      },
      'store-unauthorized',
      /may not read the repository \(403\)\./,
      1,
    ],
    ['a place that is not there', { kind: 'status', status: 404 }, 'store-refused', /404/, 1],
    ['a conflict', { kind: 'status', status: 409 }, 'store-refused', /409/, 1],
    ['a request that is not valid', { kind: 'status', status: 422 }, 'store-refused', /422/, 1],
    ['a long secondary limit', { kind: 'secondary-limit', status: 403, retryAfter: 20_000 }, 'store-refused', /wait for 20000 s/, 1],
    ['a secondary limit without a time', { kind: 'secondary-limit', status: 429 }, 'store-refused', /wait/, 3],
    ['a long hourly limit', { kind: 'primary-limit', seconds: 30_000 }, 'store-refused', /until \d{4}-/, 1],
  ])('%s is told as what it is', async (_, fault, code, message, requests) => {
    github.inject('get-repository', fault)
    const error = await failureWithoutToken(open().request(lookAtRepository))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    expect(github.count('get-repository')).toBe(requests)
  })

  test('a server that is too slow is given up, and the patience is one for all requests', async () => {
    github.inject('any', { kind: 'slow', milliseconds: 60_000 })
    const api = open({ longestAttempt: 100, patience: 100 })
    expect((await failureWithoutToken(api.request(lookAtRepository))).message).toContain('time-out')
    const before = github.log.length
    expect((await failureWithoutToken(api.request(lookAtRepository))).code).toBe('store-unreachable')
    expect(github.log.length - before).toBe(1)
  })

  test('a server that is not there is out of reach, for a write too', async () => {
    const gone = await startLoopbackGithub()
    await gone.close()
    const api = open({ baseUrl: gone.url })
    expect((await failureWithoutToken(api.request(lookAtRepository))).message).toMatch(/could not be asked/)
    expect((await failureWithoutToken(api.request(openIssue))).code).toBe('store-unreachable')
  })

  test('a write whose answer is lost has an unknown outcome', async () => {
    github.inject('create-issue', { kind: 'hang-up', done: true })
    expect((await failureWithoutToken(open().request(openIssue))).code).toBe('store-unknown-outcome')
  })

  test('an expected status is an answer, a rate limit never', async () => {
    github.inject('get-repository', { kind: 'status', status: 403 }, 1)
    expect((await open().request({ ...lookAtRepository, expected: [403] })).status).toBe(403)
    github.inject('get-repository', { kind: 'secondary-limit', status: 403, retryAfter: 20_000 }, 1)
    expect((await failureWithoutToken(open().request({ ...lookAtRepository, expected: [403] }))).code).toBe('store-refused')
  })

  test('what a server repeats of our request does not reach the error', async () => {
    for (const status of [401, 403, 404, 409, 422, 500]) {
      github.inject('any', { kind: 'status', status, message: `token ${token} was not accepted`, headers: { 'x-echo': token } })
      await failureWithoutToken(open().request(openIssue))
      github.heal()
    }
  })

  test('a notice of deprecation is not printed', async () => {
    github.inject('get-repository', {
      kind: 'status',
      status: 404,
      headers: { deprecation: 'true', sunset: 'soon', link: '<https://docs.github.com>; rel="deprecation"' },
    })
    await failureWithoutToken(open().request(lookAtRepository))
  })
})

describe('a GitHub App', () => {
  const asApp = ({ id, privateKey }: { id: string; privateKey: string }): GithubApi =>
    open({ auth: { kind: 'app', appId: id, privateKey, owner, repo } })

  test('makes its token at the first request and knows its permissions', async () => {
    const api = asApp(github.app({ issues: 'write', metadata: 'read' }, ['your-org/your-repo']))
    expect(github.log).toEqual([])
    expect(await api.permissions()).toEqual({ issues: 'write', metadata: 'read' })
    expect((await api.request(openIssue)).status).toBe(201)
    expect(github.log).toEqual(['get-installation', 'create-token', 'create-issue'])
  })

  test('a token of a person tells no permissions', async () => {
    expect(await open().permissions()).toBeUndefined()
  })

  test('works where the clocks of GitHub and runner are two hours apart', async () => {
    github.advance(7_200)
    expect((await asApp(github.app({ issues: 'write' }, ['your-org/your-repo'])).request(openIssue)).status).toBe(201)
  })

  test('that is not installed here is told so', async () => {
    const error = await failureWithoutToken(asApp(github.app({ issues: 'write' }, ['your-org/other'])).request(openIssue))
    expect(error.code).toBe('store-unauthorized')
    expect(error.message).toContain('not installed on your-org/your-repo')
  })

  test('a key of another App is not accepted', async () => {
    const mine = github.app({}, ['your-org/your-repo'])
    const other = github.app({}, ['your-org/your-repo'])
    expect((await failureWithoutToken(asApp({ id: mine.id, privateKey: other.privateKey }).request(openIssue))).message).toContain('401')
  })

  test.each([
    ['garbage', () => 'canary-key-that-is-none'],
    ['half a key', (key: string) => key.slice(0, key.length / 2)],
  ])('%s is not shown', async (_, broken) => {
    const { id, privateKey } = github.app({}, ['your-org/your-repo'])
    const error = await failureWithoutToken(asApp({ id, privateKey: broken(privateKey) }).request(openIssue))
    expect(error.code).toBe('store-unauthorized')
    expect(`${error.message} ${error.remedy} ${String(error.stack)}`).not.toMatch(/canary|MII/)
  })

  test('tries again after an outage in the middle of getting its token', async () => {
    const api = asApp(github.app({ issues: 'write' }, ['your-org/your-repo']))
    github.inject('get-installation', { kind: 'status', status: 500 })
    expect((await failureWithoutToken(api.request(openIssue))).code).toBe('store-unreachable')
    github.heal()
    expect((await api.request(openIssue)).status).toBe(201)
  })
})
