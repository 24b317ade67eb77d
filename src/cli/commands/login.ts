import type { Command } from 'commander'
import * as z from 'zod/mini'
import { accountHash } from '../../credential/fingerprint.ts'
import { KeeperError, errorWords } from '../../keeper-error.ts'
import { parseSecretAddress, type SecretName } from '../../stores/github-secret/github-secret-name.ts'
import type { CommandModule } from '../command-module.ts'
import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-code.ts'
import { keptLogin } from '../login/kept-login.ts'
import { handedWords, hasLogin, secretAsPlace, storePlace, type LoginPlace } from '../login/login-places.ts'
import { codexProgram, keptWords, makeNewLogin, type NewLogin } from '../new-login.ts'
import { describeStoreOptions, placeOptions } from '../place-options.ts'
import { openPlaces, type Places } from '../places.ts'
import { bad, good } from '../terminal/line.ts'
import { tableLines } from '../terminal/table.ts'
import { wrongUsage } from '../wrong-usage.ts'

export const login: CommandModule = {
  describe: (command: Command) => {
    describeStoreOptions(
      command
        .option('--secret <name>', 'a secret of the repository on GitHub that takes the login')
        .option('--environment <name>', 'the environment that the secret belongs to')
        .option('--device', 'log in with a code, on any device, instead of in a browser of this machine')
        .option('--from <file>', 'hand over a login that an earlier run has kept, and make none'),
    )
  },
  examples: [
    ['codex-auth-keeper login --secret CODEX_AUTH_SEED', 'a new login into a secret of the repository you are in'],
    ['codex-auth-keeper login --secret CODEX_AUTH --environment codex --repo your-org/your-repo', 'into a secret of an environment'],
    ['codex-auth-keeper login --device --store "ssh: ci@build-1:22/home/ci/codex/auth.json"', 'with a code, into a store'],
    ['codex-auth-keeper login --workflow .github/workflows/codex.yml', 'into all stores of a workflow'],
  ],
  run: async ({ options }, context) => {
    const { secret, environment, device, from } = z.parse(ownOptions, options)
    const given = placeOptions(options)
    const lines = given.store.filter((line) => isSecretLine(line))
    const names = [...secretNames(secret, environment), ...lines.map((line) => secretName(line.replace(/^[^:]*:/, '')))]
    const places = await openPlaces({ ...given, store: given.store.filter((line) => !isSecretLine(line)) }, context)
    try {
      const secrets = await Promise.all(names.map((name) => secretAsPlace(name, places.repository, context)))
      const all = [...secrets, ...places.stores.map((store) => storePlace(store, context.clock))]
      if (all.length === 0) throw nowhere(places)
      if (from === undefined) codexProgram(context)
      await prove(all, context)
      const made = from === undefined ? await makeNewLogin({ way: device ? 'device' : 'browser' }, context) : await keptLogin(from, context)
      return await handOver(made, all, context)
    } finally {
      await places.close()
    }
  },
}

const ownOptions = z.object({
  secret: z.optional(z.string()),
  environment: z.optional(z.string()),
  device: z._default(z.boolean(), false),
  from: z.optional(z.string()),
})

function secretNames(secret: string | undefined, environment: string | undefined): SecretName[] {
  if (secret === undefined && environment !== undefined)
    throw wrongUsage('--environment goes with --secret.', 'Name the secret with --secret.')
  if (secret === undefined) return []
  return [secretName(environment === undefined ? secret : `${secret}?environment=${encodeURIComponent(environment)}`)]
}

/** @throws KeeperError invalid-inputs */
function secretName(address: string): SecretName {
  const parsed = parseSecretAddress(address)
  if (parsed.kind === 'name') return parsed.name
  throw wrongUsage(`The secret: ${parsed.problem}`, 'Correct the name.')
}

function isSecretLine(line: string): boolean {
  return line.trim().startsWith('github-secret:')
}

function nowhere({ outOfReach }: Places): KeeperError {
  const why = outOfReach.map((place) => `${place.name}: ${place.why}.`).join(' ')
  return wrongUsage(
    `Nobody has said where the new login goes. ${why}`.trim(),
    'Name a secret with --secret, or stores with --store or --workflow.',
  )
}

/** What cannot be written is found out before the person logs in. */
async function prove(places: readonly LoginPlace[], { terminal }: CliContext): Promise<void> {
  const work = Promise.all(places.map(async (place) => ({ name: place.name, found: await place.examine() })))
  const examined = await terminal.during('Looking at the places that the login is for', work)
  const refused = examined.flatMap(({ name, found }) => (found.kind === 'refused' ? [{ name, error: found.error }] : []))
  if (refused.length > 0) {
    const [first] = refused
    const lines = refused.map(({ name, error }) => `${name}: ${error instanceof KeeperError ? error.message : errorWords(error)}`)
    throw new KeeperError(
      'not-writable',
      ['No login was made, because it could not be handed over.', ...lines].join('\n'),
      first?.error instanceof KeeperError ? first.error.remedy : 'Correct it and run the command again.',
    )
  }
  for (const { name, found } of examined) if (found.kind === 'ready') terminal.say(`${name}: ${found.words}`)
}

async function handOver(made: NewLogin, places: readonly LoginPlace[], { terminal }: CliContext): Promise<number> {
  const { credential } = made
  terminal.print(`Logged in: account ${accountHash(credential.fingerprint)}, plan ${credential.plan ?? 'unknown'}.`)
  const work = Promise.all(places.map(async (place) => ({ name: place.name, outcome: await place.handOver(credential) })))
  const handed = await terminal.during('Handing the login over', work)
  const rows = handed.map(({ name, outcome }) => [name, hasLogin(outcome) ? good(handedWords(outcome)) : bad(handedWords(outcome))])
  for (const line of tableLines(rows)) terminal.print(line)
  if (handed.every(({ outcome }) => hasLogin(outcome))) {
    await made.discard()
    return exitCodes.well
  }
  terminal.say(keptWords(await made.keep()))
  return exitCodes.failed
}
