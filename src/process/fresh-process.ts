import { networkVariables } from './network-variables.ts'

/**
 * Variables that the dynamic linker, OpenSSL or Node has read before any of our code ran (a proxy for all requests with
 * NODE_USE_ENV_PROXY, a further authority with NODE_EXTRA_CA_CERTS): to take them out of the environment is too late for
 * this process.
 */
const readAtStart = /^(NODE|LD|DYLD|OPENSSL)_|^SSL_CERT_/

/**
 * Whether a process that started with these variables must not do the work itself.
 * @param changed what a step had set or changed
 * @param env the rest: a job that tells Node to use its proxy has done so before a step named another one
 */
export function needsFreshProcess(changed: readonly string[], env: Readonly<Record<string, string | undefined>>): boolean {
  const proxyWasRead = ['NODE_USE_ENV_PROXY', 'NODE_OPTIONS'].some((name) => env[name])
  return changed.some((name) => readAtStart.test(name) || (proxyWasRead && networkVariables.includes(name)))
}

/**
 * Runs this script again, in a process that starts with the environment as it is now, shows in the log what it prints, and
 * ends as it ended. It has no time limit: it does all the work that this process would have done.
 */
export async function runAfresh(): Promise<void> {
  const { exec } = await import('@actions/exec')
  // It splits the program's path at blanks, and a step may have deleted the working directory.
  const code = await exec(`"${process.execPath}"`, process.argv.slice(1), {
    env: { ...process.env } as Record<string, string>,
    cwd: '/',
    ignoreReturnCode: true,
  })
  // Not a number when a signal ended it.
  process.exitCode = Number.isInteger(code) ? code : 1
}
