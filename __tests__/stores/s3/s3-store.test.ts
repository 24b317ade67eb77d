import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { KeeperError } from '../../../src/keeper-error.ts'
import { s3Object } from '../../../src/stores/s3/s3-object.ts'
import { s3Session, type S3Session, type S3SessionSetup } from '../../../src/stores/s3/s3-session.ts'
import type { Store } from '../../../src/stores/store.ts'
import { login, text } from '../../support/documents.ts'
import { checkedFailure, failure } from '../../support/failure.ts'
import { holdServer } from '../../support/held-server.ts'
import { sharedSeaweed } from '../../support/loopback-seaweedfs.ts'
import { lyingS3, type LyingS3 } from '../../support/lying-s3.ts'
import { addressOf, s3Harness, type S3Harness } from '../../support/s3-harness.ts'
import type { FrontRequest } from '../../support/server-front.ts'
import { serverFront } from '../../support/server-front.ts'

holdServer(sharedSeaweed)

let s3: S3Harness
const start = async (kind: 'keys' | 'role'): Promise<void> => {
  s3 = await s3Harness(kind)
}
afterEach(() => s3.cleanup())

const unproved = { handover: { conditional: false } }
/** The requests that this work costs the server: method, and the condition of a write. */
async function cost(work: () => Promise<unknown>): Promise<string[]> {
  const before = s3.front.requests.length
  await work()
  return s3.front.requests.slice(before).map(shown)
}
const shown = ({ method, headers, status }: FrontRequest): string =>
  [method, headers['if-match'] === undefined ? headers['if-none-match'] : 'if-match', status].filter((part) => part !== undefined).join(' ')
