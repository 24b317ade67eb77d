import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { parseRunFacts } from '../../../src/action/runner/run-facts.ts'
import { pullRequestEvent, pushEvent, scheduleEvent, workflowRunEvent, type EventSpec } from '../../support/fake-runner/events.ts'
import { interpolate } from '../../support/fake-runner/expressions.ts'

const manifest = parse(readFileSync(new URL('../../../action.yml', import.meta.url), 'utf8')) as {
  inputs: { 'run-facts': { default: string } }
}

/** What the runner makes of the input's default. */
function facts({ event }: EventSpec): ReturnType<typeof parseRunFacts> {
  const scope = { contexts: { github: { event: event.payload } }, status: 'success' as const }
  return parseRunFacts(interpolate(manifest.inputs['run-facts'].default, scope))
}

const nothing = { pullRequestHead: '', workflowRunHead: '', workflowRunEvent: '' }
const here = { visibility: 'private', isHidden: true, defaultBranch: 'main', repositoryId: '1001' }

test.each<[string, EventSpec, object]>([
  ['a push', pushEvent(), { ...here, ...nothing }],
  ['a push to a public repository', pushEvent({ open: true }), { ...here, ...nothing, visibility: 'public', isHidden: false }],
  ['a push to an internal repository', pushEvent({ internal: true }), { ...here, ...nothing, visibility: 'internal' }],
  ['a pull request', pullRequestEvent(), { ...here, ...nothing, pullRequestHead: '1001' }],
  ['a pull request of a fork', pullRequestEvent({ fromFork: true }), { ...here, ...nothing, pullRequestHead: '2002' }],
  [
    'a run of a fork',
    workflowRunEvent({ fromFork: true }),
    { ...here, ...nothing, workflowRunHead: '2002', workflowRunEvent: 'pull_request' },
  ],
  ['a schedule', scheduleEvent(), { visibility: undefined, isHidden: false, defaultBranch: undefined, repositoryId: '', ...nothing }],
])('what the runner fills in for %s', (_, event, expected) => {
  expect(facts(event)).toEqual(expected)
})

test.each([
  [
    'private=true visibility= id=1 head= run-head= run-event= default-branch=a b,c=d',
    { visibility: undefined, isHidden: true, defaultBranch: 'a b,c=d' },
  ],
  ['private=true visibility=public id=1 head= run-head= run-event= default-branch=', { visibility: 'public', defaultBranch: undefined }],
  ['private=false visibility=private id=1 head= run-head= run-event= default-branch=x', { visibility: 'public' }],
  ['private= visibility=private id=1 head= run-head= run-event= default-branch=x', { visibility: undefined }],
  ['private=true visibility=secret id=1 head= run-head= run-event= default-branch=x', { visibility: undefined, isHidden: true }],
  ['private=true', { visibility: undefined, isHidden: false, repositoryId: '' }],
  ['', { visibility: undefined, isHidden: false, repositoryId: '' }],
])('%j', (text, expected) => {
  expect(parseRunFacts(text)).toMatchObject(expected)
})
