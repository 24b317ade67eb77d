import { errorWords, KeeperError } from '../../keeper-error.ts'
import type { LoginSecret } from '../../stores/github-secret/login-secret.ts'
import type { LoginWay } from '../../codex/codex-login.ts'
import type { CliContext } from '../context.ts'
import { keptWords, makeNewLogin } from '../new-login.ts'
import type { GithubRepository, WorkflowRun } from './github-repository.ts'
import { sealingKeyFor } from './sealing-key.ts'
import { setupBranch, type Clone } from './setup-branch.ts'
import { keepFreshFile, writeWorkflow, type WorkflowFile } from './workflow-files.ts'

/** One step of setup, as it was found. */
export interface SetupStep {
  readonly name: string
  readonly state: 'done' | 'to-do' | 'later'
  /** What was found, and what there is to do. */
  readonly words: string
  /** Does it; only where it is to do. */
  perform(): Promise<void>
}

export const nothing = (): Promise<void> => Promise.resolve()

/** A secret as it was found; what an environment holds that is not there yet is proved when that has been made. */
export interface FoundSecret {
  readonly secret: LoginSecret
  readonly isThere: boolean
}

/** The secret with the age key, which nobody can read again. */
export function keyStep({ secret, isThere }: FoundSecret, repository: string, context: CliContext): SetupStep {
  const name = 'Age key'
  if (isThere) return { name, state: 'done', words: `${secret.words} is there`, perform: nothing }
  return {
    name,
    state: 'to-do',
    words: `make one and put it into ${secret.words}`,
    perform: async () => {
      const { identity, path } = await sealingKeyFor(repository, context)
      await secret.putValue(Buffer.from(identity))
      if (path !== undefined) {
        context.terminal.print(`The key is in ${path}. Keep it in your password manager, then remove the file: GitHub shows it to nobody.`)
      }
    },
  }
}

/** The secret with the login that everything starts from. */
export function loginStep({ secret, isThere }: FoundSecret, way: LoginWay, context: CliContext): SetupStep {
  const name = 'Login'
  if (isThere) {
    return { name, state: 'done', words: `${secret.words} is there (a new login: codex-auth-keeper login)`, perform: nothing }
  }
  return {
    name,
    state: 'to-do',
    words: `log in with codex login, into ${secret.words}`,
    perform: async () => {
      const made = await makeNewLogin({ way }, context)
      try {
        const outcome = await secret.put(made.credential)
        if (outcome === 'superseded')
          throw new KeeperError('store-refused', 'The secret has a login that was issued later.', 'Use that one.')
      } catch (error) {
        context.terminal.say(keptWords(await made.keep()))
        throw error
      }
      await made.discard()
    },
  }
}

/** One workflow in the person's clone; a file that is there with another text is nobody's to replace. */
export function fileStep(root: string, file: WorkflowFile, { terminal }: CliContext): SetupStep {
  const name = `File ${file.path}`
  switch (file.state) {
    case 'there':
      return { name, state: 'done', words: 'is there', perform: nothing }
    case 'other':
      return { name, state: 'done', words: 'is there with another text, which stays', perform: nothing }
    case 'missing':
      return {
        name,
        state: 'to-do',
        words: 'write it',
        perform: async () => {
          await writeWorkflow(root, file)
          terminal.print(`--- ${file.path}`)
          for (const line of file.text.trimEnd().split('\n')) terminal.print(line)
        },
      }
  }
}

export interface PullRequestFacts {
  readonly clone: Clone
  readonly github: GithubRepository
  readonly files: readonly WorkflowFile[]
  readonly base: string
  readonly tempDirectory: string
}

/** The branch with the workflows and its pull request. */
export async function pullRequestStep(facts: PullRequestFacts, { terminal }: CliContext): Promise<SetupStep> {
  const { clone, github, files, base, tempDirectory } = facts
  const name = 'Pull request'
  const [open, isPushed] = await Promise.all([github.pullRequest(setupBranch), clone.hasBranch()])
  if (open !== undefined) return { name, state: 'done', words: `is open: ${open}`, perform: nothing }
  return {
    name,
    state: 'to-do',
    words: isPushed ? `open one from ${setupBranch}, which is there` : `push ${setupBranch} and open one`,
    perform: async () => {
      const title = 'Keep the Codex login in CI alive'
      if (!isPushed)
        await clone.pushBranch(
          base,
          files.filter(({ state }) => state !== 'other'),
          title,
          tempDirectory,
        )
      const body = 'A workflow that uses Codex with a kept login, and one that refreshes the login every week.'
      terminal.print(`Pull request: ${await github.openPullRequest({ branch: setupBranch, base, title, body })}`)
    },
  }
}

/** The first run of the workflow that keeps the login fresh, followed to its end. */
export async function runStep(github: GithubRepository, branch: string, context: CliContext): Promise<SetupStep> {
  const name = 'First run'
  const latest = await github.latestRun(keepFreshFile)
  if (latest === 'no-workflow') {
    return { name, state: 'later', words: `when ${branch} has the workflows: run setup again then`, perform: nothing }
  }
  if (latest !== 'none' && latest.state === 'success') return { name, state: 'done', words: `is green: ${latest.url}`, perform: nothing }
  const isUnderWay = latest !== 'none' && latest.state === 'under-way'
  return {
    name,
    state: 'to-do',
    words: isUnderWay ? `follow ${latest.url}` : `start ${keepFreshFile} on ${branch} and follow it`,
    perform: async () => {
      if (!isUnderWay) await github.startRun(keepFreshFile, branch)
      await follow(github, latest === 'none' || isUnderWay ? undefined : latest.id, context)
    },
  }
}

/** Between two looks at a run, and in all. Milliseconds. */
const pause = 3_000
const patience = 30 * 60_000

/** @param before the run that was the newest when another one was started */
async function follow(github: GithubRepository, before: number | undefined, { terminal, clock }: CliContext): Promise<void> {
  const end = clock.elapsed() + patience
  const watched = async (): Promise<WorkflowRun> => {
    let told = false
    while (clock.elapsed() < end) {
      const run = await github.latestRun(keepFreshFile)
      if (typeof run === 'object' && run.id !== before) {
        if (run.state !== 'under-way') return run
        if (!told) terminal.print(`The first run: ${run.url}`)
        told = true
      }
      await clock.sleep(pause)
    }
    throw new KeeperError(
      'store-unreachable',
      'The first run has not ended in half an hour.',
      'Look at it on GitHub; setup goes on from there.',
    )
  }
  const run = await terminal.during('The first run is under way', watched())
  if (run.state !== 'success') {
    throw new KeeperError(
      'codex-failed',
      `The first run has ended with ${run.state}: ${run.url}`,
      'Its log says why; then run setup again.',
    )
  }
  terminal.print(`The first run is green: ${run.url}`)
}

/** Makes sure that it is told of which step something went wrong; the cause stays. */
export function stepFailed({ name }: SetupStep, error: unknown): KeeperError {
  const [code, remedy] = error instanceof KeeperError ? [error.code, error.remedy] : (['store-refused', 'Run setup again.'] as const)
  return new KeeperError(code, `${name}: ${error instanceof KeeperError ? error.message : errorWords(error)}`, remedy, { cause: error })
}
