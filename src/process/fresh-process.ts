import { once } from 'node:events'
import { constants } from 'node:os'

/**
 * Variables that the dynamic linker, OpenSSL or Node has read before any of our code ran (a proxy for all requests with
 * NODE_USE_ENV_PROXY, a further authority with NODE_EXTRA_CA_CERTS): to take them out of the environment is too late for
 * this process.
 */
const readAtStart = /^(NODE|LD|DYLD|OPENSSL)_|^SSL_CERT_/

/** Whether a process that started with these variables must not do the work itself. */
export function needsFreshProcess(changed: readonly string[]): boolean {
  return changed.some((name) => readAtStart.test(name))
}

/** Runs this script again, in a process that starts with the environment as it is now, and ends as it ended. */
export async function runAfresh(): Promise<void> {
  const { spawn } = await import('node:child_process')
  const child = spawn(process.execPath, process.argv.slice(1), { env: process.env, stdio: 'inherit' })
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
}
