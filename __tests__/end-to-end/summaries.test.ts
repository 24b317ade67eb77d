import { expect, test } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Job } from '../support/fake-runner/job-result.ts'
import { codexStep } from '../support/keeper-workflow.ts'
import { inRefreshWorld } from '../support/refresh-world.ts'

/** What a person sees of all stages of the keeper, with what differs from run to run taken out. */
function shownSummary(job: Job): string {
  const text = job.stages
    .filter(({ step }) => step === 'keeper')
    .map(({ summary }) => summary)
    .join('')
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'TIME')
    .replaceAll(/\b\d{1,2} [A-Z][a-z]{2} \d{4}\b/g, 'DAY')
    .replaceAll(/\((in )?(\d+ (d|h|min)( \d+ (h|min))?|less than a minute)( ago)?\)/g, '($1A WHILE$6)')
    .replaceAll(/<td>[0-9a-f]{12}<\/td>/g, '<td>HASH</td>')
    .replaceAll(/\/\S*\/\.codex\b/g, '/HOME/.codex')
}

/** The samples are kept as files, to be read and rendered; CODEX_AUTH_NEW_SAMPLES=1 writes them anew. */
function expectSample(name: string, job: Job): void {
  const file = new URL(`./summaries/${name}.md`, import.meta.url)
  const shown = shownSummary(job)
  if (process.env['CODEX_AUTH_NEW_SAMPLES'] === '1') writeFileSync(file, shown)
  expect(shown).toBe(readFileSync(file, 'utf8'))
}

test('of a login that is healthy', async () => {
  await inRefreshWorld({}, async ({ run }) => {
    await run({})
    expectSample('healthy', await run({}, [codexStep]))
  })
})

test('of a login that was due and is refreshed', async () => {
  await inRefreshWorld({}, async ({ run }) => {
    expectSample('refreshed', await run({}, [codexStep]))
  })
})

test('of a login that needs a person', async () => {
  await inRefreshWorld({}, async ({ openai, run }) => {
    openai.exchangeFault({ kind: 'refuse', code: 'refresh_token_expired' })
    expectSample('needs-a-person', await run({}, [codexStep]))
  })
})
