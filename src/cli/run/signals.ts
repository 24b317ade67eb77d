import { removeAuthFile } from '../../codex/codex-home.ts'
import type { InterruptSignal } from '../interrupts.ts'
import type { RunningCommand } from './command.ts'
import type { RunJob } from './run-job.ts'

/** What becomes of the signals that end a program, from the first look at the login to the last write-back. */
export interface Signals {
  /** The first that has asked for an end. */
  cancelledBy(): InterruptSignal | undefined
  /** This document lies in `CODEX_HOME` because of us, and a store holds it: it goes should a signal come before the command. */
  mayRemove(document: Uint8Array): void
  /** From now on the command gets them. */
  passTo(command: RunningCommand): void
  /** To the program again. */
  giveBack(): void
}

/**
 * Before the command a signal ends the program at once, unless Codex may have spent the refresh token by then; after it, a signal
 * cuts no write-back short.
 */
export function hearSignals({ context: { interrupts }, keeper: { codexHome }, hasAskedCodex }: RunJob): Signals {
  let cancelledBy: InterruptSignal | undefined
  let command: RunningCommand | undefined
  let isRestoring = true
  const giveBack = interrupts.takeOver((signal) => {
    if (command?.signal(signal) === 'typed') return
    cancelledBy ??= signal
    if (isRestoring && !hasAskedCodex()) void interrupts.end(signal)
  })
  return {
    cancelledBy: () => cancelledBy,
    mayRemove: (document) => {
      interrupts.onInterrupt(async () => {
        await removeAuthFile(codexHome, document)
      })
    },
    passTo: (running) => {
      command = running
      isRestoring = false
      if (cancelledBy !== undefined) running.signal(cancelledBy)
    },
    giveBack,
  }
}
