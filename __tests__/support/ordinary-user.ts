import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The number of `nobody` on Linux, and on macOS that of no one: a user who owns nothing. */
const nobody = 65_534

/**
 * Lets this process go on as a user whom file modes stop: as nobody where it is root's, else as it is.
 * @returns what ends that; undefined where root cannot become nobody, or nobody cannot make a temporary folder
 */
export function becomeOrdinary(): (() => void) | undefined {
  if (process.geteuid?.() !== 0) return () => undefined
  const end = (): void => {
    process.seteuid?.(0)
  }
  try {
    process.seteuid?.(nobody)
    rmdirSync(mkdtempSync(join(tmpdir(), 'ordinary-user-')))
    return end
  } catch {
    end()
    return undefined
  }
}
