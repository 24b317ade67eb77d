import { isAbsolute, join } from 'node:path'
import { isInside, realPlace } from '../paths.ts'
import { authFileIn } from './codex-home.ts'
import { configHazards } from './config-hazards.ts'
import type { Hazard } from './hazard.ts'
import { isLoopback } from './url-hosts.ts'

/** Where the login will lie, and what of the job can get in its way. */
export interface Surroundings {
  readonly codexHome: string
  /** The account id of the login, to compare with a workspace that the config forces; undefined where none is known. */
  readonly accountId: string | undefined
  readonly workspace: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** How many jobs the matrix of this job makes, 1 without a matrix. */
  readonly jobTotal: number
  /** The login is to be refreshed soon, by whoever comes first. */
  readonly due: boolean
  readonly guard: SpendingGuard
  /** Codex reads these before the one in CODEX_HOME. */
  readonly systemConfigs?: readonly string[]
}

/** What keeps jobs that run side by side from spending one refresh token twice: a lease, or else why there is none. */
export type SpendingGuard = 'lease' | 'no-lease' | 'no-codex' | 'never-refreshed'

const defaultSystemConfigs = ['/etc/codex/config.toml', '/etc/codex/managed_config.toml']

/** All hazards at hand, worst first. Facts about Codex: measured on 0.169.0. */
export async function findHazards(surroundings: Surroundings): Promise<Hazard[]> {
  const { codexHome, workspace, env, accountId } = surroundings
  const configs = [...(surroundings.systemConfigs ?? defaultSystemConfigs), join(codexHome, 'config.toml')]
  const hazards = [
    ...workspaceHazards(codexHome, workspace),
    ...environmentHazards(env),
    ...matrixHazards(surroundings),
    ...(await Promise.all(configs.map((path) => configHazards({ path, accountId, codexHome })))).flat(),
  ]
  const order = ['refuse', 'warn', 'note']
  return hazards.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
}

function workspaceHazards(codexHome: string, workspace: string | undefined): Hazard[] {
  if (workspace === undefined || workspace === '') return []
  if (!isAbsolute(codexHome)) {
    return [
      {
        severity: 'refuse',
        message: `CODEX_HOME (${codexHome}) is not an absolute path, and nothing expands a ~ in the env of a workflow.`,
        remedy: 'Use an absolute path: set the input codex-home, for example to ${{ runner.temp }}/codex-home.',
      },
    ]
  }
  const place = realPlace(workspace)
  const isHome = isInside(realPlace(codexHome), place)
  if (!isHome && !isInside(realPlace(authFileIn(codexHome)), place)) return []
  return [
    {
      severity: 'refuse',
      message: `${isHome ? `CODEX_HOME (${codexHome})` : `What ${authFileIn(codexHome)} links to`} is inside the workspace, where a checkout deletes it and a commit or an upload publishes it.`,
      remedy: isHome
        ? 'Set codex-home to a directory outside the workspace, for example ${{ runner.temp }}/codex-home.'
        : 'Remove that link, or set codex-home to another directory, for example ${{ runner.temp }}/codex-home.',
    },
  ]
}

function environmentHazards(env: Surroundings['env']): Hazard[] {
  const hazards: Hazard[] = []
  if (env['CODEX_ACCESS_TOKEN']) {
    hazards.push({
      severity: 'refuse',
      message: 'CODEX_ACCESS_TOKEN is set: Codex uses it instead of auth.json, and never refreshes the login.',
      remedy: 'Remove CODEX_ACCESS_TOKEN from the environment, or do without the keeper.',
    })
  }
  for (const name of ['CODEX_REFRESH_TOKEN_URL_OVERRIDE', 'CODEX_REVOKE_TOKEN_URL_OVERRIDE']) {
    const url = env[name]
    if (url && !isLoopback(url)) {
      hazards.push({
        severity: 'refuse',
        message: `${name} is set: Codex would send the refresh token to a server other than OpenAI's.`,
        remedy: `Remove ${name} from the environment. If you did not set it, find out who did.`,
      })
    }
  }
  if (env['CODEX_API_KEY']) {
    hazards.push({
      severity: 'warn',
      message: 'CODEX_API_KEY is set: codex exec bills its model calls to that key, and still refreshes the ChatGPT login.',
      remedy: 'Remove CODEX_API_KEY from the environment to use the ChatGPT login, or do without the keeper to use the key.',
    })
  }
  const rerouting = Object.keys(env).filter(
    (name) =>
      env[name] &&
      (['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'].includes(name) ||
        name.startsWith('CODEX_APP_SERVER_')),
  )
  if (rerouting.length > 0) {
    hazards.push({
      severity: 'note',
      message: `${rerouting.join(', ')}: whoever sets ${rerouting.length === 1 ? 'this' : 'these'} decides which server or certificate Codex trusts.`,
      remedy: 'Nothing to do if this machine needs it.',
    })
  }
  return hazards
}

/** Side by side, jobs harm each other only when two of them spend the same refresh token. */
function matrixHazards({ jobTotal, due, guard }: Surroundings): Hazard[] {
  // A login that is not due is spent by nobody while this job runs, where it is refreshed early at all.
  if (jobTotal <= 1 || guard === 'lease' || (guard !== 'no-lease' && !due)) return []
  const shared = `This job is one of ${jobTotal} in a matrix; they run side by side and share one login, whose refresh token works once.`
  switch (guard) {
    case 'no-lease':
      return [
        {
          severity: 'warn',
          message: `${shared} No store listed here holds a lease, so ${due ? 'this job may spend the token while another one does: the login is due' : 'as soon as the login is due, two of them may spend it'}.`,
          remedy: 'Keep the login in git, ssh or runner, or set max-parallel: 1, or give each matrix job a login and a slot of its own.',
        },
      ]
    case 'no-codex':
      return [
        {
          severity: 'warn',
          message: `${shared} The login is due, and there is no Codex CLI in PATH yet, so this job cannot take its turn: its Codex will refresh later, maybe while another one does.`,
          remedy: 'Install Codex before this step.',
        },
      ]
    case 'never-refreshed':
      return [
        {
          severity: 'warn',
          message: `${shared} The login is due, and with refresh: never this job does not take its turn: its Codex will refresh later, maybe while another one does.`,
          remedy: 'Set refresh: auto.',
        },
      ]
  }
}
