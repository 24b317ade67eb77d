import { preload } from './fake-runner/as-javascript.ts'
import type { Machine } from './fake-runner/machine.ts'

/** The machine, with a stopwatch that is fast at first, so that nobody has to wait five minutes for a lease to run out. */
export function withFastStopwatch(machine: Machine): Machine {
  return withStopwatch(machine, 'fast-stopwatch.ts')
}

/** The machine, with a stopwatch that leaps ahead when this file appears, so that a lease seen before has run out, and no other. */
export function withLeapingStopwatch(machine: Machine, leapsAt: string): Machine {
  Object.assign(machine.env, { STOPWATCH_LEAPS_AT: leapsAt })
  return withStopwatch(machine, 'leaping-stopwatch.ts')
}

function withStopwatch(machine: Machine, module: string): Machine {
  const stopwatch = preload(new URL(module, import.meta.url))
  Object.assign(machine.env, { NODE_OPTIONS: `${machine.env['NODE_OPTIONS'] ?? ''} ${stopwatch}`.trim() })
  return machine
}
