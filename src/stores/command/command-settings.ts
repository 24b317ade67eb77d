import { judgeTool, problemsOf, type Judged, type StoreLine } from '../store-line.ts'
import type { CommandStoreOptions } from './command-store.ts'

/** Judges the line `command`. To bash, no command at all is one that succeeded: an empty place, and a write that was taken. */
export function judgeCommand(line: StoreLine): Judged<CommandStoreOptions> {
  const { name, given, run } = line
  const bash = judgeTool(line, 'bash')
  const commands = judgeCommands(given)
  if (commands.kind === 'problems' || bash.kind === 'problems') return { kind: 'problems', problems: problemsOf(commands, bash) }
  return {
    kind: 'settings',
    settings: {
      name,
      slot: given.slot,
      ...commands.settings,
      bash: bash.settings,
      env: run.userEnv,
      cwd: run.workspace ?? run.tempDirectory,
    },
  }
}

function judgeCommands({
  readCommand,
  writeCommand,
}: StoreLine['given']): Judged<Pick<CommandStoreOptions, 'readCommand' | 'writeCommand'>> {
  if (!readCommand?.trim() || !writeCommand?.trim()) {
    return { kind: 'problems', problems: ['read-command and write-command are both needed by the store command.'] }
  }
  return { kind: 'settings', settings: { readCommand, writeCommand } }
}
