import type { CommandModule } from '../commands.ts'
import { exitCodes } from '../exit-code.ts'
import { describePlaceOptions, placeOptions } from '../place-options.ts'
import { openPlaces } from '../places.ts'
import { tableLines } from '../terminal/table.ts'

export const status: CommandModule = {
  describe: (command) => {
    describePlaceOptions(command)
  },
  examples: [['codex-auth-keeper status', 'the login of this machine']],
  run: async ({ options }, context) => {
    const places = await openPlaces(placeOptions(options), context)
    try {
      for (const line of tableLines(places.stores.map(({ name }) => [name]))) context.terminal.print(line)
      return exitCodes.well
    } finally {
      await places.close()
    }
  },
}
