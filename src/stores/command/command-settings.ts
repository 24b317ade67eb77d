import { judgeTool, problemsOf, type Judged, type StoreLine } from '../store-line.ts'
import type { CommandStoreOptions } from './command-store.ts'
import { workspaceFilesIn } from './workspace-files.ts'

export interface CommandSettings extends Omit<CommandStoreOptions, 'cwd'> {
  /** Emptied by the runner before and after each job. */
  readonly tempDirectory: string
}

/** Judges the line `command`. To bash, no command at all is one that succeeded: an empty place, and a write that was taken. */
export function judgeCommand(line: StoreLine): Judged<CommandSettings> {
  const { name, given, run } = line
  const bash = judgeTool(line, 'bash')
  const commands = judgeCommands(line)
  if (commands.kind === 'problems' || bash.kind === 'problems') return { kind: 'problems', problems: problemsOf(commands, bash) }
  return {
    kind: 'settings',
    settings: {
      name,
      slot: given.slot,
      ...commands.settings,
      bash: bash.settings,
      env: run.userEnv,
      tempDirectory: run.tempDirectory,
    },
  }
}

function judgeCommands({
  given: { readCommand, writeCommand, proveCommand },
  run: { workspace, hasNextStage },
}: StoreLine): Judged<Pick<CommandStoreOptions, 'readCommand' | 'writeCommand' | 'proveCommand'>> {
  if (!readCommand?.trim() || !writeCommand?.trim()) {
    return { kind: 'problems', problems: ['read-command and write-command are both needed by the store command.'] }
  }
  // At restore alone: by post a step may have made what was not there, and that is not a reason to lose a login.
  const named = workspace && hasNextStage ? workspaceFilesIn([readCommand, writeCommand, proveCommand ?? ''].join('\n'), workspace) : []
  if (named.length === 0)
    return { kind: 'settings', settings: { readCommand, writeCommand, ...(proveCommand?.trim() && { proveCommand }) } }
  return {
    kind: 'problems',
    problems: [
      `read-command, write-command and prove-command must name nothing in the workspace (${named.join(', ')}): what the model runs may write there, and the post step would hand the login to what is there by then. ` +
        'Copy it to "$RUNNER_TEMP" in a step before this one (cp scripts/store.sh "$RUNNER_TEMP/") and name it there, or write the commands into the inputs.',
    ],
  }
}
