import { describe, expect, test } from '@jest/globals'
import { parseS3Address } from '../../../src/stores/s3/s3-address.ts'

const address = (text: string): unknown => {
  const parsed = parseS3Address(text)
  return parsed.kind === 'problems' ? parsed.problems : parsed.address
}
const plain = {
  bucket: 'your-bucket',
  key: 'codex/auth.json',
  region: undefined,
  endpoint: undefined,
  role: undefined,
  audience: 'sts.amazonaws.com',
}
const arn = 'arn:aws:iam::123456789012:role/codex-auth'

test.each<[string, object]>([
  ['your-bucket/codex/auth.json', plain],
  [' your-bucket/codex/auth.json ', plain],
  ['your.bucket.name/auth.json?region=eu-central-1', { ...plain, bucket: 'your.bucket.name', key: 'auth.json', region: 'eu-central-1' }],
  [`your-bucket/codex/auth.json?role=${arn}&audience=https://sts.example`, { ...plain, role: arn, audience: 'https://sts.example' }],
  [
    'your-bucket/codex/auth.json?role=arn:aws-cn:iam::123456789012:role/path/a',
    { ...plain, role: 'arn:aws-cn:iam::123456789012:role/path/a' },
  ],
  ['your-bucket/codex/auth.json?role=arn:aws:iam::role/codex-auth', { ...plain, role: 'arn:aws:iam::role/codex-auth' }],
  ['your-bucket/codex/auth.json?endpoint=https://s3.example.com:9000/', { ...plain, endpoint: 'https://s3.example.com:9000' }],
  ['your-bucket/codex/auth.json?endpoint=http://127.0.0.1:8333', { ...plain, endpoint: 'http://127.0.0.1:8333' }],
])('understands %s', (text, expected) => {
  expect(address(text)).toEqual(expected)
})

describe('problems', () => {
  test.each<[string, string]>([
    ['', 'It must look like bucket/key'],
    ['your-bucket', 'It must look like bucket/key'],
    ['Your_Bucket/key', 'The bucket must be'],
    ['a..b/key', 'The bucket must be'],
    ['your-bucket/', 'The key may hold'],
    ['your-bucket/a//b', 'The key may hold'],
    ['your-bucket/../other/auth.json', 'The key may hold'],
    ['your-bucket/%2e%2e/other', 'The key may hold'],
    ['your-bucket/a%2Fb', 'The key may hold'],
    ['your-bucket/a+b', 'The key may hold'],
    [`your-bucket/${'a'.repeat(901)}`, 'The key may hold'],
    ['your-bucket/key?region=EU', 'region= must be'],
    ['your-bucket/key?region=a.evil.example', 'region= must be'],
    ['your-bucket/key?role=codex-auth', 'role= must be the ARN'],
    ['your-bucket/key?endpoint=http://s3.example.com', 'http:// would show'],
    ['your-bucket/key?endpoint=https://s3.example.com/path', 'https://host:port'],
    ['your-bucket/key?endpoint=https://s3.example.com/%3Fa=b', 'https://host:port'],
    ['your-bucket/key?endpoint=https://s3.example.com/%23a', 'https://host:port'],
    ['your-bucket/key?endpoint=s3.example.com', 'The server must be https://'],
    ['your-bucket/key?audience=a', 'audience= is for the login with role='],
    ['your-bucket/key?path=style', 'After the "?" only region=…, role=…, endpoint=…, audience=… are allowed.'],
  ])('%s', (text, problem) => {
    expect(address(text)).toEqual([expect.stringContaining(problem)])
  })

  test.each(['s3://your-bucket/key', 'https://your-bucket.s3.amazonaws.com/key'])('a URL is not one of its forms: %s', (text) => {
    expect(address(text)).toEqual(expect.arrayContaining([expect.stringContaining('without a scheme or a host before it')]))
  })

  test('a key in the line is not repeated', () => {
    const problems = address('your-bucket/key?secret=canary&endpoint=https://AKIA:canary@s3.example.com')
    expect(problems).toHaveLength(2)
    expect(JSON.stringify(problems)).not.toContain('canary')
  })
})
