import { describe, expect, test } from '@jest/globals'
import { codexExec, type CodexEnd, type CodexHome, type CodexRelease } from '../../support/real-codex.ts'
import { due, machines, type Machine } from './machines.ts'

const machine = machines()
const releases: CodexRelease[] = ['pinned', 'older']
const profile = (home: CodexHome): string => `
default_permissions = "ci"
[permissions.ci]
extends = ":workspace"
[permissions.ci.filesystem]
"${home.path}" = "deny"
[shell_environment_policy]
inherit = "core"
`

/** Lets the model run one command in a run that refreshes; what the command printed has gone to the model. */
async function commandByModel(
  { openai, home }: Machine,
  cmd: string,
  flags: readonly string[],
  release: CodexRelease = 'pinned',
): Promise<{ end: CodexEnd; printed: string }> {
  openai.modelTurns({ kind: 'command', cmd })
  const end = await codexExec(home, { release, flags, env: { A_SECRET_VARIABLE: 'variable-canary' } })
  return { end, printed: openai.modelInputs().at(-1) ?? '' }
}

describe('Whether a command of the model can read auth.json', () => {
  test.each(['read-only', 'workspace-write'])('in the sandbox %s it can, and sees every variable', async (sandbox) => {
    const here = await machine({ login: due })
    const { printed } = await commandByModel(here, `cat ${here.home.authFile}; env`, ['--sandbox', sandbox])
    const [, rotated] = here.openai.ledger().tokens
    expect(printed).toContain(rotated?.refreshToken)
    expect(printed).toContain('variable-canary')
  })

  test.each(releases)('%s: with a profile that denies CODEX_HOME it cannot; the run still saves', async (release) => {
    const here = await machine({ login: due, enforce: true })
    await here.home.configure(profile(here.home))
    const { end, printed } = await commandByModel(here, `cat ${here.home.authFile}; env`, [], release)
    const [, rotated] = here.openai.ledger().tokens
    expect(printed).toContain('Permission denied')
    expect(printed).not.toContain(rotated?.refreshToken)
    expect(printed).not.toContain('variable-canary')
    expect(end.code).toBe(0)
    expect(await here.home.authJson()).toContain(rotated?.refreshToken)
  })

  test.each([
    { flags: ['--sandbox', 'read-only'] },
    { flags: ['--sandbox', 'workspace-write'] },
    { flags: ['-c', 'sandbox_mode="read-only"'] },
  ])('$flags switches that profile off without a word', async ({ flags }) => {
    const here = await machine({ login: due })
    await here.home.configure(profile(here.home))
    const { end, printed } = await commandByModel(here, `cat ${here.home.authFile}`, flags)
    expect(printed).toContain(here.openai.ledger().tokens[1]?.refreshToken)
    expect(end.stderr).not.toMatch(/permission|profile/i)
  })

  test('a sandbox_mode in the same file does not switch it off', async () => {
    const here = await machine({ login: due })
    await here.home.configure(`sandbox_mode = "workspace-write"\n${profile(here.home)}`)
    const { printed } = await commandByModel(here, `cat ${here.home.authFile}`, [])
    expect(printed).toContain('Permission denied')
    expect(printed).not.toContain(here.openai.ledger().tokens[1]?.refreshToken)
  })
})
