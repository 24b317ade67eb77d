import type { CommandModule } from '../command-module.ts'
import type { CliContext } from '../context.ts'
import { checkCodex } from '../doctor/codex-check.ts'
import { doctorJson } from '../doctor/doctor-json.ts'
import { doctorLines, mendedLine } from '../doctor/doctor-words.ts'
import { checkDocument, checkModes } from '../doctor/file-check.ts'
import { exitCodeFor, type Finding } from '../doctor/finding.ts'
import { checkAlive, checkOnePlace } from '../doctor/login-check.ts'
import { machineFacts, type MachineFacts } from '../doctor/machine-facts.ts'
import { mendAll, type Mended } from '../doctor/mend.ts'
import { checkShadows } from '../doctor/shadow-check.ts'
import { checkOutOfReach, checkStore, storesUnnamed } from '../doctor/store-check.ts'
import { reachedFromHere, storeFacts } from '../doctor/store-facts.ts'
import { workflowFindings } from '../doctor/workflow-files.ts'
import { describePlaceOptions, placeOptions } from '../place-options.ts'
import { openPlaces, type Places } from '../places.ts'

/** What is wrong and the way out. Nothing is changed without --fix, and OpenAI is not asked. */
export const doctor: CommandModule = {
  describe: (command) => {
    describePlaceOptions(command)
      .option('--fix', 'mends what is safe (modes), and asks before it changes anything else')
      .option('--json', 'for programs; docs/doctor.schema.json says what it means')
      .addHelpText(
        'after',
        '\nLooks at Codex and its configuration, at the login of this machine and its modes, at each store that you name (it is read,\n' +
          'and asked whether it could be written; what it holds stays as it is), and at the workflows of the clone that you are in.\n' +
          'The stores of a workflow are asked only where you name it with --workflow. OpenAI is not asked.\n' +
          'Exit code 0 where nothing is wrong (there may be warnings), 1 for a problem, 3 where a person must log in.',
      )
  },
  examples: [
    ['codex-auth-keeper doctor', 'this machine, and the workflows of this clone'],
    ['codex-auth-keeper doctor --workflow .github/workflows/codex.yml', 'and the stores of that workflow'],
    ['codex-auth-keeper doctor --store ssh:ci@build-1.example.com/srv/codex/auth.json', 'and that store'],
    ['codex-auth-keeper doctor --fix', 'mends modes'],
    ['codex-auth-keeper doctor --json | jq \'.findings[] | select(.level == "problem")\'', 'for a script'],
  ],
  run: async ({ options }, context) => {
    const opened = await openPlaces(placeOptions(options), context)
    try {
      const places = reachedFromHere(opened, context.environment.shared)
      const asJson = options['json'] === true
      const look = await context.terminal.during('Looking at everything', examined(places, context))
      let findings = judged(look, places, context)
      let mended: readonly Mended[] = []
      if (options['fix'] === true) {
        mended = await mendAll(findings, context, context.questions.canAsk && !asJson)
        if (mended.some(({ kind }) => kind === 'mended'))
          findings = judged({ ...look, machine: await machineFacts(places, context) }, places, context)
      }
      if (asJson) context.terminal.printText(`${JSON.stringify(doctorJson(findings, mended, context.clock.now() / 1000), undefined, 2)}\n`)
      else for (const line of [...mended.map(mendedLine), ...doctorLines(findings)]) context.terminal.print(line)
      return exitCodeFor(findings)
    } finally {
      await opened.close()
    }
  },
}

/** All that was seen, everywhere at once. */
interface Look {
  readonly machine: MachineFacts
  readonly stores: Awaited<ReturnType<typeof storeFacts>>
  readonly workflows: readonly Finding[]
}

async function examined(places: Places, context: CliContext): Promise<Look> {
  const [machine, stores, workflows] = await Promise.all([
    machineFacts(places, context),
    storeFacts(places, context),
    workflowFindings(context.cwd),
  ])
  return { machine, stores, workflows }
}

function judged({ machine, stores, workflows }: Look, { outOfReach }: Places, { clock }: CliContext): Finding[] {
  const areUnnamed = stores.length + outOfReach.length === 0 && workflows.length > 0
  const mayBeElsewhere = outOfReach.length > 0 || areUnnamed
  const login = { machine, stores, mayBeElsewhere }
  return [
    ...checkCodex(machine.codex),
    ...checkShadows(machine),
    ...checkDocument(machine),
    ...checkModes(machine),
    ...checkAlive(login, clock.now() / 1000),
    ...checkOnePlace(login),
    ...stores.flatMap(checkStore),
    ...outOfReach.flatMap(checkOutOfReach),
    ...(areUnnamed ? [storesUnnamed()] : []),
    ...workflows,
  ]
}
