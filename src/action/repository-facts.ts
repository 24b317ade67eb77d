import * as z from 'zod/mini'
import { systemClock } from '../clock.ts'
import { KeeperError } from '../keeper-error.ts'
import type { Inputs } from './inputs.ts'
import type { RunContext } from './runner/run-context.ts'
import { visibilityOf, type Visibility } from './runner/run-facts.ts'
import { judgeTrust } from './trust.ts'

/** What is known of the repository; undefined where neither the event nor the API tells. */
export interface RepositoryFacts {
  readonly visibility: Visibility | undefined
  readonly defaultBranch: string | undefined
}

/**
 * Refuses a run that must not hold a login.
 * @throws KeeperError untrusted-event
 */
export async function requireTrust(inputs: Inputs, context: RunContext): Promise<RepositoryFacts> {
  const facts = await repositoryFacts(inputs, context)
  const { allowPublicRepository, allowUntrustedEvent, runFacts } = inputs
  const { eventName } = context
  const trust = judgeTrust({ ...runFacts, eventName, visibility: facts.visibility, allowPublicRepository, allowUntrustedEvent })
  if (trust.kind === 'refused') throw new KeeperError('untrusted-event', trust.message, trust.remedy)
  return facts
}

/** From the event, and where that does not say (a schedule), from the API. No answer leaves it unknown. */
async function repositoryFacts({ githubToken, runFacts }: Inputs, { repository, apiUrl }: RunContext): Promise<RepositoryFacts> {
  const { visibility, isHidden, defaultBranch } = runFacts
  // What is certainly not public is at least internal.
  const known = { visibility: visibility ?? (isHidden ? 'internal' : undefined), defaultBranch }
  if ((visibility !== undefined && defaultBranch !== undefined) || githubToken === undefined) return known
  const { githubApi } = await import('../github/github-api.ts')
  const [owner, repo] = repository.split('/')
  const answer = await githubApi({ baseUrl: apiUrl, auth: { kind: 'token', token: githubToken }, clock: systemClock }).request({
    what: 'read the repository',
    route: 'GET /repos/{owner}/{repo}',
    parameters: { owner, repo },
    expected: [401, 403, 404],
  })
  if (answer.status !== 200) return known
  const told = repositoryAnswer.parse(answer.data)
  return {
    visibility: visibility ?? visibilityOf(told.visibility, told.private) ?? (told.private === true ? 'internal' : known.visibility),
    defaultBranch: defaultBranch ?? told.default_branch,
  }
}

const repositoryAnswer = z.catch(
  z.looseObject({
    private: z.catch(z.optional(z.boolean()), undefined),
    visibility: z.catch(z.optional(z.string()), undefined),
    default_branch: z.catch(z.optional(z.string()), undefined),
  }),
  { private: undefined, visibility: undefined, default_branch: undefined },
)
