import * as core from '../runner/runner-commands.ts'
import { KeeperError, messageOf } from '../../keeper-error.ts'
import { systemClock } from '../../clock.ts'
import type { ReseedIssue } from '../../github/reseed-issue.ts'
import type { Inputs } from '../inputs.ts'
import type { Masks } from '../runner/masks.ts'
import type { RunContext } from '../runner/run-context.ts'
import { preformatted } from './summary.ts'

export type ReseedFacts = Pick<Inputs, 'reseedIssue' | 'githubToken' | 'slot' | 'stores'> &
  Pick<RunContext, 'repository' | 'apiUrl' | 'runUrl'> & {
    /** Finds the name of the secret that auth-json comes from. */
    readonly findSecret?: () => Promise<string | undefined>
  }

const needsAPerson: readonly string[] = ['needs-reseed', 'unusable-credential', 'no-credential']

/** Tells the job, and with `reseed-issue` an issue, that only a person can bring the login back. Other errors are not announced here. */
export async function announceReseed(error: unknown, facts: ReseedFacts, masks: Masks): Promise<void> {
  if (!(error instanceof KeeperError) || !needsAPerson.includes(error.code)) return
  core.setOutput('needs-reseed', 'true')
  if (!facts.reseedIssue) return
  const { openReseedIssue } = await import('../../github/reseed-issue.ts')
  const secret = await facts.findSecret?.()
  await tried('opened', async () => openReseedIssue(await issueOf(facts), issueText(error, { ...facts, secret }, masks.clean)))
}

/** Closes the issue once the login has been seen to work. */
export async function withdrawReseed(facts: ReseedFacts): Promise<void> {
  if (!facts.reseedIssue) return
  const { closeReseedIssue } = await import('../../github/reseed-issue.ts')
  await tried('closed', async () => closeReseedIssue(await issueOf(facts), `The login works again: ${facts.runUrl}`))
}

/** An issue that cannot be written must not hide what it was to report. */
async function tried(what: string, operation: () => Promise<void>): Promise<void> {
  const [outcome] = await Promise.allSettled([operation()])
  if (outcome.status === 'rejected') {
    core.warning(
      `The reseed issue could not be ${what}: ${messageOf(outcome.reason)} Give the job the permission "issues: write", or leave reseed-issue out.`,
    )
  }
}

async function issueOf({ apiUrl, githubToken, repository, slot }: ReseedFacts): Promise<ReseedIssue> {
  if (githubToken === undefined) throw new KeeperError('invalid-inputs', 'github-token is empty.', 'Leave github-token at its default.')
  const { githubApi } = await import('../../github/github-api.ts')
  const [owner = '', repo = ''] = repository.split('/')
  return { api: githubApi({ baseUrl: apiUrl, auth: { kind: 'token', token: githubToken }, clock: systemClock }), owner, repo, slot }
}

function issueText(
  { message, remedy }: KeeperError,
  { slot, stores, repository, runUrl, secret: found }: ReseedFacts & { readonly secret: string | undefined },
  clean: Masks['clean'],
): string {
  const secret = stores.find((store) => store.kind === 'github-secret')?.secret
  const target =
    secret === undefined
      ? (found ?? 'NAME_OF_THE_SECRET')
      : `${secret.secret}${secret.environment === undefined ? '' : ` --env ${secret.environment}`}`
  return `The Codex login of slot \`${slot}\` needs a person ([run](${runUrl})).

${preformatted(clean(`${message}\n\nWay out: ${remedy}`))}

Log in again in a directory of its own, so that no other login is touched, and replace ${secret === undefined && found === undefined ? 'the secret' : `the secret \`${secret?.secret ?? found ?? ''}\``} that the workflow passes as \`auth-json\`:

\`\`\`sh
(
  set -eu
  export CODEX_HOME="$(mktemp -d)"
  codex login --device-auth
  test -s "$CODEX_HOME/auth.json"
  base64 < "$CODEX_HOME/auth.json" | tr -d '\\n' | gh secret set ${target} --repo ${repository}
  rm -rf "$CODEX_HOME"
)
\`\`\`

Where device login is switched off (in the security settings of ChatGPT, or by the administrator of the workspace), write \`codex login\` in the place of \`codex login --device-auth\`: it opens a browser on that machine.

Then start a new run of the workflow (not "Re-run jobs"). Do not use that login anywhere else, and do not run \`codex logout\`: both end it. The next run that refreshes the login, or passes the smoke test, closes this issue.`
}
