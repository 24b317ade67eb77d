import { KeeperError } from '../keeper-error.ts'

/**
 * What was wrong with the words, flags or variables that the program was started with; it ends with exit code 2.
 * @param remedy the way out
 */
export function wrongUsage(message: string, remedy: string): KeeperError {
  return new KeeperError('invalid-inputs', message, remedy)
}
