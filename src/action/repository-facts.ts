import * as z from 'zod/mini'
import { systemClock } from '../clock.ts'
import { KeeperError } from '../keeper-error.ts'
import type { Inputs } from './inputs.ts'
import type { RunContext } from './runner/run-context.ts'
import { judgeTrust } from './trust.ts'

/** What is known of the repository; undefined where neither the event nor the API tells. */
export interface RepositoryFacts {
  readonly isPublic: boolean | undefined
  readonly defaultBranch: string | undefined
}

/**
 * Refuses a run that must not hold a login.
 * @throws KeeperError untrusted-event
 */
export async function requireTrust(inputs: Inputs, context: RunContext): Promise<RepositoryFacts> {
  const facts = await repositoryFacts(inputs, context)
  const { eventName, payload } = context
  const { allowPublicRepository, allowUntrustedEvent } = inputs
  const trust = judgeTrust({ eventName, payload, isPublic: facts.isPublic, allowPublicRepository, allowUntrustedEvent })
  if (trust.kind === 'refused') throw new KeeperError('untrusted-event', trust.message, trust.remedy)
  return facts
}

/** From the event, and where that does not say (a schedule), from the API. No answer leaves it unknown. */
async function repositoryFacts({ githubToken }: Inputs, { payload, repository, apiUrl }: RunContext): Promise<RepositoryFacts> {
  const { private: isPrivate, default_branch: defaultBranch } = payload.repository ?? {}
  if ((isPrivate !== undefined && defaultBranch !== undefined) || githubToken === undefined) {
    return { isPublic: isPrivate === undefined ? undefined : !isPrivate, defaultBranch }
  }
  const { githubApi } = await import('../github/github-api.ts')
  const [owner, repo] = repository.split('/')
  const answer = await githubApi({ baseUrl: apiUrl, auth: { kind: 'token', token: githubToken }, clock: systemClock }).request({
    what: 'read the repository',
    route: 'GET /repos/{owner}/{repo}',
    parameters: { owner, repo },
    expected: [401, 403, 404],
  })
  const told = repositoryAnswer.parse(answer.data)
  const isHidden = told.private ?? isPrivate
  return { isPublic: isHidden === undefined ? undefined : !isHidden, defaultBranch: told.default_branch ?? defaultBranch }
}

const repositoryAnswer = z.catch(
  z.looseObject({
    private: z.catch(z.optional(z.boolean()), undefined),
    default_branch: z.catch(z.optional(z.string()), undefined),
  }),
  { private: undefined, default_branch: undefined },
)
