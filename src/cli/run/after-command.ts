import { secretValues } from '../../credential/secret-values.ts'
import { observeAuthFile, type ObservedFile } from '../../codex/codex-home.ts'
import { reclaimLeftovers } from '../../codex/leftover-files.ts'
import { findCodexProcesses, waitUntilStill } from '../../codex/stillness.ts'
import { cleanUp } from '../../keeper/clean-up.ts'
import { writeBackLatest } from '../../keeper/latest-write-back.ts'
import { isPutBack } from '../../keeper/put-back.ts'
import { markVariable, type RunJob } from './run-job.ts'
import { runError, runLine, runWarning, writeBackWords } from './run-words.ts'

/** A CI ends what it has cancelled after some minutes, and the command may have taken its time. Seconds. */
const longestAfterSignal = 90

export interface AfterCommand {
  /** Whether a signal has come. */
  readonly isCancelled: boolean
}

/**
 * Puts what Codex has left into every store that is behind, and removes the plaintext where it may.
 * @returns `lost` where a rotated login is in no store; nothing to do where nothing was restored
 */
export async function storeLogin(job: RunJob, { isCancelled }: AfterCommand): Promise<'safe' | 'lost'> {
  const { context, options, places, keeper } = job
  const { standing, installed = false, ownChange, codexProcess } = job.login()
  if (standing === undefined) return 'safe'
  const { terminal, clock } = context
  const { codexHome, stores } = keeper
  await reclaimLeftovers(codexHome)
  const observe = async (): Promise<ObservedFile> => {
    const file = await observeAuthFile(codexHome, clock)
    terminal.secrets.add(secretsOf(file))
    return file
  }
  let isStill: boolean | undefined
  const { request, result } = await writeBackLatest({
    stores,
    standing,
    clock,
    file: await observe(),
    observe: async () => {
      isStill ??= await waitUntilStill({
        codexHome,
        cancelled: isCancelled,
        ownChange,
        started: codexProcess,
        trackingId: job.mark,
        clock,
        codexProcesses: (mark) => findCodexProcesses(mark, markVariable),
      })
      return observe()
    },
    retry: job.retry(isCancelled ? Math.min(options.retryFor, longestAfterSignal) : options.retryFor),
  })
  const putBack = await isPutBack({ codexHome, ownChange, standing }, result)
  const cleaned = await cleanUp({
    inputs: { stores: places.settings },
    state: { codexHome, installed: installed && job.isOurs },
    file: request.file,
    result,
    isStill: isStill === true,
  })
  const { news, warnings, error } = writeBackWords({ result, codexHome, cleaned, isStill: isStill === true, isPutBack: putBack })
  for (const line of news) terminal.say(runLine(line))
  for (const line of warnings) terminal.say(runWarning(line))
  if (error !== undefined) terminal.say(runError(error))
  return result.verdict
}

function secretsOf(file: ObservedFile): string[] {
  switch (file.kind) {
    case 'missing':
      return []
    case 'damaged':
      return secretValues(Buffer.from(file.bytes).toString('utf8'))
    case 'managed':
    case 'unmanaged':
      return secretValues(Buffer.from(file.credential.bytes).toString('utf8'))
  }
}
