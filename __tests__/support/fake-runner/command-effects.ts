import { parsePairs } from './command-files.ts'
import type { CommandFile } from './command-files.ts'
import type { JobState } from './job-state.ts'
import { saveState } from './job-state.ts'
import type { StageRun } from './stage.ts'
import type { StageLog } from './workflow-log.ts'

const summaryLimit = 1024 * 1024

export interface StageYield {
  readonly log: StageLog
  /** What commands have set already; the files' pairs are added. */
  readonly outputs: Record<string, string>
  readonly saved: Record<string, string>
}

/** Takes over a stage's command files, whatever its outcome. Not `readable` means that the step fails for it. */
export function applyCommandFiles(
  state: JobState,
  { step }: StageRun,
  texts: Readonly<Record<CommandFile, string>>,
  { log, outputs, saved }: StageYield,
): { readable: boolean; summary: string } {
  let readable = true
  const guarded = (file: CommandFile, take: () => void): void => {
    try {
      take()
    } catch (error) {
      log.annotate('error', `Unable to process file command '${file}' successfully.`)
      log.annotate('error', error instanceof Error ? error.message : String(error))
      readable = false
    }
  }
  guarded('path', () => {
    for (const line of texts.path.split('\n').filter((text) => text !== '')) {
      const already = state.path.indexOf(line)
      if (already >= 0) state.path.splice(already, 1)
      state.path.push(line)
    }
  })
  guarded('env', () => {
    for (const [name, value] of parsePairs(texts.env)) {
      if (name.toUpperCase() === 'NODE_OPTIONS') {
        log.annotate('error', "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.")
        continue
      }
      state.env.set(name, value)
      log.debug(`${name}='${value}'`)
    }
  })
  guarded('output', () => {
    for (const [name, value] of parsePairs(texts.output)) {
      outputs[name] = value
      log.debug(`Set output ${name} = ${value}`)
    }
  })
  guarded('state', () => {
    for (const [name, value] of parsePairs(texts.state)) {
      saved[name] = value
      log.debug(`Save intra-action state ${name} = ${value}`)
    }
  })
  for (const [name, value] of Object.entries(saved)) saveState(state, step.id, name, value)
  return { readable, summary: maskedSummary(state, texts.summary, log) }
}

function maskedSummary(state: JobState, text: string, log: StageLog): string {
  if (Buffer.byteLength(text) > summaryLimit) {
    log.annotate('error', '$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k')
    return ''
  }
  return text
    .split('\n')
    .map((line) => state.masks.apply(line))
    .join('\n')
}
