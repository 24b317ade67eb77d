import * as z from 'zod/mini'
import type { GithubAnswer, GithubApi } from '../../github/github-api.ts'
import { KeeperError } from '../../keeper-error.ts'

/** What setup asks GitHub of one repository. */
export interface GithubRepository {
  facts(): Promise<{ readonly isPrivate: boolean; readonly defaultBranch: string }>
  /** The address of the open pull request from a branch; undefined where there is none. */
  pullRequest(branch: string): Promise<string | undefined>
  /** Opens one. @returns its address */
  openPullRequest(request: {
    readonly branch: string
    readonly base: string
    readonly title: string
    readonly body: string
  }): Promise<string>
  /** The newest run of a workflow; 'no-workflow' where the default branch does not have it. */
  latestRun(workflow: string): Promise<WorkflowRun | 'none' | 'no-workflow'>
  startRun(workflow: string, branch: string): Promise<void>
  hasEnvironment(name: string): Promise<boolean>
  /** Makes one that a single branch may use. */
  makeEnvironment(name: string, branch: string): Promise<void>
  /** Whether a variable is there, of the repository or of an environment. */
  hasVariable(name: string, environment: string | undefined): Promise<boolean>
  /** Makes a variable; one that is there stays. */
  makeVariable(name: string, environment: string | undefined, value: string): Promise<void>
}

export interface WorkflowRun {
  readonly id: number
  readonly url: string
  /** 'under-way', or how it has ended by GitHub's word. */
  readonly state: string
}

const repositorySchema = z.looseObject({ private: z.boolean(), default_branch: z.string() })
const pullSchema = z.looseObject({ html_url: z.string() })
const runsSchema = z.looseObject({
  workflow_runs: z.array(z.looseObject({ id: z.number(), html_url: z.string(), status: z.string(), conclusion: z.nullish(z.string()) })),
})

/** @throws KeeperError of each method: store-unauthorized, store-refused, store-unreachable, as the API does */
export function githubRepository(api: GithubApi, owner: string, repo: string): GithubRepository {
  const ask = (what: string, route: string, parameters: object = {}, expected: readonly number[] = []): Promise<GithubAnswer> => {
    const [method = '', path = ''] = route.split(' ')
    return api.request({ what, route: `${method} /repos/{owner}/{repo}${path}`, parameters: { owner, repo, ...parameters }, expected })
  }
  return {
    facts: async () => {
      const found = understood(repositorySchema, await ask(`look at the repository ${owner}/${repo}`, 'GET '))
      return { isPrivate: found.private, defaultBranch: found.default_branch }
    },
    pullRequest: async (branch) => {
      const answer = await ask('list pull requests', 'GET /pulls', { head: `${owner}:${branch}`, state: 'open' })
      return understood(z.array(pullSchema), answer)[0]?.html_url
    },
    openPullRequest: async ({ branch, ...rest }) =>
      understood(pullSchema, await ask('open a pull request', 'POST /pulls', { head: branch, ...rest })).html_url,
    latestRun: async (workflow) => {
      const parameters = { workflow_id: workflow, per_page: 1 }
      const answer = await ask(`list the runs of ${workflow}`, 'GET /actions/workflows/{workflow_id}/runs', parameters, [404])
      if (answer.status === 404) return 'no-workflow'
      const [run] = understood(runsSchema, answer).workflow_runs
      if (run === undefined) return 'none'
      return { id: run.id, url: run.html_url, state: run.status === 'completed' ? (run.conclusion ?? 'unknown') : 'under-way' }
    },
    startRun: async (workflow, branch) => {
      await ask(`start ${workflow}`, 'POST /actions/workflows/{workflow_id}/dispatches', { workflow_id: workflow, ref: branch })
    },
    hasEnvironment: async (name) => {
      const parameters = { environment_name: name }
      return (await ask(`look for the environment "${name}"`, 'GET /environments/{environment_name}', parameters, [404])).status !== 404
    },
    makeEnvironment: async (name, branch) => {
      const deployment_branch_policy = { protected_branches: false, custom_branch_policies: true }
      const what = `make the environment "${name}"`
      await ask(what, 'PUT /environments/{environment_name}', { environment_name: name, deployment_branch_policy })
      const policy = { environment_name: name, name: branch }
      await ask(`let ${branch} use it`, 'POST /environments/{environment_name}/deployment-branch-policies', policy)
    },
    hasVariable: async (name, environment) => {
      const route = `GET ${variables(environment)}/{name}`
      return (await ask(`look for the variable ${name}`, route, { name, environment_name: environment }, [404])).status !== 404
    },
    makeVariable: async (name, environment, value) => {
      const parameters = { name, value, environment_name: environment }
      await ask(`make the variable ${name}`, `POST ${variables(environment)}`, parameters, [409])
    },
  }
}

function variables(environment: string | undefined): string {
  return environment === undefined ? '/actions/variables' : '/environments/{environment_name}/variables'
}

function understood<T>(schema: z.ZodMiniType<T>, { data }: GithubAnswer): T {
  const result = schema.safeParse(data)
  if (result.success) return result.data
  throw new KeeperError('store-unreachable', 'GitHub gave an answer that is not one of its API.', 'Check GITHUB_API_URL.')
}
