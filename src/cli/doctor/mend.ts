import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { messageOf } from '../../keeper-error.ts'
import type { CliContext } from '../context.ts'
import type { Finding, Mend } from './finding.ts'

/** What became of one thing that could be mended. */
export type Mended =
  | { readonly kind: 'mended'; readonly what: string }
  | { readonly kind: 'failed'; readonly what: string; readonly why: string }
  /** The person was asked and said no, or nobody could be asked. */
  | { readonly kind: 'left'; readonly what: string }

/**
 * Mends what is safe at once, and asks before it changes what somebody has written; where nobody can answer that is left as it is.
 * Never throws.
 */
export async function mendAll(
  findings: readonly Finding[],
  { questions }: Pick<CliContext, 'questions'>,
  canAsk: boolean,
): Promise<Mended[]> {
  const mended: Mended[] = []
  for (const finding of findings) {
    if (finding.level === 'ok' || finding.mend === undefined) continue
    const { mend } = finding
    const what = mendWords(mend)
    if (mend.kind !== 'mode' && !(canAsk && (await questions.confirm(`${what}?`, { flag: '--fix' })))) mended.push({ kind: 'left', what })
    else mended.push(await done(mend, what))
  }
  return mended
}

async function done(mend: Mend, what: string): Promise<Mended> {
  try {
    if (mend.kind === 'mode') await chmod(mend.path, mend.mode)
    else await correctCredentialsStore(mend.path)
    return { kind: 'mended', what }
  } catch (error) {
    return { kind: 'failed', what, why: messageOf(error) }
  }
}

function mendWords(mend: Mend): string {
  switch (mend.kind) {
    case 'mode':
      return `Set the mode of ${mend.path} to ${mend.mode.toString(8).padStart(4, '0')}`
    case 'credentials-store':
      return `Set cli_auth_credentials_store = "file" in ${mend.path}`
  }
}

/** Replaces the one line, and the file at once. @throws Error where there is no such line before the first table */
async function correctCredentialsStore(path: string): Promise<void> {
  const text = await readFile(path, 'utf8')
  const corrected = withFileStore(text)
  if (corrected === undefined) throw new Error('the setting is not a line of its own; change it by hand')
  const place = await realpath(path)
  const temporary = `${place}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, corrected, { flag: 'wx', mode: (await stat(place)).mode & 0o777 })
    await rename(temporary, place)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** The configuration with the login in a file; undefined where the line cannot be told from others with certainty. */
export function withFileStore(text: string): string | undefined {
  const firstTable = /^\s*\[/m.exec(text)?.index ?? text.length
  const top = text.slice(0, firstTable)
  const line = /^([ \t]*cli_auth_credentials_store[ \t]*=[ \t]*)(?:"[^"\n]*"|'[^'\n]*')/gm
  // Inside of a text of several lines it would be no setting.
  if (/"""|'''/.test(top) || [...top.matchAll(line)].length !== 1) return undefined
  return top.replace(line, '$1"file"') + text.slice(firstTable)
}
