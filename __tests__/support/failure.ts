import { expect } from '@jest/globals'
import { KeeperError } from '../../src/keeper-error.ts'

/** The KeeperError an operation ends with, checked for what every such error of a store owes its reader. */
export async function failure(operation: Promise<unknown>): Promise<KeeperError> {
  return checkedFailure(
    await operation.then(
      (value: unknown) => value,
      (reason: unknown) => reason,
    ),
  )
}

/** What was thrown, as the KeeperError that it must be; its text may hold no token of a document of `documents.ts`. */
export function checkedFailure(thrown: unknown): KeeperError {
  expect(thrown).toBeInstanceOf(KeeperError)
  const failed = thrown as KeeperError
  expect(failed.code).toMatch(/^store-/)
  expect(failed.message).not.toBe('')
  expect(failed.remedy).not.toBe('')
  expect(`${failed.message} ${failed.remedy}`).not.toMatch(/rt_contract|at_contract/)
  return failed
}
