import { access, constants, stat } from 'node:fs/promises'
import { authFileIn, observeAuthFile, type ObservedFile } from '../../codex/codex-home.ts'
import { configShadows } from '../../codex/config-shadows.ts'
import type { Hazard } from '../../codex/hazard.ts'
import { findHazards } from '../../codex/hazards.ts'
import { findCodex, type InstalledCodex } from '../../codex/installed-codex.ts'
import { secretValues } from '../../credential/secret-values.ts'
import { messageOf } from '../../keeper-error.ts'
import type { CliContext } from '../context.ts'
import type { Places } from '../places.ts'

/** How a file or folder lies on the disk; undefined where there is none. */
export type Rest =
  | {
      readonly isFolder: boolean
      /** The permission bits. */
      readonly mode: number
      /** It belongs to the user who runs this. */
      readonly isOurs: boolean
      readonly canWrite: boolean
    }
  | undefined

/** What this machine was seen to be like; nothing but it was asked. */
export interface MachineFacts {
  readonly codex: InstalledCodex
  readonly codexHome: string
  readonly home: Rest
  readonly authFile: string
  readonly file: Rest
  readonly document: ObservedFile | { readonly kind: 'unreadable'; readonly problem: string }
  readonly hazards: readonly Hazard[]
  readonly hasApiKey: boolean
}

/** Looks at this machine. Never throws. */
export async function machineFacts(
  { codexHome, tempDirectory }: Places,
  { environment, clock, terminal }: CliContext,
): Promise<MachineFacts> {
  const { shared } = environment
  const authFile = authFileIn(codexHome)
  const [codex, home, file, document] = await Promise.all([
    findCodex(shared, tempDirectory),
    restOf(codexHome),
    restOf(authFile),
    observeAuthFile(codexHome, clock).catch((error: unknown) => ({ kind: 'unreadable' as const, problem: messageOf(error) })),
  ])
  if (document.kind === 'managed') terminal.secrets.add(secretValues(Buffer.from(document.credential.bytes).toString('utf8')))
  const accountId = document.kind === 'managed' ? document.credential.account.id : undefined
  const hazards = await Promise.all([
    findHazards({ codexHome, accountId, workspace: undefined, env: shared, jobTotal: 1, due: false, guard: 'lease' }),
    configShadows(codexHome, accountId),
  ])
  return { codex, codexHome, home, authFile, file, document, hazards: hazards.flat(), hasApiKey: Boolean(shared['OPENAI_API_KEY']) }
}

async function restOf(path: string): Promise<Rest> {
  try {
    const found = await stat(path)
    const canWrite = await access(path, constants.W_OK).then(
      () => true,
      () => false,
    )
    return { isFolder: found.isDirectory(), mode: found.mode & 0o777, isOurs: found.uid === process.getuid?.(), canWrite }
  } catch {
    return undefined
  }
}
