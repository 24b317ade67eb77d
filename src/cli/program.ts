import { Command, CommanderError } from 'commander'
import type { CommandModule } from './command-module.ts'
import { commands, type CommandEntry } from './commands.ts'
import type { CliContext } from './context.ts'
import { secretVariables } from './environment.ts'
import { exitCodes } from './exit-code.ts'
import { wrongUsage } from './wrong-usage.ts'

export const programName = 'codex-auth-keeper'

/** Where help goes to, and how wide it may be. */
export interface HelpOutput {
  readonly print: (text: string) => void
  readonly columns: number | undefined
}

/**
 * Reads the words of the command line and runs the command that they name.
 * @returns the exit code
 * @throws KeeperError invalid-inputs for words that mean nothing; whatever the command throws
 */
export async function runProgram(words: readonly string[], version: string, context: CliContext): Promise<number> {
  const { terminal } = context
  const named = commands.find(({ name }) => name === commandWord(words))
  const { program, command, module } = await describedProgram(version, named, { print: terminal.printText, columns: terminal.columns })
  let code: number = exitCodes.well
  command?.action(async () => {
    code = (await module?.run({ args: command.args, options: command.opts() }, context)) ?? code
  })
  if (words.length === 0) {
    program.outputHelp()
    return exitCodes.wrongUsage
  }
  try {
    await program.parseAsync(words, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw misunderstood(error, named)
  }
  return code
}

/** The help of the program, or of one command, as `--help` prints it. */
export async function helpText(named: CommandEntry | undefined, columns: number): Promise<string> {
  let text = ''
  const print = (part: string): void => {
    text += part
  }
  const { program, command } = await describedProgram('', named, { print, columns })
  ;(command ?? program).outputHelp()
  return text
}

interface DescribedProgram {
  readonly program: Command
  /** The one that was named, with its options; the others are known by their names. */
  readonly command: Command | undefined
  readonly module: CommandModule | undefined
}

async function describedProgram(version: string, named: CommandEntry | undefined, output: HelpOutput): Promise<DescribedProgram> {
  const program = describeProgram(version, output)
  const module = await named?.load()
  for (const entry of commands) {
    const command = program.command(entry.name).description(entry.summary)
    if (entry === named && module !== undefined) describeCommand(command, module)
  }
  return { program, command: program.commands.find((command) => command.name() === named?.name), module }
}

function describeProgram(version: string, { print, columns }: HelpOutput): Command {
  return new Command(programName)
    .description(
      'Keeps a ChatGPT login of the Codex CLI alive: one keeper for this machine, your hosts, and the stores that your CI uses.\n' +
        'A secret is never given on the command line, but in a variable of the environment.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: () => undefined,
      outputError: () => undefined,
      getOutHelpWidth: () => columns ?? 120,
      getOutHasColors: () => false,
    })
    .addHelpText('after', environmentHelp)
}

function describeCommand(command: Command, module: CommandModule): void {
  command.allowExcessArguments(false)
  module.describe(command)
  command.addHelpText('after', examplesHelp(module))
}

const environmentHelp = `
Environment:
${aligned(Object.entries(secretVariables))}
  GITHUB_API_URL, GITHUB_SERVER_URL   where GitHub is, if not at github.com

Exit codes:
  0 well, 1 failed, 2 wrong usage, 3 a person must log in
`

function examplesHelp({ examples }: CommandModule): string {
  return `\nExamples:\n${examples.map(([line, what]) => `  # ${what}\n  ${line}`).join('\n')}\n`
}

function aligned(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, what]) => `  ${name.padEnd(width)}   ${what}`).join('\n')
}

/** The first word that is no option. */
function commandWord(words: readonly string[]): string | undefined {
  const plain = words.filter((word) => !word.startsWith('-'))
  return plain[0] === 'help' ? plain[1] : plain[0]
}

function misunderstood({ message }: CommanderError, named: CommandEntry | undefined): Error {
  const words = message.replace(/^error: /, '').replaceAll('\n', ' ')
  const help = [programName, ...(named ? [named.name] : []), '--help'].join(' ')
  return wrongUsage(`${words.charAt(0).toUpperCase()}${words.slice(1)}`, `"${help}" shows what there is.`)
}