/** The error, checked to hold no secret that the store has used. */
async function refusal(work: Promise<unknown>): Promise<KeeperError> {
  const error = await failure(work)
  for (const secret of [...s3.secrets, s3.seaweed.keys.AWS_SECRET_ACCESS_KEY, ...s3.idTokens.given]) {
    expect(`${error.message} ${error.remedy}`).not.toContain(secret)
  }
  return error
}
/** What a write ends with that gets no answer. */
const unanswered = (error: unknown): { kind: string } => ({ kind: checkedFailure(error).code })
const xml = (code: string, message = 'In its own words.', more = ''): string =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`

describe('requests', () => {
  beforeEach(() => start('keys'))

  test('one each to read, to prove and to write', async () => {
    const store = s3.store()
    expect(await cost(() => store.read())).toEqual(['GET 404'])
    expect(await cost(() => store.write(login('a'), undefined))).toEqual(['PUT * 200'])
    const version = (await s3.store().read())?.version
    const next = s3.store()
    expect((await cost(() => Promise.all([next.read(), next.proveWritable()]))).sort()).toEqual(['GET 200', 'PUT if-match 412'])
    expect(await cost(() => next.write(login('b'), version))).toEqual(['PUT if-match 200'])
  })

  test('a server other than AWS proves once that it does conditional writes, before the first write at the latest', async () => {
    await s3.put(login('a'))
    const store = s3.store(unproved)
    const version = (await store.read())?.version
    expect(store.handover?.()).toEqual({ conditional: false })
    expect(await cost(() => store.write(login('b'), version))).toEqual(['GET 200', 'PUT if-match 412', 'PUT * 412', 'PUT if-match 200'])
    expect(store.handover?.()).toEqual({ conditional: true })
    expect(await cost(() => store.proveWritable())).toEqual(['GET 200', 'PUT if-match 412'])
  })

  test('no request names a secret but in its signature, and each signs its body', async () => {
    await s3.store().write(login('a'), undefined)
    expect(text(await s3.contents())).toBe(text(login('a')))
    for (const { url, body, headers } of s3.front.requests) {
      expect(url + body + JSON.stringify(headers)).not.toContain(s3.seaweed.keys.AWS_SECRET_ACCESS_KEY)
      expect(headers['x-amz-content-sha256']).toMatch(/^[0-9a-f]{64}$/)
    }
  })

  test('of twenty writers at once one wins, in each of five rounds', async () => {
    let version: string | undefined
    for (let round = 1; round <= 5; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const document = login(`${round}-${index}`)
          // In a rush the server may fail to answer in time; it may not crown two.
          const { kind } = await s3.store().write(document, version).catch(unanswered)
          return { kind, document }
        }),
      )
      const written = outcomes.filter(({ kind }) => kind === 'written')
      const possible = written.length === 1 ? written : outcomes.filter(({ kind }) => kind === 'store-unknown-outcome')
      expect(written.length).toBeLessThanOrEqual(1)
      const copy = await s3.store().read()
      expect(possible.map(({ document }) => text(document))).toContain(text(copy?.bytes))
      version = copy?.version
    }
  })
})

describe('a server that ignores conditions', () => {
  let server: LyingS3
  beforeEach(async () => {
    await start('keys')
    server = await lyingS3('if-match')
  })
  afterEach(() => server.close())
  const store = (handover = { conditional: false }): Store => s3.store({ endpoint: server.origin, handover })

  test.each([
    ['if-match', 'If-Match'],
    ['if-none-match', 'If-None-Match'],
  ] as const)('%s is found by the proof, which writes nothing but what is there', async (header, name) => {
    server.ignore(header)
    server.put(login('a'))
    const { code, message } = await refusal(store().proveWritable())
    expect([code, message]).toEqual(['store-refused', expect.stringContaining(`took a write whose ${name} cannot hold`)])
    expect(text(server.contents())).toBe(text(login('a')))
  })

  test('is never written to, also by a stage that has not proved it', async () => {
    server.put(login('a'))
    const opened = store()
    const version = (await opened.read())?.version
    expect((await refusal(opened.write(login('b'), version))).code).toBe('store-refused')
    expect(text(server.contents())).toBe(text(login('a')))
  })

  test('is found where nothing is, and what that leaves counts as nothing', async () => {
    expect((await refusal(store().proveWritable())).code).toBe('store-refused')
    expect(server.contents()?.length).toBe(0)
    expect((await refusal(store().proveWritable())).code).toBe('store-refused')
    // The same place once the server does conditional writes.
    server.ignore(undefined)
    const opened = store()
    expect([await opened.read(), await opened.proveWritable()]).toEqual([undefined, 'proved'])
    expect(await store({ conditional: true }).write(login('blind'), undefined)).toEqual({ kind: 'conflict' })
    expect(await opened.write(login('a'), undefined)).toMatchObject({ kind: 'written' })
    expect(text(server.contents())).toBe(text(login('a')))
  })

  test('says that it does not implement them', async () => {
    s3.front.meet(({ method }) => (method === 'PUT' ? { kind: 'status', status: 501, body: xml('NotImplemented') } : undefined))
    const { code, message } = await refusal(s3.store(unproved).proveWritable())
    expect([code, message]).toEqual(['store-refused', expect.stringContaining('501 NotImplemented In its own words.')])
  })
})

describe('answers', () => {
  beforeEach(() => start('keys'))

  test.each<[number, string, string, string]>([
    [404, xml('NoSuchKey'), 'empty', 'conflict'],
    [404, xml('NoSuchBucket'), 'store-refused', 'store-refused'],
    [404, '<html>not found</html>', 'store-unreachable', 'store-unreachable'],
    [404, '', 'store-unreachable', 'store-unreachable'],
    [409, xml('ConditionalRequestConflict'), 'store-refused', 'conflict'],
    [412, xml('PreconditionFailed'), 'store-refused', 'conflict'],
    [403, xml('AccessDenied'), 'store-unauthorized', 'store-unauthorized'],
    [403, xml('RequestTimeTooSkewed'), 'store-refused', 'store-refused'],
    [400, xml('ExpiredToken'), 'store-unauthorized', 'store-unauthorized'],
    [400, xml('RequestTimeout'), 'store-unreachable', 'store-unreachable'],
    [429, '', 'store-unreachable', 'store-unreachable'],
    [503, xml('SlowDown'), 'store-unreachable', 'store-unreachable'],
    [500, xml('InternalError'), 'store-unreachable', 'store-unknown-outcome'],
    [200, '', 'store-refused', 'store-unknown-outcome'],
  ])('%i %s: a read is %s, a write is %s', async (status, body, reads, writes) => {
    s3.front.meet(() => ({ kind: 'status', status, body }))
    const result = async (work: Promise<{ kind: string } | object | undefined>): Promise<string> => {
      try {
        const value = await work
        return value === undefined ? 'empty' : (value as { kind: string }).kind
      } catch {
        return (await refusal(work)).code
      }
    }
    expect([await result(s3.store().read()), await result(s3.store().write(login('a'), '"etag"'))]).toEqual([reads, writes])
  })

  test('a bucket in another region: the region to write', async () => {
    s3.front.meet(() => ({ kind: 'status', status: 301, body: xml('PermanentRedirect'), headers: { 'x-amz-bucket-region': 'eu-west-1' } }))
    expect((await refusal(s3.store().read())).remedy).toBe('Write region=eu-west-1 into the line.')
    s3.front.meet(() => ({ kind: 'status', status: 400, body: xml('AuthorizationHeaderMalformed', 'a', '<Region>eu-west-2</Region>') }))
    expect((await refusal(s3.store().read())).remedy).toBe('Write region=eu-west-2 into the line.')
  })

  test('no right to the place: what the server says, and the policy to paste', async () => {
    await s3.seaweed.deny(s3.key, 's3:GetObject')
    const { code, message, remedy } = await refusal(s3.store().read())
    expect([code, message]).toEqual([
      'store-unauthorized',
      expect.stringContaining(`does not give AWS_ACCESS_KEY_ID access to logins/${s3.key} (403 AccessDenied Access Denied.)`),
    ])
    expect(JSON.parse(remedy.split('\n')[1] ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:PutObject'],
          Resource: [`arn:aws:s3:::logins/${s3.key}`, `arn:aws:s3:::logins/${s3.key}.lease`],
        },
        { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: ['arn:aws:s3:::logins'] },
      ],
    })
  })

  test('a wrong key is told from a missing right', async () => {
    const { code, message } = await refusal(s3.store({ variables: { AWS_SECRET_ACCESS_KEY: 'wrong' } }).read())
    expect([code, message]).toEqual([
      'store-unauthorized',
      expect.stringContaining('does not accept the key of AWS_ACCESS_KEY_ID (403 SignatureDoesNotMatch'),
    ])
  })

  test('a redirect does not get the login', async () => {
    const elsewhere = await serverFront(s3.seaweed.origin)
    try {
      s3.front.meet(({ url }) => ({ kind: 'status', status: 307, headers: { location: elsewhere.origin + url } }))
      expect((await refusal(s3.store().read())).message).toContain(`sends requests on to ${elsewhere.origin}`)
      expect(elsewhere.requests).toEqual([])
    } finally {
      await elsewhere.close()
    }
  })
})

describe('keys of the environment', () => {
  beforeEach(() => start('keys'))

  test.each<[object, string, string]>([
    [{ variables: { AWS_ACCESS_KEY_ID: undefined } }, 'store-unauthorized', 'Roles of the machine itself (EC2, ECS, EKS)'],
    [{ variables: { AWS_SECRET_ACCESS_KEY: '' } }, 'store-unauthorized', 'Roles of the machine itself'],
    [{ variables: { AWS_SESSION_TOKEN: 'two\nlines' } }, 'store-unauthorized', 'Roles of the machine itself'],
    [{ lost: ['AWS_ACCESS_KEY_ID'] }, 'store-withdrawn', 'changed or taken away AWS_ACCESS_KEY_ID'],
    [{ lost: ['AWS_SESSION_TOKEN'] }, 'store-withdrawn', 'changed or taken away AWS_SESSION_TOKEN'],
  ])('that are not there: %j', async (more, expected, words) => {
    const { code, message, remedy } = await refusal(s3.store(more).read())
    expect([code, message, remedy]).toEqual([expected, expect.stringContaining(words), expect.stringContaining('role=')])
    expect(s3.front.requests).toEqual([])
  })

  test('tell their secrets before they are used', async () => {
    await s3.store().read()
    expect(s3.secrets).toEqual([s3.seaweed.keys.AWS_SECRET_ACCESS_KEY])
  })

  test.each<[object, string, string]>([
    [{ variables: { AWS_REGION: 'evil.example/' } }, 'store-refused', 'AWS_REGION cannot be used'],
    [{ lost: ['AWS_REGION'] }, 'store-withdrawn', 'changed or taken away AWS_REGION'],
    [{ lost: ['AWS_CA_BUNDLE'] }, 'store-withdrawn', 'changed or taken away AWS_CA_BUNDLE'],
    [{ variables: { AWS_CA_BUNDLE: '/nonexistent' } }, 'store-refused', 'AWS_CA_BUNDLE cannot be used'],
  ])('settings that cannot be used: %j', async (more, expected, words) => {
    const { code, message } = await refusal(s3.store(more).read())
    expect([code, message]).toEqual([expected, expect.stringContaining(words)])
  })
})

describe('the login of the job', () => {
  beforeEach(() => start('role'))

  test('costs two requests, once for all that a stage does', async () => {
    const store = s3.store()
    const requests = await cost(() => Promise.all([store.read(), store.proveWritable()]))
    expect(requests).toEqual(['POST 200', 'GET 404', 'PUT if-match 412'])
    await store.write(login('a'), undefined)
    expect(s3.idTokens.asked()).toBe(1)
  })

  test('tells every secret before it is used, and is named after the run', async () => {
    await s3.store().read()
    const [sts, get] = s3.front.requests
    const [requestToken, idToken, secretKey, sessionToken, ...more] = s3.secrets
    expect([requestToken, idToken, sessionToken, more]).toEqual([
      s3.idTokens.requestToken,
      s3.idTokens.given[0],
      get?.headers['x-amz-security-token'],
      [],
    ])
    expect(secretKey).toMatch(/^.{40,}$/)
    expect(Object.fromEntries(new URLSearchParams(sts?.body))).toMatchObject({
      Action: 'AssumeRoleWithWebIdentity',
      RoleSessionName: 'codex-auth-keeper-1',
      DurationSeconds: '900',
    })
    expect(sts?.url).toBe('/')
  })

  test('is made at AWS_ENDPOINT_URL_STS where that is set', async () => {
    const sts = await serverFront(s3.seaweed.origin)
    try {
      await s3.store({ variables: { AWS_ENDPOINT_URL_STS: sts.origin } }).read()
      expect([sts.requests.map(shown), s3.front.requests.map(shown)]).toEqual([['POST 200'], ['GET 404']])
    } finally {
      await sts.close()
    }
    const { message } = await refusal(s3.store({ variables: { AWS_ENDPOINT_URL_STS: 'http://sts.example.com' } }).read())
    expect(message).toContain('AWS_ENDPOINT_URL_STS cannot be used')
  })

  test('that is refused is told with subject and audience', async () => {
    s3.idTokens.claims['sub'] = 'repo:your-org/another:ref:refs/heads/main'
    const { code, message, remedy } = await refusal(s3.store().read())
    expect(code).toBe('store-unauthorized')
    expect(message).toContain(`did not let the job take the role ${s3.seaweed.role} (403 AccessDenied trust policy validation failed`)
    expect(message).toContain('The id token said: subject repo:your-org/another:ref:refs/heads/main, audience sts.amazonaws.com.')
    expect(remedy).toContain('sts:AssumeRoleWithWebIdentity')
  })

  test('for another audience is refused too', async () => {
    const { message } = await refusal(s3.store({ query: `&role=${s3.seaweed.role}&audience=https://elsewhere.example` }).read())
    expect(message).toContain('audience https://elsewhere.example.')
  })

  test('an STS that answers with something else gives no login', async () => {
    s3.front.meet(({ method }) => (method === 'POST' ? { kind: 'status', status: 200, body: '<html>welcome</html>' } : undefined))
    expect((await refusal(s3.store().read())).code).toBe('store-unauthorized')
  })
})

