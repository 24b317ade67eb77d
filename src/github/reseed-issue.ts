import * as z from 'zod/mini'
import type { GithubApi } from './github-api.ts'

export interface ReseedIssue {
  readonly api: GithubApi
  readonly owner: string
  readonly repo: string
  /** One issue is kept per slot. */
  readonly slot: string
}

const label = 'codex-auth-keeper'
const issues = z.array(z.looseObject({ number: z.number(), body: z.nullish(z.string()), pull_request: z.optional(z.unknown()) }))

/**
 * Opens the issue of a slot, or brings the open one up to date.
 * @param text Markdown without a secret
 * @throws KeeperError as the API does, for example without `issues: write`
 */
export async function openReseedIssue(issue: ReseedIssue, text: string): Promise<void> {
  const { api, owner, repo, slot } = issue
  const body = `${text}\n\n${slotMarker(slot)}`
  const number = await findOpen(issue)
  const parameters = { owner, repo, body, title: `The Codex login "${slot}" needs a person`, labels: [label] }
  await api.request(
    number === undefined
      ? { what: 'open an issue', route: 'POST /repos/{owner}/{repo}/issues', parameters }
      : {
          what: 'update an issue',
          route: 'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
          parameters: { ...parameters, issue_number: number },
        },
  )
}

/**
 * Closes the issue of a slot, if one is open, and says why.
 * @throws KeeperError as the API does
 */
export async function closeReseedIssue(issue: ReseedIssue, comment: string): Promise<void> {
  const { api, owner, repo } = issue
  const number = await findOpen(issue)
  if (number === undefined) return
  const parameters = { owner, repo, issue_number: number }
  await api.request({
    what: 'comment on an issue',
    route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
    parameters: { ...parameters, body: comment },
  })
  await api.request({
    what: 'close an issue',
    route: 'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
    parameters: { ...parameters, state: 'closed' },
  })
}

/** Found by the label, which only people with triage rights can set, and by a mark in the text, which names the slot. */
async function findOpen({ api, owner, repo, slot }: ReseedIssue): Promise<number | undefined> {
  const answer = await api.request({
    what: 'list issues',
    route: 'GET /repos/{owner}/{repo}/issues',
    parameters: { owner, repo, state: 'open', labels: label, per_page: 100 },
  })
  return issues.parse(answer.data).find(({ body, pull_request: pull }) => pull === undefined && body?.includes(slotMarker(slot)))?.number
}

function slotMarker(slot: string): string {
  return `<!-- codex-auth-keeper slot=${slot} -->`
}
