import type { ManagedCredential } from '../../credential/auth-json.ts'
import { noCodexToRefresh, noCodexToTest, requireLogin, smokeTestRefused } from '../../keeper/refresh-refusals.ts'
import { refreshEarly, type Refresh } from '../../keeper/refresh.ts'
import { leaseWords } from '../../keeper/lease-words.ts'
import { readSeed } from '../../keeper/read-seed.ts'
import { restore, type Restored } from '../../keeper/restore.ts'
import type { Turn } from '../../keeper/right-to-spend.ts'
import { proveLogin } from '../../keeper/smoke-test.ts'
import { whoWrites } from '../places.ts'
import { ciWorkspace } from './ci-workspace.ts'
import type { RunJob } from './run-job.ts'
import { loginLine, refreshLines, restoreLines, runLine, runWarning } from './run-words.ts'

/**
 * Restores the login, and refreshes and proves it where that is asked for.
 * @param onInstalled told what lies in `CODEX_HOME` from then on
 * @throws KeeperError for whatever keeps the command from being started
 */
export async function prepareLogin(job: RunJob, onInstalled: (restored: Restored) => void): Promise<void> {
  const { terminal, clock } = job.context
  const restored = await restoreLogin(job)
  onInstalled(restored)
  for (const line of restoreLines(restored)) terminal.say(runWarning(line))
  const refresh = await refreshLogin(job, restored)
  const { credential } = 'credential' in refresh ? refresh : restored
  terminal.say(runLine(loginLine({ restored, refresh, credential, now: clock.now() / 1000 })))
  for (const line of refreshLines(refresh, restored.due)) terminal.say(runWarning(line))
  if (job.options.smokeTest && refresh.kind !== 'left-running') await testLogin(job, credential)
}

function restoreLogin({ context, options, places, keeper, codex }: RunJob): Promise<Restored> {
  const { secrets, shared } = context.environment
  return restore({
    ...keeper,
    seed: readSeed({ authJson: secrets.CODEX_AUTH_SEED, stores: places.settings }),
    expectedAccount: options.expectedAccount,
    refreshWindow: options.refreshWindow,
    willRefresh: options.refresh === 'always',
    earlyRefresh: options.refresh === 'never' ? 'never-refreshed' : codex === undefined ? 'no-codex' : 'possible',
    surroundings: { workspace: ciWorkspace(shared), env: shared, jobTotal: 1 },
  })
}

async function refreshLogin(job: RunJob, { standing, due, stores }: Restored): Promise<Exclude<Refresh, { kind: RefusedKind }>> {
  const { options, keeper, codex } = job
  if (options.refresh === 'always' && codex === undefined) throw noCodexToRefresh()
  const passOver = stores.filter(({ proof }) => proof.kind === 'refused').map(({ name }) => name)
  const retry = job.retry(options.retryFor)
  const refresh = await refreshEarly({ ...keeper, standing, codex, when: options.refresh, due, retry, turn: turnOf(job, passOver) })
  requireLogin(refresh)
  return refresh
}

type RefusedKind = 'needs-reseed' | 'superseded' | 'unread'

/** How this run takes its turn among those that want to refresh the same login. */
function turnOf({ context: { environment, terminal } }: RunJob, passOver: readonly string[]): Turn {
  const { shared } = environment
  return {
    holder: {
      run: whoWrites(shared),
      attempt: 1,
      job: shared['CI_JOB_NAME'] ?? shared['JOB_NAME'] ?? shared['GITHUB_JOB'] ?? `process-${process.pid}`,
    },
    passOver,
    random: Math.random,
    onNews: (news) => {
      // Two runs at once are no rule here, so a store without a lease is worth no line each time.
      if (news.kind !== 'nowhere') terminal.say(runLine(leaseWords(news)))
    },
  }
}

async function testLogin(job: RunJob, { fingerprint: atHand }: ManagedCredential): Promise<void> {
  const { keeper, codex, options } = job
  const { standing } = job.login()
  if (codex === undefined) throw noCodexToTest()
  if (standing === undefined) return
  const test = await proveLogin({ ...keeper, standing, codex, atHand, retry: job.retry(options.retryFor) })
  if (test.kind !== 'passed') throw smokeTestRefused(test)
}
