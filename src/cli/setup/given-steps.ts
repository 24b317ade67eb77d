import { errorWords, KeeperError } from '../../keeper-error.ts'
import type { CliContext } from '../context.ts'
import { wrongUsage } from '../wrong-usage.ts'
import type { GithubRepository } from './github-repository.ts'
import { nothing, type FoundSecret, type SetupStep } from './setup-steps.ts'

/** The environment that has the secrets; what it is to hold is proved as soon as it is there, before a login is made for it. */
export function environmentStep(
  name: string,
  isThere: boolean,
  branch: string,
  github: GithubRepository,
  secrets: () => readonly FoundSecret[],
): SetupStep {
  const step = 'Environment'
  if (isThere) return { name: step, state: 'done', words: `"${name}" is there`, perform: nothing }
  return {
    name: step,
    state: 'to-do',
    words: `make "${name}", which ${branch} alone may use`,
    perform: async () => {
      try {
        await github.makeEnvironment(name, branch)
      } catch (error) {
        const code = error instanceof KeeperError ? error.code : 'store-refused'
        const remedy = `Make the environment "${name}" under Settings > Environments, let ${branch} alone use it, and run setup again.`
        throw new KeeperError(code, error instanceof KeeperError ? error.message : errorWords(error), remedy, { cause: error })
      }
      await Promise.all(secrets().map(({ secret }) => secret.prove()))
    },
  }
}

/** The secret with the key that opens the host of the store ssh; the person has it, and setup is given it. */
export function sshKeyStep({ secret, isThere }: FoundSecret, { environment }: CliContext): SetupStep {
  const name = 'SSH key'
  if (isThere) return { name, state: 'done', words: `${secret.words} is there`, perform: nothing }
  const key = environment.secrets.CODEX_AUTH_SSH_KEY
  if (key === undefined) {
    const words = `${secret.words} is missing: run setup again with the key in CODEX_AUTH_SSH_KEY (docs/ssh.md)`
    return { name, state: 'later', words, perform: nothing }
  }
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n/.test(key.trim())) {
    throw wrongUsage('CODEX_AUTH_SSH_KEY is no private key.', 'Put the text of the key into it, as ssh-keygen has written it.')
  }
  return {
    name,
    state: 'to-do',
    words: `put CODEX_AUTH_SSH_KEY into ${secret.words}`,
    perform: () => secret.putValue(Buffer.from(`${key.trim()}\n`)),
  }
}

/** The variable with the keys of that host; nobody trusts them on first use. */
export async function knownHostsStep(
  variable: string,
  environmentName: string | undefined,
  isEnvironmentThere: boolean,
  github: GithubRepository,
  { environment }: CliContext,
): Promise<SetupStep> {
  const name = 'Known hosts'
  if (isEnvironmentThere && (await github.hasVariable(variable, environmentName))) {
    return { name, state: 'done', words: `the variable ${variable} is there`, perform: nothing }
  }
  const lines = environment.secrets.CODEX_AUTH_KNOWN_HOSTS
  if (lines === undefined) {
    const words = `the variable ${variable} is missing: run setup again with the keys of the host in CODEX_AUTH_KNOWN_HOSTS (docs/ssh.md)`
    return { name, state: 'later', words, perform: nothing }
  }
  return {
    name,
    state: 'to-do',
    words: `put CODEX_AUTH_KNOWN_HOSTS into the variable ${variable}`,
    perform: () => github.makeVariable(variable, environmentName, lines.trim()),
  }
}

/** The secret with the token that may write the store github-secret. Only the person can make it: that of this run may do far more. */
export function writerStep({ secret, isThere }: FoundSecret): SetupStep {
  const name = 'Writer token'
  if (isThere) return { name, state: 'done', words: `${secret.words} is there`, perform: nothing }
  const words = `${secret.words} is missing: put a fine-grained token there that may write this repository's Environments, Secrets and Variables`
  return { name, state: 'later', words, perform: nothing }
}

/** The login of a store that no secret of GitHub is the beginning of, and that setup cannot reach. */
export function elsewhereStep(kind: string): SetupStep {
  const words = `no secret of GitHub has it: put the first one there with the commands of docs/stores.md, "${kind}"`
  return { name: 'Login', state: 'later', words, perform: nothing }
}
