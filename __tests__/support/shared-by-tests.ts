import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder that all tests of one run have together; undefined outside of one, as in the demo. */
export function sharedFolder(): string | undefined {
  return process.env['SHARED_BY_TESTS']
}

/**
 * Makes something in a folder of its own, once for all tests of a run, in whichever process comes first; the others wait for it.
 * @param make what it returns survives JSON
 */
export function madeOnce<Made>(name: string, make: (folder: string) => Made): Made {
  const shared = sharedFolder()
  if (shared === undefined) throw new Error('There is no folder that tests share: they are run by "npm test".')
  const [folder, answer] = [join(shared, name), join(shared, `${name}.json`)]
  if (!isFirst(folder)) return answered(answer) as Made
  let outcome: Outcome = { error: `${name} could not be made.` }
  try {
    const made = make(folder)
    outcome = { made }
    return made
  } finally {
    writeFileSync(`${answer}.new`, JSON.stringify(outcome))
    renameSync(`${answer}.new`, answer)
  }
}

type Outcome = { readonly made: unknown } | { readonly error: string }

function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    // Jest's tests have an Error of their own, which Node's are no instances of.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function answered(file: string): unknown {
  const clock = new Int32Array(new SharedArrayBuffer(4))
  while (!existsSync(file)) Atomics.wait(clock, 0, 0, 20)
  const outcome = JSON.parse(readFileSync(file, 'utf8')) as Outcome
  if ('error' in outcome) throw new Error(outcome.error)
  return outcome.made
}