describe('where a line leads', () => {
  beforeEach(() => start('keys'))
  /** The requests of a store on AWS, whose connections end at a proxy that is not there. */
  const asked = async (line: string, variables: Readonly<Record<string, string>> = {}): Promise<string> => {
    const setup: S3SessionSetup = {
      address: addressOf(line),
      variables: { values: { ...s3.seaweed.keys, HTTPS_PROXY: 'http://127.0.0.1:1', ...variables }, lost: [] },
      idTokenRight: undefined,
      sessionName: 'codex-auth-keeper',
      onSecret: () => undefined,
    }
    const session: S3Session = s3Session(setup)
    const { key } = setup.address
    return (
      await failure(s3Object({ session, address: setup.address, key, isConditional: () => true, onConditional: () => undefined }).read())
    ).message
  }

  test.each([
    ['your-bucket/auth.json?region=eu-central-1', 'S3 at your-bucket.s3.eu-central-1.amazonaws.com gave no usable answer'],
    ['your.bucket/auth.json?region=eu-central-1', 'S3 at s3.eu-central-1.amazonaws.com gave no usable answer'],
    ['your-bucket/auth.json?region=cn-north-1', 'S3 at your-bucket.s3.cn-north-1.amazonaws.com.cn gave no usable answer'],
    ['your-bucket/auth.json?endpoint=https://s3.example.com:9000', 'S3 at s3.example.com:9000 gave no usable answer'],
    ['your-bucket/auth.json', 'The region of the bucket is not known'],
  ])('%s', async (line, words) => {
    expect(await asked(line)).toContain(words)
  })

  test('the region of the variables counts where the line has none', async () => {
    expect(await asked('your-bucket/auth.json', { AWS_DEFAULT_REGION: 'eu-west-3' })).toContain('your-bucket.s3.eu-west-3.amazonaws.com')
    expect(await asked('your-bucket/auth.json', { AWS_DEFAULT_REGION: 'eu-west-3', AWS_REGION: 'eu-west-1' })).toContain('s3.eu-west-1.')
  })
})
