import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Option } from 'commander'
import * as z from 'zod/mini'
import type { CommandModule } from '../command-module.ts'
import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-code.ts'
import { lookAt } from '../setup/look-at.ts'
import { stepFailed, type SetupStep } from '../setup/setup-steps.ts'
import { chosenStore } from '../setup/store-choice.ts'
import { faint, good, warning } from '../terminal/line.ts'
import { tableLines } from '../terminal/table.ts'
import { wrongUsage } from '../wrong-usage.ts'

export const setup: CommandModule = {
  describe: (command) => {
    command
      .addOption(new Option('--runner <kind>', 'where the jobs run (default: github-hosted)').choices(['github-hosted', 'self-hosted']))
      .option('--store <line>', 'where the login rests, as in the input of the action (default: git, on a self-hosted runner: runner)')
      .option('--environment <name>', 'the environment that has the secrets; made if there is none')
      .option('--action <owner/name@commit>', 'the version of the action that the workflows use')
      .option('--pull-request', 'push a branch with the workflows and open a pull request')
      .option('--device', 'log in with a code, on any device, instead of in a browser of this machine')
      .option('--dry-run', 'only say what there is to do')
      .option('--yes', 'ask nothing and take what is proposed')
  },
  examples: [
    ['codex-auth-keeper setup --dry-run', 'what there is to do for the repository you are in'],
    ['codex-auth-keeper setup --store "ssh: codex@logins.example.com:22/srv/codex/auth.json"', 'with the login on a host of yours'],
    ['codex-auth-keeper setup --pull-request', 'all of it, up to a pull request with the workflows'],
    ['codex-auth-keeper setup', 'again when it is merged: starts the first run and follows it'],
  ],
  run: async ({ options }, context) => {
    const asked = ownOptionsOf(options)
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
  store: z.optional(z.string()),
  environment: z.optional(z.string().check(z.trim(), z.regex(/^(?=.*\S)[^\p{Cc}]{1,255}$/u, 'must be the name of an environment'))),
  action: z.optional(z.string().check(z.regex(/^[\w.-]+\/[\w./-]+@[\w./-]+$/, 'must be owner/name@commit'))),
  pullRequest: z._default(z.boolean(), false),
  device: z._default(z.boolean(), false),
  dryRun: z._default(z.boolean(), false),
  yes: z._default(z.boolean(), false),
})
type Asked = z.infer<typeof ownOptions>

/** @throws KeeperError invalid-inputs */
function ownOptionsOf(options: Readonly<Record<string, unknown>>): Asked {
  const result = ownOptions.safeParse(options)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `--${path.join('.')} ${message}.`)
  throw wrongUsage(problems.join(' '), 'Correct it; --help lists all options.')
}

async function setUp(asked: Asked, tempDirectory: string, context: CliContext): Promise<number> {
  const { terminal, questions } = context
  const asksNothing = asked.yes || asked.dryRun
  const chosen = await chosenStore({ runner: asked.runner, store: asked.store }, !asksNothing, context)
  const steps = await terminal.during('Looking at what is there', lookAt({ ...asked, chosen, tempDirectory }, context))
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

function stepCells({ name, state, words }: SetupStep): readonly Parameters<typeof tableLines>[0][number][number][] {
  const mark = { done: good('done'), 'to-do': warning('to do'), later: faint('later') }[state]
  return [mark, name, words]
}
