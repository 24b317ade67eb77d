// Loaded into every Node process of a machine: once the file that STOPWATCH_LEAPS_AT names is there, its stopwatch is that much ahead.
import { existsSync } from 'node:fs'

const elapsed = performance.now.bind(performance)
const leapsAt = process.env['STOPWATCH_LEAPS_AT'] ?? ''
/** Longer than any lease lasts, and shorter than a job waits for one. Milliseconds. */
const leap = 330_000
let ahead = 0

performance.now = () => {
  if (ahead === 0 && existsSync(leapsAt)) ahead = leap
  return elapsed() + ahead
}
