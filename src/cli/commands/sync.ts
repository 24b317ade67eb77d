import { errorWords, KeeperError, messageOf } from '../../keeper-error.ts'
import type { SyncOutcome } from '../../keeper/bring-to-machine.ts'
import { placeName, syncPlaces, type Synced, type SyncedPlace } from '../../keeper/sync.ts'
import { secretsIn } from '../../keeper/given-secrets.ts'
import type { StoreSettings } from '../../stores/store-settings.ts'
import { momentWords } from '../../time-words.ts'
import type { CommandModule } from '../command-module.ts'
import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-code.ts'
import { inWordsOfTheCommandLine } from '../input-names.ts'
import { describePlaceOptions, placeOptions } from '../place-options.ts'
import { openPlaces, type Places } from '../places.ts'
import { bad, faint, good, strong, warning, type Line } from '../terminal/line.ts'
import { tableLines } from '../terminal/table.ts'
import { wrongUsage } from '../wrong-usage.ts'

export const sync: CommandModule = {
  describe: (command) => {
    describePlaceOptions(command).option('--dry-run', 'says what would be written where, and writes nothing')
  },
  examples: [
    [
      'codex-auth-keeper sync --store "ssh: me@build.example.com"',
      'this machine and the Codex of one host hold the newest login afterwards',
    ],
    [
      'codex-auth-keeper sync --store "ssh: me@one.example.com" --store "ssh: me@two.example.com:2222" --dry-run',
      'what would be written where',
    ],
    ['codex-auth-keeper sync --workflow .github/workflows/codex.yml', 'this machine and the stores of a workflow'],
  ],
  run: async ({ options }, context) => {
    const places = await openPlaces(placeOptions(options), context)
    try {
      if (places.stores.length + places.outOfReach.length === 0) {
        throw wrongUsage(
          'There is nothing to bring this machine in line with.',
          'Name one or more places with --store, or a workflow with --workflow.',
        )
      }
      const dryRun = options['dryRun'] === true
      return report(await synced(places, dryRun, context), places, context)
    } finally {
      await places.close()
    }
  },
}

function synced({ codexHome, stores }: Places, dryRun: boolean, { clock, terminal }: CliContext): Promise<Synced> {
  const onCredential: Parameters<typeof syncPlaces>[0]['onCredential'] = ({ bytes }) => {
    terminal.secrets.add(secretsIn({ authJson: Buffer.from(bytes).toString('utf8'), keyFiles: [], tokens: [] }))
  }
  return terminal.during('Reading all places', syncPlaces({ codexHome, stores, clock, dryRun, onCredential }))
}

/** Says what went where. @returns the exit code */
function report({ newest, places }: Synced, { outOfReach, settings }: Places, { terminal }: CliContext): number {
  const moment = newest.credential.issued.iat
  const issued = moment === undefined ? `refreshed ${newest.credential.lastRefresh}` : `issued ${momentWords(moment)}`
  terminal.print([strong('Newest:'), ` ${placeName(newest.origin)}, ${issued}`])
  const rows = places.map((place): Line[] => [placeName(place.origin), outcomeLine(place.outcome)])
  const unreached = outOfReach.map(({ name, why }): Line[] => [name, bad(`left alone: ${why}`)])
  for (const line of tableLines([...rows, ...unreached])) terminal.print(line)
  for (const { outcome } of places) {
    if (outcome.kind === 'failed' && outcome.error instanceof KeeperError) {
      terminal.say([strong('Way out:'), ` ${inWordsOfTheCommandLine(outcome.error.remedy)}`])
    }
  }
  if (machinesOf(places, settings) > 1) terminal.say([warning('Note:'), ` ${oneTokenTwice}`])
  return places.every(({ outcome }) => isWell(outcome)) && outOfReach.length === 0 ? exitCodes.well : exitCodes.failed
}

const oneTokenTwice =
  'a refresh token works once. Machines that both use Codex with one login will spend the same one, and OpenAI then refuses the second. ' +
  'Give each machine a login of its own: "codex-auth-keeper deploy HOST --login".'

/** On how many machines Codex itself works with this login: here, and on hosts where the file is the one that Codex reads. */
function machinesOf(places: readonly SyncedPlace[], settings: readonly StoreSettings[]): number {
  const readByCodex = settings.flatMap((store) =>
    store.kind === 'ssh' && store.address.path.endsWith('/.codex/auth.json') ? [store.name] : [],
  )
  return places.filter(
    ({ origin, holds, outcome }) =>
      (holds !== undefined || outcome.kind === 'behind') &&
      (origin.kind === 'file' || (origin.kind === 'store' && readByCodex.includes(origin.name))),
  ).length
}

function isWell(outcome: SyncOutcome): boolean {
  return outcome.kind === 'written' || outcome.kind === 'behind' || (outcome.kind === 'kept' && outcome.reason === 'unchanged')
}

function outcomeLine(outcome: SyncOutcome): Line {
  switch (outcome.kind) {
    case 'written':
      return good('brought up to date')
    case 'behind':
      return warning('would be brought up to date')
    case 'kept':
      return outcome.reason === 'unchanged' ? faint('up to date') : warning('left alone: it holds another login that is not older')
    case 'failed':
      return bad(
        `left alone: ${inWordsOfTheCommandLine(outcome.error instanceof KeeperError ? messageOf(outcome.error) : errorWords(outcome.error))}`,
      )
  }
}
