/** Variables of a job, as they were before any later step could change them. */
export type Env = Readonly<Record<string, string | undefined>>

/** What @actions/cache 6.3.0 and the HTTP client of the toolkit take from the environment. */
const readByLibrary = /^(ACTIONS_(CACHE_SERVICE_V2|RESULTS_URL|RUNTIME_TOKEN|CACHE_MODE)|GITHUB_SERVER_URL|HOME|(HTTPS?|NO)_PROXY)$/i

/**
 * Puts another environment in place of this process's own, as far as the library reads it: a step of the job may have
 * changed ours, and the programs the library starts need none of our inputs.
 * @returns puts the own one back
 */
export function replaceEnvironment(env: Env, more: Env = {}): () => void {
  const own = process.env
  process.env = { ...Object.fromEntries(Object.entries(env).filter(([variable]) => readByLibrary.test(variable))), ...more }
  return () => {
    process.env = own
  }
}
