import type { Masks } from './masks.ts'

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  /** As the run's page shows it: masked. */
  readonly message: string
  /** The annotation's own heading and place, masked: `title`, `file`, `line`. */
  readonly properties: Readonly<Record<string, string>>
  readonly step: string
  readonly stage: string
}

/** What a workflow command asks the runner to do beyond the log. */
export interface CommandEffects {
  /** `::save-state name=…::` and `::set-output name=…::`, still accepted beside the files. */
  pair(kind: 'state' | 'output', name: string, value: string): void
  /** A command that the runner refuses, which fails the step. */
  failed(): void
}

/** The log of one stage, as a person sees it. */
export interface StageLog {
  readonly lines: readonly string[]
  /** A line of the runner itself. */
  write(line: string): void
  debug(message: string): void
  annotate(level: Annotation['level'], message: string): void
  /** A line that the step printed, with the workflow commands in it carried out. */
  output(line: string): void
}

export interface StageLogOptions {
  readonly step: string
  readonly stage: string
  readonly masks: Masks
  readonly stepDebug: boolean
  readonly annotations: Annotation[]
  readonly effects: CommandEffects
}

const commandNames = new Set([
  'set-env',
  'add-path',
  'set-output',
  'save-state',
  'add-mask',
  'add-matcher',
  'remove-matcher',
  'debug',
  'notice',
  'warning',
  'error',
  'echo',
  'group',
  'endgroup',
  'stop-commands',
])

export function createStageLog(options: StageLogOptions): StageLog {
  const { masks, step, stage } = options
  const lines: string[] = []
  let resumeAt: string | undefined
  let echo = options.stepDebug

  const write = (line: string): void => {
    lines.push(...masks.apply(line).split('\n'))
  }
  const debug = (message: string): void => {
    if (options.stepDebug) write(`##[debug]${message}`)
  }
  const annotate = (level: Annotation['level'], message: string, properties: Record<string, string> = {}): void => {
    const masked = Object.entries(properties).map(([name, value]) => [name, masks.apply(value)] as const)
    options.annotations.push({ level, message: masks.apply(message), properties: Object.fromEntries(masked), step, stage })
    write(`##[${level}]${message}`)
  }

  const carryOut = (command: Command, line: string): void => {
    const { name, data, properties } = command
    if (echo && name !== 'add-mask' && !['debug', 'notice', 'warning', 'error', 'echo'].includes(name)) write(line)
    switch (name) {
      case 'add-mask':
        if (data.trim() === '') annotate('warning', "Can't add secret mask for empty string in ##[add-mask] command.")
        else {
          if (echo) write('::add-mask::***')
          masks.add(data)
        }
        break
      case 'debug':
        debug(data)
        break
      case 'error':
      case 'warning':
      case 'notice':
        annotate(name, data, properties)
        break
      case 'group':
        write(`##[group]${data}`)
        break
      case 'endgroup':
        write('##[endgroup]')
        break
      case 'echo':
        echo = data.toLowerCase() === 'on'
        break
      case 'stop-commands':
        resumeAt = data
        break
      case 'save-state':
      case 'set-output':
        options.effects.pair(name === 'save-state' ? 'state' : 'output', properties['name'] ?? '', data)
        break
      case 'set-env':
      case 'add-path':
        annotate('error', `Unable to process command '${line}' successfully.`)
        options.effects.failed()
        break
      default:
        break
    }
  }

  return {
    lines,
    write,
    debug,
    annotate,
    output: (line) => {
      const isKnown = (command: Command | undefined): boolean =>
        command !== undefined && (commandNames.has(command.name) || command.name === resumeAt)
      const command = [parseCommand(line), parseOldCommand(line)].find(isKnown)
      if (resumeAt !== undefined) {
        if (command?.name === resumeAt) resumeAt = undefined
        else write(line)
      } else if (command) carryOut(command, line)
      else write(line)
    },
  }
}

interface Command {
  readonly name: string
  readonly properties: Record<string, string>
  readonly data: string
}

/** `::name key=value,key=value::data`, with the runner's own escapes undone; undefined when it is an ordinary line. */
function parseCommand(line: string): Command | undefined {
  const match = /^\s*::([^\s:]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::([\s\S]*)$/.exec(line)
  if (!match) return undefined
  const [, name = '', listed = '', data = ''] = match
  const pairs = listed
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair.includes('='))
    .map((pair) => [pair.slice(0, pair.indexOf('=')), unescapeProperty(pair.slice(pair.indexOf('=') + 1))] as const)
  return { name, properties: Object.fromEntries(pairs), data: unescapeData(data) }
}

/** `##[name key=value;key=value]data`, wherever in a line it stands: the older form, which the runner still takes. */
function parseOldCommand(line: string): Command | undefined {
  const [, name, listed = '', data = ''] = /##\[([^\s\]]+)(?: ([^\]]*))?\]([\s\S]*)$/.exec(line) ?? []
  if (name === undefined) return undefined
  const pairs = listed
    .split(';')
    .filter((pair) => pair.includes('='))
    .map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), unescapeData(pair.slice(pair.indexOf('=') + 1))] as const)
  return { name, properties: Object.fromEntries(pairs), data: unescapeData(data) }
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))
}
