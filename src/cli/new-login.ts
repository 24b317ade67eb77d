import { mkdtempSync } from 'node:fs'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { observeAuthFile, authFileIn } from '../codex/codex-home.ts'
import { startLogin, type LoginWay } from '../codex/codex-login.ts'
import { unmanagedReasons, type ManagedCredential } from '../credential/auth-json.ts'
import { accountHash } from '../credential/fingerprint.ts'
import { secretValues } from '../credential/secret-values.ts'
import { KeeperError } from '../keeper-error.ts'
import { withoutSecretPieces } from '../process/stderr-tail.ts'
import { findTool } from '../process/tools.ts'
import type { CliContext } from './context.ts'

/**
 * A login that the person has just made, which is nowhere but in a folder of this run. Whoever has it ends with `discard` or `keep`; an
 * interrupt before that keeps it.
 */
export interface NewLogin {
  /** With the exact bytes that Codex wrote. */
  readonly credential: ManagedCredential
  /** It is safe elsewhere: removes it from this machine. */
  discard(): Promise<void>
  /** It is nowhere else: puts it into a file of mode 0600 in the person's home. @returns the path of that file */
  keep(): Promise<string>
}

/** The `codex` program. @throws KeeperError codex-failed where there is none */
export function codexProgram({ environment }: CliContext): string {
  const program = findTool('codex', environment.shared['PATH'] ?? '')
  if (program !== undefined) return program
  throw new KeeperError('codex-failed', 'There is no codex in PATH.', 'Install the Codex CLI: npm install --global @openai/codex.')
}

/**
 * Has the person log in with the real `codex login`, in a CODEX_HOME made for it: neither the login of this machine nor its settings are
 * touched. What can be proved of the places that the login is for is proved before: it cannot be made again without the person.
 * @throws KeeperError codex-failed where Codex is missing, gives up or leaves no login; then nothing is left behind
 */
export async function makeNewLogin({ way }: { readonly way: LoginWay }, context: CliContext): Promise<NewLogin> {
  const { environment, terminal, interrupts, clock } = context
  const program = codexProgram(context)
  const codexHome = mkdtempSync(join(tmpdir(), loginFolderPrefix))
  const remove = (): Promise<void> => rm(codexHome, { recursive: true, force: true })
  const made = async (): Promise<ManagedCredential | undefined> => {
    const file = await observeAuthFile(codexHome, clock)
    if (file.kind !== 'managed') return undefined
    terminal.secrets.add(secretValues(Buffer.from(file.credential.bytes).toString('utf8')))
    return file.credential
  }
  const running = startLogin({
    program,
    codexHome,
    env: environment.shared,
    way,
    onLine: (line) => {
      if (!isAboutFolder(line)) terminal.say(fitLine(line))
    },
  })
  const rescue = async (): Promise<void> => {
    await running.end()
    const credential = await made()
    if (credential === undefined) await remove()
    else terminal.say(keptWords(await keepLogin(credential, codexHome, context)))
  }
  const forget = interrupts.onInterrupt(rescue)
  try {
    const code = await running.ended
    if (interrupts.signal.aborted) return await interrupts.end('SIGINT')
    const credential = await made()
    if (credential === undefined) throw await noLogin(code, codexHome, context)
    return {
      credential,
      discard: async () => {
        await remove()
        forget()
      },
      keep: async () => {
        const path = await keepLogin(credential, codexHome, context)
        forget()
        return path
      },
    }
  } catch (error) {
    await remove()
    forget()
    throw error
  }
}

/** How the folder begins in which a login is made. */
export const loginFolderPrefix = 'codex-auth-keeper-login-'

/** Where logins are kept that nobody has taken. */
export function keptFolder(home: string): string {
  return join(home, '.codex-auth-keeper')
}

/** What a person is told of a login that nobody has taken. */
export function keptWords(path: string): string {
  return `The new login is kept in ${path}, because no machine can make it again. Hand it over with: codex-auth-keeper login --from ${path} …`
}

async function keepLogin(
  { bytes, fingerprint }: ManagedCredential,
  codexHome: string,
  { home, clock }: Pick<CliContext, 'home' | 'clock'>,
): Promise<string> {
  const folder = keptFolder(home)
  const moment = new Date(clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const path = join(folder, `login-${moment}-${accountHash(fingerprint)}.json`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
    await writeFile(path, bytes, { flag: 'wx', mode: 0o600, flush: true })
  } catch {
    // Where it is now it is as safe from others as there.
    return authFileIn(codexHome)
  }
  await rm(codexHome, { recursive: true, force: true })
  return path
}

async function noLogin(code: number, codexHome: string, { clock }: CliContext): Promise<KeeperError> {
  const file = await observeAuthFile(codexHome, clock)
  const what =
    file.kind === 'unmanaged'
      ? `The file that Codex has written ${unmanagedReasons[file.credential.why]}.`
      : file.kind === 'damaged'
        ? 'Codex has written a file that is no auth.json.'
        : `"codex login" ended with ${code} and has written no login.`
  return new KeeperError(
    'codex-failed',
    what,
    'Run the command again and sign in with ChatGPT; on a machine without a browser, with --device. What Codex said stands above.',
  )
}

/** A word of Codex on the folder it works in, which is nothing to the person. */
function isAboutFolder(line: string): boolean {
  return line.includes('could not create PATH aliases')
}

/** The address to go to looks like a token in parts, and must be shown whole; in any other line nothing may. */
function fitLine(line: string): string {
  return /https?:\/\//.test(line) ? line : withoutSecretPieces(line)
}
