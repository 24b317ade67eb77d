import { rm } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { authFileIn, observeDocument } from '../../codex/codex-home.ts'
import { secretValues } from '../../credential/secret-values.ts'
import type { CliContext } from '../context.ts'
import { keptFolder, loginFolderPrefix, type NewLogin } from '../new-login.ts'
import { wrongUsage } from '../wrong-usage.ts'

/**
 * A login that an earlier run could not hand over and has kept.
 * @param named as the person names the file
 * @throws KeeperError invalid-inputs where it is not such a file, or holds no login
 */
export async function keptLogin(named: string, { home, cwd, terminal }: CliContext): Promise<NewLogin> {
  const path = resolve(cwd, named)
  const folder = dirname(path)
  const isKept = folder === keptFolder(home) || (basename(folder).startsWith(loginFolderPrefix) && path === authFileIn(folder))
  if (!isKept) {
    throw wrongUsage(
      `${path} was not kept by an earlier login.`,
      'Leave --from out to make a new login; to hand on the login that a machine uses, there are sync and deploy.',
    )
  }
  const file = await observeDocument(path)
  if (file.kind !== 'managed')
    throw wrongUsage(`${path} ${file.kind === 'missing' ? 'is not there' : 'holds no login'}.`, 'Name another file.')
  terminal.secrets.add(secretValues(Buffer.from(file.credential.bytes).toString('utf8')))
  return {
    credential: file.credential,
    discard: () => rm(folder === keptFolder(home) ? path : folder, { recursive: true, force: true }),
    keep: () => Promise.resolve(path),
  }
}
