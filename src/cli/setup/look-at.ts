import { KeeperError } from '../../keeper-error.ts'
import type { GithubApi } from '../../github/github-api.ts'
import { parseSecretAddress, type SecretName } from '../../stores/github-secret/github-secret-name.ts'
import type { CliContext } from '../context.ts'
import { codexProgram } from '../new-login.ts'
import { githubServer, githubToken, repositoryOfClone } from '../repository.ts'
import { wrongUsage } from '../wrong-usage.ts'
import { githubRepository } from './github-repository.ts'
import { elsewhereStep, environmentStep, knownHostsStep, sshKeyStep, writerStep } from './given-steps.ts'
import { openClone } from './setup-branch.ts'
import { fileStep, keyStep, loginStep, nothing, pullRequestStep, runStep, type FoundSecret, type SetupStep } from './setup-steps.ts'
import type { ChosenStore } from './store-choice.ts'
import { workflowFiles, workflowTexts } from './workflow-files.ts'
import { environmentOf, sourceOf, type GivenInput } from './workflow-texts.ts'

/** What setup is to bring. */
export interface Wanted {
  readonly chosen: ChosenStore
  readonly environment?: string | undefined
  readonly action?: string | undefined
  readonly pullRequest: boolean
  readonly device: boolean
  readonly tempDirectory: string
}

/** Looks at all that setup would do, and proves that it may; changes nothing. @throws KeeperError where it may not be done */
export async function lookAt(wanted: Wanted, context: CliContext): Promise<SetupStep[]> {
  const { chosen, tempDirectory } = wanted
  const texts = await workflowTexts(chosen.kind, storeOf(wanted), wanted.action)
  const environment = environmentOf(texts.codex)
  const clone = await openClone(context)
  const { api, owner, repo } = await openGithub(context)
  const github = githubRepository(api, owner, repo)
  const { isPrivate, defaultBranch } = await github.facts()
  const repository = `${owner}/${repo}`
  if (!isPrivate) {
    throw new KeeperError(
      'untrusted-event',
      `${repository} is public.`,
      'Keep the login in a private repository: the keeper does not run in a public one.',
    )
  }
  const isEnvironmentThere = environment === undefined || (await github.hasEnvironment(environment))
  const { loginSecret } = await import('../../stores/github-secret/login-secret.ts')
  const find = async (input: GivenInput): Promise<FoundSecret | undefined> => {
    const name = sourceOf(texts.codex, input)
    if (name === undefined) return undefined
    const secret = loginSecret(api, { owner, repo }, secretNamed(name, environment), context.clock)
    return { secret, isThere: isEnvironmentThere && (await secret.prove()) === 'replaces' }
  }
  const knownHosts = sourceOf(texts.codex, 'ssh-known-hosts')
  const [seed, key, sshKey, writer, hosts, files, run] = await Promise.all([
    find('auth-json'),
    find('encryption-key'),
    find('ssh-key'),
    find('secret-writer-token'),
    knownHosts === undefined ? undefined : knownHostsStep(knownHosts, environment, isEnvironmentThere, github, context),
    workflowFiles(clone.root, texts),
    runStep(github, defaultBranch, context),
  ])
  const found = [seed, key, sshKey, writer].filter((each) => each !== undefined)
  const login = seed === undefined ? elsewhereStep(chosen.kind) : loginStep(seed, wanted.device ? 'device' : 'browser', context)
  if (login.state === 'to-do') codexProgram(context)
  const before = [
    ...(environment === undefined ? [] : [environmentStep(environment, isEnvironmentThere, defaultBranch, github, () => found)]),
    ...(key === undefined ? [] : [keyStep(key, repository, context)]),
    ...(sshKey === undefined ? [] : [sshKeyStep(sshKey, context)]),
    ...(hosts === undefined ? [] : [hosts]),
    ...(writer === undefined ? [] : [writerStep(writer)]),
  ]
  const wantsPullRequest = wanted.pullRequest && run.state === 'later'
  return [
    { name: 'Repository', state: 'done', words: `${repository} is private`, perform: nothing },
    ...before,
    login,
    ...files.map((file) => fileStep(clone.root, file, context)),
    ...(wantsPullRequest ? [await pullRequestStep({ clone, github, files, base: defaultBranch, tempDirectory }, context)] : []),
    run.state === 'to-do' && before.some(({ state }) => state === 'later')
      ? { ...run, state: 'later', words: 'when what is missing above is there: run setup again then' }
      : run,
  ]
}

/** The line and the environment; the line of the store github-secret names its environment itself. */
function storeOf({ chosen: { kind, line }, environment }: Wanted): {
  readonly line: string | undefined
  readonly environment: string | undefined
} {
  if (kind !== 'github-secret') return { line, environment }
  const parsed = parseSecretAddress(
    (line ?? `: CODEX_AUTH?environment=${encodeURIComponent(environment ?? 'codex')}`).replace(/^[^:]*:/, ''),
  )
  const name = parsed.kind === 'name' ? parsed.name : secretNamed('', undefined)
  if (environment !== undefined && name.environment !== environment) {
    throw wrongUsage(
      `--store names the environment ${name.environment ?? ''}, and --environment names ${environment}.`,
      'Leave out --environment.',
    )
  }
  return { line: `github-secret: ${name.secret}?environment=${encodeURIComponent(name.environment ?? '')}`, environment: name.environment }
}

async function openGithub({ environment, cwd, clock, terminal }: CliContext): Promise<{
  readonly api: GithubApi
  readonly owner: string
  readonly repo: string
}> {
  const server = githubServer(environment.shared)
  const repository = await repositoryOfClone(cwd, environment.shared, server)
  const [owner, repo] = repository?.split('/') ?? []
  if (owner === undefined || repo === undefined) {
    throw wrongUsage('The origin of this clone is no repository on GitHub.', 'Run setup in a clone whose origin is on GitHub.')
  }
  const token = await githubToken(environment.secrets.CODEX_AUTH_TOKEN, environment.shared, cwd, server)
  if (token === undefined) throw wrongUsage('There is no token for GitHub.', 'Log in with "gh auth login", or set CODEX_AUTH_TOKEN.')
  terminal.secrets.add([token])
  const { githubApi } = await import('../../github/github-api.ts')
  return { api: githubApi({ baseUrl: server.apiUrl, auth: { kind: 'token', token }, clock }), owner, repo }
}

function secretNamed(name: string, environment: string | undefined): SecretName {
  const parsed = parseSecretAddress(environment === undefined ? name : `${name}?environment=${encodeURIComponent(environment)}`)
  if (parsed.kind === 'name') return parsed.name
  throw wrongUsage(`The secret: ${parsed.problem}`, 'Correct the name.')
}
