import { networkVariables } from '../process/network-variables.ts'

/** What Codex needs from the job's environment; everything else, above all the inputs, stays out. */
const passed = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TMPDIR',
  'TERM',
  'TZ',
  ...networkVariables,
  'CODEX_CA_CERTIFICATE',
  // Both were found to be loopback, or the run was refused.
  'CODEX_REFRESH_TOKEN_URL_OVERRIDE',
  'CODEX_REVOKE_TOKEN_URL_OVERRIDE',
  'RUNNER_TRACKING_ID',
]

/** The whole environment of a Codex process that the keeper starts. */
export function codexEnvironment(env: Readonly<Record<string, string | undefined>>, codexHome: string): Record<string, string> {
  const kept = passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))
  return { ...(Object.fromEntries(kept) as Record<string, string>), CODEX_HOME: codexHome }
}
