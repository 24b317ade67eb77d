import { afterEach, describe, expect, test } from '@jest/globals'
import { stagePage } from '../../../src/action/report/page.ts'
import { restoreReport, type Report, type RestoreContext } from '../../../src/action/report/report.ts'
import { outcomeWords, writeBackReport, type WriteBackContext } from '../../../src/action/report/write-back-report.ts'
import { summaryMarkup, type SummaryPage } from '../../../src/action/report/summary.ts'
import type { Hazard } from '../../../src/codex/hazard.ts'
import type { KeepReason } from '../../../src/credential/write-back-decision.ts'
import { KeeperError } from '../../../src/keeper-error.ts'
import type { Restored } from '../../../src/keeper/restore.ts'
import type { StoreOutcome, WriteBack } from '../../../src/keeper/write-back.ts'
import { managedLogin } from '../../support/codex-login.ts'
import { credentialOf, endWorlds, fingerprintOfLogin, keeperWorld, placesNamed, refreshed } from '../../support/keeper-world.ts'

afterEach(endWorlds)

const now = Math.floor(Date.now() / 1000)
const login = managedLogin({ issuedAt: now - 7_200 })
const base = fingerprintOfLogin(login)
const full = new KeeperError('store-refused', 'The disk is full.', 'Make room.')

async function restored(): Promise<Restored> {
  const places = placesNamed(
    { name: 'git', bytes: login.bytes },
    { name: 'cache', proof: 'unprovable', guarantee: 'detects-conflicts' },
    { name: 'ssh: x|y' },
    { name: 'command' },
  )
  places[2]?.inject('proveWritable', { kind: 'unauthorized' })
  places[3]?.inject('read', { kind: 'unauthorized' })
  const world = await keeperWorld({ places })
  await world.put(Buffer.from('{'))
  return world.restore({ seed: credentialOf(refreshed(login, -60)) })
}

async function report(changes: Partial<RestoreContext> = {}): Promise<Report> {
  return restoreReport({
    restored: await restored(),
    authFile: '/home/ci/.codex/auth.json',
    notes: [],
    refreshWindow: 43_200,
    willRefresh: false,
    now,
    ...changes,
  })
}

const everything = (report: Report): string =>
  [report.title, ...report.lines, ...report.annotations.map(({ text }) => text), markup(report)].join('\n')

const markup = (report: Report): string => summaryMarkup(stagePage([report]) as SummaryPage, (text) => text)

describe('what restore tells', () => {
  test('where the login came from, its plan, times, and each store with its guarantee', async () => {
    const told = await report()
    const { title, lines } = told
    const shown = markup(told)
    expect(title).toBe('Codex login restored from git')
    const expected: unknown[] = [
      `Account: ${base.account.slice(0, 12)}`,
      'Plan: pro',
      expect.stringMatching(/^Issued: \d{4}-\d\d-\d\d \d\d:\d\d UTC \(2 h ago\)$/),
      expect.stringMatching(/^Access token ends: .* UTC \(in (10 d|9 d 23 h)\)$/),
      'File: /home/ci/.codex/auth.json',
      expect.stringMatching(/^Store git \(compare-and-set\): a login issued \d{4}-.*Z, write access proved$/),
      'Store cache (detects-conflicts): empty, write access cannot be proved beforehand',
      'Store ssh: x|y (compare-and-set): empty, write access refused',
      'Store command (compare-and-set): could not be read, not counted as writable',
    ]
    for (const line of expected) expect(lines).toContainEqual(line)
    for (const words of [
      '<td>git</td><td>one wins</td><td>a login issued',
      '<td>ssh: x|y</td>',
      '<td>Plan</td><td>pro</td>',
      'it is replaced',
    ])
      expect(shown).toContain(words)
  })

  test('warns of each store that cannot be read or written, with the way out', async () => {
    expect((await report()).annotations).toEqual([
      { level: 'warning', text: 'Store ssh: x|y cannot be written. ssh: x|y: not allowed. Give this run access.' },
      { level: 'warning', text: 'Store command could not be read. command: not allowed. Give this run access.' },
    ])
  })

  test('warns of what the user should change, and only notes the rest', async () => {
    const hazards: Hazard[] = [
      { severity: 'warn', message: 'Bad.', remedy: 'Change it.' },
      { severity: 'note', message: 'Look.', remedy: '-' },
    ]
    const { annotations, lines } = await report({
      restored: { ...(await restored()), hazards },
      notes: ['Twice a week.'],
    })
    expect(annotations[0]).toEqual({ level: 'warning', text: 'Bad. Change it.' })
    expect(lines).toEqual(expect.arrayContaining(['Look.', 'Twice a week.']))
    expect(annotations).toHaveLength(3)
  })

  test('no token, e-mail or id', async () => {
    const shown = everything(await report())
    const {
      claims: { accountId, userId, email },
      tokens,
    } = login
    const secrets = [tokens.refresh_token, ...tokens.access_token.split('.'), ...tokens.id_token.split('.'), accountId, userId, email]
    for (const secret of secrets) expect(shown).not.toContain(secret)
  })

  test('a file that was already there is said to be left as it is', async () => {
    expect((await report({ restored: { ...(await restored()), installed: false } })).lines).toContain(
      'File: /home/ci/.codex/auth.json (already there, left as it is)',
    )
  })

  test.each<[string, number, RegExp]>([
    ['ends within five minutes', 299, /^Codex refreshes it: at its next start$/],
    ['has ended', -60, /^Codex refreshes it: at its next start$/],
    ['ends later', 90_300, /^Codex refreshes it: from .* \(in (1 d 1 h|1 d)\)$/],
  ])('when Codex will refresh a token that %s', async (_, expiresIn, words) => {
    const due = managedLogin({ expiresIn })
    const { lines } = await report({
      restored: { ...(await restored()), credential: credentialOf(due) },
      now: due.claims.expiresAt - expiresIn,
    })
    expect(lines).toContainEqual(expect.stringMatching(words))
  })

  test('a login without any claim', async () => {
    const given = await restored()
    const issued = { lastRefresh: base.issued.lastRefresh }
    const { lines } = await report({ restored: { ...given, credential: { ...given.credential, issued } } })
    expect(lines).toContain('Access token ends: unknown')
  })
})

