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
  const told = readAnswer(answer.data)
  return {
    visibility: visibility ?? visibilityOf(told.visibility, told.private) ?? (told.private === true ? 'internal' : known.visibility),
    defaultBranch: defaultBranch ?? told.default_branch,
  }
}

/** What GitHub says of a repository, as far as it can be read. */
function readAnswer(answer: unknown) {
  const optional = <T extends z.ZodMiniType>(schema: T) => z.catch(z.optional(schema), undefined)
  const shape = z.looseObject({
    private: optional(z.boolean()),
    visibility: optional(z.string()),
    default_branch: optional(z.string()),
  })
  return z.catch(shape, { private: undefined, visibility: undefined, default_branch: undefined }).parse(answer)
}
