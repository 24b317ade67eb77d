import { describe, expect, test } from '@jest/globals'
import { readSeed, seedNote } from '../../src/keeper/read-seed.ts'
import { KeeperError } from '../../src/keeper-error.ts'
import { managedLogin, unmanagedDocuments } from '../support/codex-login.ts'
import { text } from '../support/documents.ts'

const login = managedLogin()
const git = [{ kind: 'git' }]

/** What is said of such a seed. */
function refusalOf(authJson: string): KeeperError {
  try {
    readSeed({ authJson, stores: git })
  } catch (error) {
    if (error instanceof KeeperError) return error
    throw error
  }
  throw new Error('This seed was to be refused.')
}

describe('the seed', () => {
  test.each([
    ['as it is', login.text],
    ['in base64', Buffer.from(login.text).toString('base64')],
  ])('is what auth-json holds, %s', (_, authJson) => {
    expect(text(readSeed({ authJson, stores: git })?.bytes)).toBe(login.text.trim())
  })

  test('is not there where auth-json is empty, or is what the store github-secret holds, whatever else is listed', () => {
    expect(readSeed({ authJson: undefined, stores: git })).toBeUndefined()
    expect(readSeed({ authJson: login.text, stores: [...git, { kind: 'github-secret' }] })).toBeUndefined()
  })

  test.each([
    ['{', 'is the first line of an auth.json alone.', /whole file/],
    ['sk-proj-0123456789', 'is an OpenAI API key (sk-…), not an auth.json.', /CODEX_API_KEY/],
    ['rt_0123456789', 'is a bare refresh token (rt_…), not an auth.json.', /whole file/],
    ['rt-0123456789', 'is a bare refresh token (rt_…), not an auth.json.', /whole file/],
    ['rt.0123456789', 'is a bare refresh token (rt_…), not an auth.json.', /whole file/],
    [' at-0123456789\n', 'is a Codex access token (at-…), not an auth.json.', /CODEX_ACCESS_TOKEN/],
    [login.tokens.access_token, 'is one token out of an auth.json (eyJ…), not the file.', /whole file/],
    ['auth.json', 'is the path of an auth.json, not what the file holds.', /whole file/],
    ['~/.codex/auth.json', 'is the path of an auth.json, not what the file holds.', /whole file/],
    ['my-auth.json', 'cannot be used: auth.json: the seed is neither JSON nor base64.', /whole file/],
    ['rt_ (of me)', 'cannot be used: auth.json: the seed is neither JSON nor base64.', /whole file/],
    [login.text.slice(0, -9), 'cannot be used: auth.json: the document is not complete JSON.', /whole file/],
    [unmanagedDocuments()['api-key'].text, 'holds an API key, not a ChatGPT login.', /CODEX_API_KEY/],
    [unmanagedDocuments()['personal-access-token'].text, 'holds a personal access token, not a ChatGPT login.', /needs no keeper/],
    [unmanagedDocuments()['no account id'].text, 'has no tokens.account_id, and without it Codex never refreshes.', /log in/i],
  ])('that is %j is refused for what it is', (authJson, what, wayOut) => {
    expect(refusalOf(authJson)).toMatchObject({
      code: 'unusable-credential',
      message: `The seed in auth-json ${what}`,
      remedy: expect.stringMatching(wayOut) as unknown,
    })
  })

  test('on several lines is spoken of, because GitHub masks each of them, and one on a single line is not', () => {
    expect(seedNote({ authJson: login.text })).toEqual([expect.stringContaining('has more than one line')])
    const compact = JSON.stringify(JSON.parse(login.text))
    for (const authJson of [undefined, `\n${compact}\n`, 'ey\nJh']) expect(seedNote({ authJson })).toEqual([])
  })
})