const written: StoreOutcome = { kind: 'written' }
const failed: StoreOutcome = { kind: 'failed', error: full }
const kept = (reason: KeepReason): StoreOutcome => ({ kind: 'kept', reason })

function after(
  outcomes: StoreOutcome[],
  { rotated = true, verdict = 'safe', ...context }: Partial<Pick<WriteBack, 'rotated' | 'verdict'> & WriteBackContext> = {},
): Report {
  const results = outcomes.map((outcome, index) => ({ name: `store ${index}`, guarantee: 'compare-and-set' as const, outcome }))
  return writeBackReport(
    { results, rotated, verdict, confirmed: undefined },
    {
      base,
      codexHome: '/home/ci/.codex',
      cleanUp: 'not-ours',
      isStill: true,
      isHosted: false,
      isPutBack: false,
      mainFailed: false,
      session: { kind: 'unknown' },
      now,
      ...context,
    },
  )
}

describe('what post tells', () => {
  test('a refresh that was stored is not annotated, and the log and the summary say it in the same words', () => {
    const told = after([written, kept('unchanged')])
    const { title, lines, annotations } = told
    expect([title, annotations]).toEqual(['Codex login refreshed and stored', []])
    expect(lines).toEqual([
      `Store store 0 (compare-and-set): ${outcomeWords(written)}`,
      `Store store 1 (compare-and-set): ${outcomeWords(kept('unchanged'))}`,
    ])
    for (const outcome of [written, kept('unchanged')]) expect(markup(told)).toContain(`<td>${outcomeWords(outcome)}</td>`)
  })

  const reasons: KeepReason[] = [
    'file-missing',
    'damaged',
    'not-managed',
    'different-account',
    'is-seed',
    'unchanged',
    'older-than-base',
    'superseded',
  ]
  test.each(reasons)('%s is named, and is a warning where a person should look', (reason) => {
    const { annotations, lines } = after([kept(reason), kept(reason)], { rotated: false })
    expect(lines[0]).toContain(`(${reason})`)
    const quiet = ['is-seed', 'unchanged', 'superseded'].includes(reason)
    expect(annotations.map(({ level }) => level)).toEqual(quiet ? [] : ['warning'])
  })

  test('a lost login is the one error, with what to do', () => {
    const told = after([failed, failed], { verdict: 'lost', cleanUp: 'stays' })
    const { title, annotations } = told
    expect(title).toBe('Codex login refreshed, but not stored')
    expect(annotations.map(({ level }) => level)).toEqual(['warning', 'warning', 'error'])
    const [, , { text } = { text: '' }] = annotations
    expect(text).toMatch(
      /\/home\/ci\/\.codex\/auth\.json is the only good copy.*codex login --device-auth.*replace the secret that auth-json comes from/,
    )
    expect(told.verdict).toBe('❌ Codex login refreshed, but not stored')
    expect(told.lead).toContain('auth.json stays in /home/ci/.codex: no store is confirmed to hold it.')
  })

  test('on a machine that is deleted, nobody is told to run the job there again', () => {
    const text = (isHosted: boolean): string =>
      after([failed], { verdict: 'lost', cleanUp: 'stays', isHosted }).annotations.at(-1)?.text ?? ''
    expect(text(false)).toMatch(/If this machine still exists, .* run the job there again, or save it\. Otherwise: Log in again/)
    expect(text(true)).toMatch(/is the only good copy, and this machine is deleted after the job\. Log in again/)
  })

  test('the summary says once what is to be done', () => {
    const told = after([failed], { verdict: 'lost', cleanUp: 'stays' })
    expect(told.annotations).toHaveLength(2)
    for (const text of ['could not be brought up to date', 'the stored copies are spent']) expect(markup(told).split(text)).toHaveLength(2)
  })

  test('one store that failed is a warning while another one holds the login', () => {
    const { annotations } = after([written, failed])
    expect(annotations).toEqual([
      {
        level: 'warning',
        text: 'Store store 1 could not be brought up to date. The disk is full. Make room. Nothing is lost: another store or the last copy holds the login.',
      },
    ])
  })

  test('a token that ran out unrefreshed is a warning that names the likely cause', () => {
    const late = { now: (base.issued.exp ?? 0) + 3_600, rotated: false }
    expect(after([kept('unchanged')], late).annotations).toEqual([
      {
        level: 'warning',
        text: expect.stringMatching(
          /ran out .*1 h ago.*no record of a session here.*"smoke-test: true" for one run to find out/,
        ) as unknown,
      },
    ])
    expect(after([written], { ...late, rotated: true }).annotations).toEqual([])
    // To work after that moment Codex must have refreshed it.
    const [{ text: worked } = { text: '' }] = after([kept('unchanged')], { ...late, session: { kind: 'worked' } }).annotations
    expect(worked).toMatch(/ran out .*as it was before, although Codex has worked.*put the old file back.*"smoke-test: true"/)
    expect(worked).not.toContain('has not refreshed it')
    // What became of a file that is gone, nobody can say.
    const gone = after([kept('file-missing')], { ...late, session: { kind: 'worked' } }).annotations.map(({ text }) => text)
    expect(gone).toEqual([
      expect.stringContaining('auth.json is gone'),
      expect.stringMatching(/ran out .*1 h ago\): .*went with auth\.json/),
    ])
  })

  test.each([
    ['removed', 'auth.json was removed from this machine.'],
    ['stays', 'auth.json stays in /home/ci/.codex: no store is confirmed to hold it.'],
    ['not-ours', undefined],
  ] as const)('a file that is %s afterwards', (cleanUp, words) => {
    const { lines, lead } = after([written], { cleanUp })
    expect(lines.slice(1)).toEqual(words === undefined ? [] : [words])
    if (words !== undefined) expect(lead).toContain(words)
  })

  test('a file that was written and holds what it held before may have cost a login, and that is a warning', () => {
    const told = (isPutBack: boolean): unknown =>
      after([kept('unchanged')], { rotated: false, isPutBack }).annotations.map(({ text }) => text)
    expect(told(true)).toEqual([
      expect.stringMatching(/written in the middle of the job, and holds what it held before.*Find what writes it/),
    ])
    expect(told(false)).toEqual([])
  })

  test('a Codex that is still at work is a warning, and the file stays', () => {
    const { annotations, lead } = after([written], { cleanUp: 'stays', isStill: false })
    expect(annotations).toEqual([{ level: 'warning', text: expect.stringMatching(/still at work.*reaches no store/) as unknown }])
    expect(lead).toContain('auth.json stays in /home/ci/.codex: Codex is still at work.')
  })

  test('a seed that was not refreshed stays, with the reason', () => {
    expect(after([kept('is-seed')], { rotated: false, cleanUp: 'stays' }).lines[1]).toContain('it is still the seed')
  })

  test('what an error says stays one cell, and is neither markup nor a link', () => {
    const words = 'a | b\n\n<img src=x>\r\n[log in](https://example.com) ![x](y) </td> "q" & \'s\''
    const shown = markup(after([{ kind: 'failed', error: new Error(words) }]))
    expect(shown).toContain(
      '<td>failed: a | b &lt;img src=x&gt; [log in](https://example.com) ![x](y) &lt;/td&gt; &quot;q&quot; &amp; &apos;s&apos;</td></tr>',
    )
    // A blank line, after which Markdown would begin again, is only between blocks.
    for (const block of shown.split('\n\n')) expect(block).toMatch(/^<(h3|p|ul|table|pre|details)>[\s\S]*<\/\1>$/)
  })
})
