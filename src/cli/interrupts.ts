import { constants } from 'node:os'

/** What is to be undone when the program is ended from outside, and who is told of it. */
export interface Interrupts {
  /**
   * Has something done should Ctrl-C, SIGTERM or SIGHUP end the program: a folder removed, a child ended. The latest is done first.
   * @returns takes it back, for when it has been done
   */
  onInterrupt(cleanUp: () => Promise<void> | void): () => void
  /**
   * Gives signals to somebody else (`run` passes them on to its command) instead of ending the program.
   * @returns gives them back
   */
  takeOver(handler: (signal: InterruptSignal) => void): () => void
  /** Whether somebody has them now. */
  isTakenOver(): boolean
  /** Does all that is to be undone and ends the program as that signal would have. */
  end(signal: InterruptSignal): Promise<never>
  /** Aborted when a signal has come. */
  readonly signal: AbortSignal
  /** Stops to listen. */
  close(): void
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type InterruptSignal = (typeof signals)[number]

/** So long may a clean-up take before the program ends without it. Milliseconds. */
const patience = 5_000

/** Listens to the signals that end a program. @param exit ends the process */
export function listenToInterrupts(exit: (code: number) => never = (code) => process.exit(code)): Interrupts {
  const cleanUps: (() => Promise<void> | void)[] = []
  const aborting = new AbortController()
  let taker: ((signal: InterruptSignal) => void) | undefined
  let ending: Promise<never> | undefined
  const undo = async (): Promise<void> => {
    for (const cleanUp of cleanUps.splice(0).reverse()) {
      try {
        await cleanUp()
      } catch {
        // The others are still to be done.
      }
    }
  }
  const end = (signal: InterruptSignal): Promise<never> => {
    ending ??= (async () => {
      aborting.abort()
      let limit: NodeJS.Timeout | undefined
      const tooLong = new Promise((resolve) => {
        limit = setTimeout(resolve, patience)
      })
      await Promise.race([undo(), tooLong])
      clearTimeout(limit)
      return exit(128 + constants.signals[signal])
    })()
    return ending
  }
  const heard = (signal: InterruptSignal): void => {
    if (taker !== undefined) taker(signal)
    else void end(signal)
  }
  for (const signal of signals) process.on(signal, heard)
  return {
    onInterrupt(cleanUp) {
      cleanUps.push(cleanUp)
      return () => {
        const index = cleanUps.indexOf(cleanUp)
        if (index !== -1) cleanUps.splice(index, 1)
      }
    },
    takeOver(handler) {
      taker = handler
      return () => {
        if (taker === handler) taker = undefined
      }
    },
    isTakenOver: () => taker !== undefined,
    end,
    signal: aborting.signal,
    close() {
      for (const signal of signals) process.off(signal, heard)
    },
  }
}
