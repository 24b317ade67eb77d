import { constants } from 'node:os'
import type { CommandModule } from '../command-module.ts'
import { exitCodes } from '../exit-code.ts'
import { openPlaces } from '../places.ts'
import { storeLogin } from '../run/after-command.ts'
import { prepareLogin } from '../run/before-command.ts'
import { watchBeside } from '../run/beside-command.ts'
import { outsideWorkspace } from '../run/ci-workspace.ts'
import { findCommand, startCommand, type CommandEnd, type CommandRequest } from '../run/command.ts'
import { markVariable, runJob, type RunJob } from '../run/run-job.ts'
import { describeRunOptions, runOptions } from '../run/run-options.ts'
import { runError, runWarning } from '../run/run-words.ts'
import { hearSignals, type Signals } from '../run/signals.ts'
import { tellError } from '../tell-error.ts'

/** The whole keeper around one command, for every CI, cron and systemd. */
export const run: CommandModule = {
  describe: (command) => {
    describeRunOptions(command)
      .usage('[options] -- COMMAND...')
      .argument('<command...>', 'what to run, behind --')
      .addHelpText(
        'after',
        '\nThe newest login is put into CODEX_HOME, refreshed where it is due, and each refresh is stored as soon as Codex has written it.\n' +
          'The command has the input and output of this program, gets its signals, and none of the CODEX_AUTH_ variables.\n' +
          'What the program itself says goes to stderr.\n\n' +
          'Exit code: that of the command, and 1 where that was 0 and a refreshed login could not be stored; 3 where a person must log in\n' +
          'before it can start; 126 and 127 where it cannot be executed or found; 128 and the number of the signal that ended it.',
      )
  },
  examples: [
    [
      'codex-auth-keeper run --store runner:/var/lib/codex-auth -- codex exec "Summarise the open issues."',
      'on a machine that stays: cron, a systemd timer',
    ],
    [
      'codex-auth-keeper run --store "git: https://git.example.com/your-org/codex-auth" -- codex exec "Review the last commit."',
      'in any CI (CODEX_AUTH_SEED, CODEX_AUTH_KEY, CODEX_AUTH_STORE_TOKEN)',
    ],
    [
      'codex-auth-keeper run --store ssh:ci@build-1.example.com/home/ci/auth.json --codex-home ~/.codex-ci --refresh always -- true',
      'only keeps a login fresh',
    ],
  ],
  run: async ({ args, options }, context) => {
    const wanted = runOptions(options)
    const { shared } = context.environment
    const own = outsideWorkspace(context)
    const places = await openPlaces(wanted.places, own)
    try {
      const job = runJob(wanted, places, own)
      const found = findCommand(args[0] ?? '', shared['PATH'] ?? '', context.cwd)
      if (found.kind === 'found') return await keepAround(job, { program: found.program, words: args, env: shared })
      context.terminal.say(runError(found.why))
      return found.code
    } finally {
      await places.close()
    }
  },
}

/** As it was given, and with the environment that was given. */
type GivenCommand = Omit<CommandRequest, 'cwd'>

/** Restores, runs, and stores; whatever happens in between, what Codex has refreshed is looked after. */
async function keepAround(job: RunJob, command: GivenCommand): Promise<number> {
  const signals = hearSignals(job)
  try {
    try {
      await prepareLogin(job, ({ credential, origin }) => {
        if (job.isOurs && origin.kind === 'store') signals.mayRemove(credential.bytes)
      })
    } catch (error) {
      await stored(job, signals)
      throw error
    }
    const end = signals.cancelledBy() === undefined ? await runToItsEnd(job, command, signals) : undefined
    const isLost = (await stored(job, signals)) === 'lost'
    const code = codeOf(end, signals)
    return code === exitCodes.well && isLost ? exitCodes.failed : code
  } finally {
    signals.giveBack()
  }
}

/** The command, and beside it what stores the login each time that Codex has refreshed it. */
async function runToItsEnd(job: RunJob, command: GivenCommand, signals: Signals): Promise<CommandEnd> {
  const { terminal, cwd } = job.context
  const beside = await watchBeside(job)
  const env = { ...command.env, CODEX_HOME: job.keeper.codexHome, [markVariable]: job.mark }
  const running = startCommand({ ...command, env, cwd })
  signals.passTo(running)
  const end = await running.end
  if (end.kind === 'not-started') terminal.say(runError(end.why))
  if (end.kind === 'left') terminal.say(runWarning(`The command (process ${end.pid}) goes on although it was told to end.`))
  await beside.end()
  return end
}

/** @param end undefined where a signal came before the command */
function codeOf(end: CommandEnd | undefined, signals: Signals): number {
  if (end !== undefined && end.kind !== 'left') return end.code
  const signal = signals.cancelledBy()
  return signal === undefined ? exitCodes.failed : 128 + constants.signals[signal]
}

/** What goes wrong here must not hide how the command has ended. */
async function stored(job: RunJob, signals: Signals): Promise<'safe' | 'lost'> {
  try {
    return await storeLogin(job, { isCancelled: signals.cancelledBy() !== undefined })
  } catch (error) {
    tellError(error, job.context.terminal)
    return 'lost'
  }
}
