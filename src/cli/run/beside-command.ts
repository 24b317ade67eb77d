import { watchAuthFile } from '../../codex/auth-file-changes.ts'
import { writeThrough } from '../../keeper/write-through.ts'
import { inTime } from '../../process/in-time.ts'
import type { RunJob } from './run-job.ts'

/** How long a write in progress may take once the command has ended. Milliseconds. */
const lastWrite = 12_000

/** What stores rotations while the command runs. */
export interface Beside {
  /** Ends it, waits for what it is writing, and takes over what it knows. */
  end(): Promise<void>
}

/** Watches `auth.json` in this very process, which is there until the command has ended anyway. */
export async function watchBeside({ options, keeper, login }: RunJob): Promise<Beside> {
  const { standing } = login()
  if (options.writeThrough === 'never' || standing === undefined) return { end: () => Promise.resolve() }
  const changes = await watchAuthFile(keeper.codexHome)
  let isOver = false
  const working = writeThrough({
    ...keeper,
    standing,
    changes,
    isOver: () => isOver,
    remember: (ours) => {
      keeper.state.update({ standing: { ...standing, ours } })
      return Promise.resolve()
    },
  }).catch(() => undefined) // What it leaves undone is done after the command.
  return {
    end: async () => {
      isOver = true
      changes.wake()
      await inTime(working, lastWrite)
      changes.close()
    },
  }
}
