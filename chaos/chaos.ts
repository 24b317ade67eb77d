// npm run chaos -- --rounds N --seed S [--store NAME] [--round K]: lives of logins in which everything is killed, cut off and
// damaged at random, with the real Codex and the real servers. Ends red when a promise was broken, with the line that plays it again.
import { tableLines } from '../bench/table.ts'
import { makeOwnFolder } from '../__tests__/support/own-folder.ts'
import { storeNames } from '../__tests__/support/store-places.ts'
import { lossCauses, type Loss } from './loss.ts'
import { chaosOptions, usage, type ChaosOptions } from './options.ts'
import { drawRound } from './plan.ts'
import { randomOf } from './random.ts'
import { playRound } from './round.ts'

const { seed, rounds, stores, lanes } = given()
/** Losses that somebody should look at one by one. */
const unexpected: readonly Loss['cause'][] = ['killed in the moment before a rotation was written through', 'other']
const total = { rounds: 0, jobs: 0, kills: 0, losses: [] as Loss[], violations: 0 }
const folder = makeOwnFolder('codex-auth-keeper-chaos')
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    tell() // what was seen until now
    void folder.remove().finally(() => {
      process.exit(130)
    })
  })
}

try {
  const waiting = [...rounds]
  const lane = async (): Promise<void> => {
    for (let round = waiting.shift(); round !== undefined; round = waiting.shift()) await play(round)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  tell()
} finally {
  await folder.remove()
}

function given(): ChaosOptions {
  try {
    return chaosOptions(process.argv.slice(2), Date.now())
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nUsage: ${usage}`)
    process.exit(2)
  }
}

async function play(round: number): Promise<void> {
  const plan = drawRound(randomOf(seed, round), stores)
  try {
    const { jobs, kills, losses, violations } = await playRound(plan)
    total.rounds += 1
    total.jobs += jobs
    total.kills += kills
    total.losses.push(...losses)
    for (const { cause, job } of losses) if (unexpected.includes(cause)) console.log(`lost (${cause}) in ${job}: ${replay(round)}`)
    if (violations.length === 0) return
    report(round, violations)
  } catch (error) {
    report(round, [`the round itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`])
  }
  console.log(`  the plan: ${JSON.stringify(plan)}`)
}

/** The line that plays a round again. */
function replay(round: number): string {
  const only = stores.length === storeNames.length ? '' : stores.map((name) => ` --store ${name}`).join('')
  return `npm run chaos -- --seed ${seed} --round ${round}${only}`
}

function report(round: number, violations: readonly string[]): void {
  total.violations += violations.length
  process.exitCode = 1
  console.log(`\nBROKEN: ${replay(round)}\n${violations.map((text) => `  ${text}`).join('\n')}`)
}

function tell(): void {
  const { losses, violations } = total
  const count = (cause: Loss['cause']): string => String(losses.filter((loss) => loss.cause === cause).length)
  console.log(
    `\n${tableLines([
      ['seed ' + String(seed), ''],
      ...(['rounds', 'jobs', 'kills'] as const).map((what) => [what, String(total[what])] as const),
      ['promises broken', String(violations)],
      ['logins lost', String(losses.length)],
      ...lossCauses.map((cause) => [`  ${cause}`, count(cause)] as const),
    ]).join('\n')}`,
  )
}
