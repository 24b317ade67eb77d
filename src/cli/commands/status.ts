import { durationRule, durationSeconds } from '../../time-words.ts'
import type { CommandModule } from '../command-module.ts'
import type { CliContext } from '../context.ts'
import { exitCodes, type ExitCode } from '../exit-code.ts'
import { describePlaceOptions, placeOptions } from '../place-options.ts'
import { openPlaces, type Places } from '../places.ts'
import { lookAtPlaces } from '../status/look-at-places.ts'
import { judgeStatus, type Status } from '../status/status.ts'
import { statusJson } from '../status/status-json.ts'
import { statusLines } from '../status/status-words.ts'
import { wrongUsage } from '../wrong-usage.ts'

/** All places of a login side by side. Nothing is changed, and OpenAI is not asked. */
export const status: CommandModule = {
  describe: (command) => {
    describePlaceOptions(command)
      .option('--refresh-window <time>', 'a login is due so long before it ends, as in the input of the action', '12h')
      .option('--json', 'for programs; docs/status.schema.json says what it means')
      .option('--watch [time]', 'looks again and again, every 30s or as often as you say')
      .addHelpText(
        'after',
        '\nAll places are read at once; nothing is changed, and OpenAI is not asked.\n' +
          'Exit code 1 where a place could not be read or holds something else than a ChatGPT login, 3 where there is no login in any place.',
      )
  },
  examples: [
    ['codex-auth-keeper status', 'the login of this machine'],
    ['codex-auth-keeper status --store ssh:ci@build-1.example.com/home/ci/.codex/auth.json', 'this machine and a host'],
    [
      'codex-auth-keeper status --workflow .github/workflows/codex.yml',
      'this machine and the stores of a workflow (git asks for CODEX_AUTH_KEY)',
    ],
    ['codex-auth-keeper status --json | jq .personNeeded', 'for a script'],
  ],
  run: async ({ options }, context) => {
    const window = seconds(options['refreshWindow'], '--refresh-window') ?? 0
    const pause = options['watch'] === true ? 30 : seconds(options['watch'], '--watch')
    const places = await openPlaces(placeOptions(options), context)
    try {
      for (;;) {
        const code = await show(places, window, options['json'] === true, pause !== undefined, context)
        if (pause === undefined) return code
        await context.clock.sleep(Math.max(1, pause) * 1_000)
      }
    } finally {
      await places.close()
    }
  },
}

async function show(places: Places, window: number, json: boolean, again: boolean, context: CliContext): Promise<ExitCode> {
  const { terminal, clock } = context
  const seen = await terminal.during('Looking at all places', lookAtPlaces(places, context))
  const now = clock.now() / 1000
  const judged = judgeStatus(seen, now, window)
  if (json) terminal.printText(`${JSON.stringify(statusJson(judged, now), undefined, again ? undefined : 2)}\n`)
  else {
    if (again) terminal.clear()
    for (const line of statusLines(judged, now)) terminal.print(line)
  }
  return codeOf(judged)
}

function codeOf({ places, person }: Status): ExitCode {
  if (places.some(({ sight: { kind } }) => kind === 'unreadable' || kind === 'no-login')) return exitCodes.failed
  return person.kind === 'login' ? exitCodes.loginNeeded : exitCodes.well
}

function seconds(text: unknown, flag: string): number | undefined {
  if (typeof text !== 'string') return undefined
  const found = durationSeconds(text)
  if (found === undefined) throw wrongUsage(`${flag} ${durationRule}.`, 'Correct it; --help lists all options.')
  return found
}
