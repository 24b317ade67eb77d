import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Option } from 'commander'
import * as z from 'zod/mini'
import { KeeperError } from '../../keeper-error.ts'
import { parseSecretAddress, type SecretName } from '../../stores/github-secret/github-secret-name.ts'
import type { LoginSecret } from '../../stores/github-secret/login-secret.ts'
import type { CommandModule } from '../command-module.ts'
import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-code.ts'
import { codexProgram } from '../new-login.ts'
import { githubServer, githubToken, repositoryOfClone } from '../repository.ts'
import { githubRepository } from '../setup/github-repository.ts'
import { openClone } from '../setup/setup-branch.ts'
import { fileStep, keyStep, loginStep, pullRequestStep, runStep, stepFailed, type SetupStep } from '../setup/setup-steps.ts'
import { workflowFiles, type RunnerKind } from '../setup/workflow-files.ts'
import { faint, good, warning } from '../terminal/line.ts'
import { tableLines } from '../terminal/table.ts'
import { wrongUsage } from '../wrong-usage.ts'

export const setup: CommandModule = {
  describe: (command) => {
    command
      .addOption(new Option('--runner <kind>', 'where the jobs run (default: github-hosted)').choices(['github-hosted', 'self-hosted']))
      .option('--action <owner/name@commit>', 'the version of the action that the workflows use')
      .option('--pull-request', 'push a branch with the workflows and open a pull request')
      .option('--device', 'log in with a code, on any device, instead of in a browser of this machine')
      .option('--dry-run', 'only say what there is to do')
      .option('--yes', 'ask nothing and take what is proposed')
  },
  examples: [
    ['codex-auth-keeper setup --dry-run', 'what there is to do for the repository you are in'],
    ['codex-auth-keeper setup --pull-request', 'all of it, up to a pull request with the workflows'],
    ['codex-auth-keeper setup', 'again when it is merged: starts the first run and follows it'],
  ],
  run: async ({ options }, context) => {
    const asked = z.parse(ownOptions, options)
    const tempDirectory = mkdtempSync(join(tmpdir(), 'codex-auth-keeper-'))
    const remove = (): void => {
      rmSync(tempDirectory, { recursive: true, force: true })
    }
    const forget = context.interrupts.onInterrupt(remove)
    try {
      return await setUp(asked, tempDirectory, context)
    } finally {
      remove()
      forget()
    }
  },
}

const ownOptions = z.object({
  runner: z.optional(z.enum(['github-hosted', 'self-hosted'])),
  action: z.optional(z.string().check(z.regex(/^[\w.-]+\/[\w./-]+@[\w./-]+$/, 'must be owner/name@commit'))),
  pullRequest: z._default(z.boolean(), false),
  device: z._default(z.boolean(), false),
  dryRun: z._default(z.boolean(), false),
  yes: z._default(z.boolean(), false),
})
type Asked = z.infer<typeof ownOptions>

async function setUp(asked: Asked, tempDirectory: string, context: CliContext): Promise<number> {
  const { terminal, questions } = context
  const asksNothing = asked.yes || asked.dryRun
  const kind = asked.runner ?? (asksNothing ? 'github-hosted' : await chosenRunner(context))
  const steps = await terminal.during('Looking at what is there', lookAt(asked, kind, tempDirectory, context))
  for (const line of tableLines(steps.map((step) => [...stepCells(step)]))) terminal.print(line)
  const toDo = steps.filter(({ state }) => state === 'to-do')
  if (asked.dryRun || toDo.length === 0) return exitCodes.well
  if (!asked.yes && !(await questions.confirm('Do this now?', { flag: '--yes' }))) return exitCodes.well
  for (const step of toDo) {
    terminal.print(`${step.name}: ${step.words}`)
    try {
      await step.perform()
    } catch (error) {
      throw stepFailed(step, error)
    }
  }
  return exitCodes.well
}

function chosenRunner({ questions }: CliContext): Promise<RunnerKind> {
  return questions.choose<RunnerKind>(
    'Where do the jobs run?',
    [
      { value: 'github-hosted', label: 'on runners of GitHub', hint: 'the login rests in the repository, sealed' },
      { value: 'self-hosted', label: 'on a machine of yours that stays', hint: 'the login rests on its disk' },
    ],
    { flag: '--runner, or --yes', byDefault: 'github-hosted' },
  )
}

function stepCells({ name, state, words }: SetupStep): readonly Parameters<typeof tableLines>[0][number][number][] {
  const mark = { done: good('done'), 'to-do': warning('to do'), later: faint('later') }[state]
  return [mark, name, words]
}

/** Looks at all that setup would do, and proves that it may; changes nothing. */
async function lookAt(asked: Asked, kind: RunnerKind, tempDirectory: string, context: CliContext): Promise<SetupStep[]> {
  const { environment, cwd, clock, terminal } = context
  const clone = await openClone(context)
  const server = githubServer(environment.shared)
  const repository = await repositoryOfClone(cwd, environment.shared, server)
  const [owner, repo] = repository?.split('/') ?? []
  if (repository === undefined || owner === undefined || repo === undefined) {
    throw wrongUsage('The origin of this clone is no repository on GitHub.', 'Run setup in a clone whose origin is on GitHub.')
  }
  const token = await githubToken(environment.secrets.CODEX_AUTH_TOKEN, environment.shared, cwd, server)
  if (token === undefined) throw wrongUsage('There is no token for GitHub.', 'Log in with "gh auth login", or set CODEX_AUTH_TOKEN.')
  terminal.secrets.add([token])
  const [{ githubApi }, { loginSecret }] = await Promise.all([
    import('../../github/github-api.ts'),
    import('../../stores/github-secret/login-secret.ts'),
  ])
  const api = githubApi({ baseUrl: server.apiUrl, auth: { kind: 'token', token }, clock })
  const github = githubRepository(api, owner, repo)
  const { isPrivate, defaultBranch } = await github.facts()
  if (!isPrivate) {
    throw new KeeperError(
      'untrusted-event',
      `${repository} is public.`,
      'Keep the login in a private repository: the keeper does not run in a public one.',
    )
  }
  const secret = (name: string): LoginSecret => loginSecret(api, { owner, repo }, secretNamed(name), clock)
  const files = await workflowFiles(clone.root, kind, asked.action)
  const [key, login, run] = await Promise.all([
    kind === 'github-hosted' ? keyStep(secret('CODEX_AUTH_KEY'), repository, context) : undefined,
    loginStep(secret('CODEX_AUTH_SEED'), asked.device ? 'device' : 'browser', context),
    runStep(github, defaultBranch, context),
  ])
  if (login.state === 'to-do') codexProgram(context)
  const wantsPullRequest = asked.pullRequest && run.state === 'later'
  return [
    { name: 'Repository', state: 'done', words: `${repository} is private`, perform: () => Promise.resolve() },
    ...(key === undefined ? [] : [key]),
    login,
    ...files.map((file) => fileStep(clone.root, file, context)),
    ...(wantsPullRequest ? [await pullRequestStep({ clone, github, files, base: defaultBranch, tempDirectory }, context)] : []),
    run,
  ]
}

function secretNamed(name: string): SecretName {
  const parsed = parseSecretAddress(name)
  if (parsed.kind === 'name') return parsed.name
  throw new Error(parsed.problem)
}
