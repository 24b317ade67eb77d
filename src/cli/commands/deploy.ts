import { dirname } from 'node:path/posix'
import { observeAuthFile } from '../../codex/codex-home.ts'
import { unmanagedReasons, type ManagedCredential } from '../../credential/auth-json.ts'
import { secretsIn } from '../../keeper/given-secrets.ts'
import { KeeperError } from '../../keeper-error.ts'
import { parseSshAddress } from '../../stores/ssh/ssh-address.ts'
import { sshStore } from '../../stores/ssh/ssh-store.ts'
import type { CommandModule } from '../command-module.ts'
import type { CliContext } from '../context.ts'
import { deployLogin, type Way } from '../deploy/deploy-login.ts'
import { hostCodex } from '../deploy/host-codex.ts'
import { exitCodes } from '../exit-code.ts'
import { codexProgram, keptWords, makeNewLogin, type NewLogin } from '../new-login.ts'
import { openPlaces, type Places } from '../places.ts'
import { codexFileOnHost, withCodexFile } from '../ssh-host.ts'
import { warning } from '../terminal/line.ts'
import { wrongUsage } from '../wrong-usage.ts'

export const deploy: CommandModule = {
  describe: (command) => {
    command
      .argument('<host>', 'user@host:port; the port may be missing, a path to auth.json may follow')
      .option('--login', 'makes a new login for that host (recommended): each machine then has one of its own')
      .option('--device', 'with --login: log in with a code, on any device, instead of in a browser of this machine')
      .option('--move', "hands over this machine's login, and gives it up here once it has been proved there")
      .option('--copy', "hands over this machine's login, and keeps it here; the two will spend one token")
      .option('--codex-home <folder>', 'where Codex keeps auth.json on this machine (default: $CODEX_HOME, else ~/.codex)')
  },
  examples: [
    ['codex-auth-keeper deploy me@build.example.com --login', 'a login of its own for that host; you sign in here'],
    [
      'codex-auth-keeper deploy me@build.example.com --move',
      'the login of this machine works on that host from now on, and no longer here',
    ],
    ['codex-auth-keeper deploy me@build.example.com:2222 --copy', 'both have it; mind that only one of them may refresh it'],
  ],
  run: async ({ args, options }, context) => {
    const way = await chosenWay(options, context)
    const address = withCodexFile(args[0] ?? '')
    const parsed = parseSshAddress(address)
    if (parsed.kind === 'problems') throw wrongUsage(parsed.problems.join(' '), 'Name the host as user@host:port.')
    const places = await openPlaces({ store: [`ssh: ${address}`], codexHome: textOf(options['codexHome']) }, context)
    try {
      await deployTo(places, { way, device: options['device'] === true }, context)
      return exitCodes.well
    } finally {
      await places.close()
    }
  },
}

async function chosenWay(options: Readonly<Record<string, unknown>>, { questions }: CliContext): Promise<Way> {
  const ways = (['login', 'move', 'copy'] as const).filter((way) => options[way] === true)
  const [way, ...more] = ways
  if (more.length > 0)
    throw wrongUsage(`Only one of ${ways.map((name) => `--${name}`).join(' and ')} can be meant.`, 'Leave out the others.')
  if (way !== undefined) return way
  return questions.choose(
    'Which login is the host to have?',
    [
      { value: 'login', label: 'a new one, made for it', hint: 'recommended: no machine spends the token of another' },
      { value: 'move', label: "this machine's, which is given up here", hint: 'one login, one machine' },
      { value: 'copy', label: "a copy of this machine's", hint: 'the two will spend one token' },
    ],
    { flag: '--login, --move or --copy', byDefault: 'login' },
  )
}

/** How the host comes to its login; `device`: signed in with a code. */
interface Asked {
  readonly way: Way
  readonly device: boolean
}

async function deployTo(places: Places, { way, device }: Asked, context: CliContext): Promise<void> {
  const { terminal, interrupts, clock } = context
  const [settings] = places.settings
  if (settings?.kind !== 'ssh') throw new Error('A host was opened as another store.')
  const { address } = settings
  const who = `${address.user}@${address.host}`
  const say = (text: string): void => {
    terminal.print(text)
  }
  // What can be seen to fail is seen before anybody logs in.
  const own = way === 'login' ? undefined : await loginOfThisMachine(places, context)
  if (way === 'login') codexProgram(context)
  const host = hostCodex(settings)
  const close = interrupts.onInterrupt(() => host.close())
  try {
    const folder = await terminal.during(`Looking for Codex on ${who}`, host.find())
    const file = fileThere(address.path, folder)
    const store = sshStore({ ...settings, address: { ...address, path: file } })
    const closeStore = interrupts.onInterrupt(() => store.close?.())
    try {
      if (way === 'copy')
        terminal.say([
          warning('Note:'),
          ' a refresh token works once. Two machines with one login will spend the same one; --move avoids it.',
        ])
      if (own === undefined) await store.proveWritable()
      const made = own === undefined ? await makeNewLogin({ way: device ? 'device' : 'browser' }, context) : undefined
      const credential = own ?? made?.credential
      if (credential === undefined) throw new Error('There is a login by now.')
      await handedOver(made, context, (onArrived) => {
        const request = { who, way, credential, codexHome: places.codexHome, store, file, host, clock, interrupts, say, onArrived }
        return terminal.during(`Handing the login to Codex on ${who}`, deployLogin(request))
      })
    } finally {
      await store.close?.()
      closeStore()
    }
  } finally {
    await host.close()
    close()
  }
}

/** A new login is removed here once the host holds it; where it never gets there it is kept, since no machine can make it again. */
async function handedOver(
  made: NewLogin | undefined,
  { terminal }: CliContext,
  work: (onArrived: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const homeless = new Set(made === undefined ? [] : [made])
  try {
    await work(async () => {
      homeless.clear()
      await made?.discard()
    })
  } catch (error) {
    for (const login of homeless) terminal.say(keptWords(await login.keep()))
    throw error
  }
}

async function loginOfThisMachine({ codexHome }: Places, { clock, terminal }: CliContext): Promise<ManagedCredential> {
  const seen = await observeAuthFile(codexHome, clock)
  if (seen.kind === 'managed') {
    terminal.secrets.add(secretsIn({ authJson: Buffer.from(seen.credential.bytes).toString('utf8'), keyFiles: [], tokens: [] }))
    return seen.credential
  }
  if (seen.kind === 'missing') throw new KeeperError('no-credential', `There is no login in ${codexHome}.`, 'Log in with "codex login".')
  const what = seen.kind === 'unmanaged' ? unmanagedReasons[seen.credential.why] : 'is damaged'
  throw new KeeperError('unusable-credential', `auth.json in ${codexHome} ${what}. Nothing was sent.`, 'Log in with "codex login".')
}

/** The file that Codex reads on the host: the one that was named, else that of its CODEX_HOME there. */
function fileThere(named: string, folder: string | undefined): string {
  if (named !== codexFileOnHost || folder === undefined) return named
  const file = `${folder.replace(/\/+$/, '')}/auth.json`
  const parsed = parseSshAddress(`user@host${file}`)
  if (parsed.kind === 'address' && dirname(file).startsWith('/')) return file
  throw new KeeperError(
    'store-refused',
    'CODEX_HOME of that user names a folder that cannot be used over SSH: it must be a whole path of letters, digits and . _ - / alone.',
    'Set it to such a folder there, or name the file: user@host:port/path/auth.json.',
  )
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
