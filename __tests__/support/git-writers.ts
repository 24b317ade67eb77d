import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { GitStoreForOptions } from './git-store-for.ts'

/** What a writer process is started with: the text after `git:` and options that JSON can carry. */
export type GitWriterStart = { readonly address: string } & Pick<GitStoreForOptions, 'ssh' | 'serverUrl' | 'tempDir'>

export type GitWriterOrder =
  { readonly do: 'read' } | { readonly do: 'write'; readonly document: string; readonly ifVersion: string | null }

export interface GitWriter {
  /** Gives the kind of the outcome, 'transient', or the text of the error; of a read the document. */
  order(order: GitWriterOrder): Promise<string>
  /** Ends the process and waits for it. */
  end(): Promise<void>
}

/** Starts a process that opens the store; the token comes over its environment alone, as in a job. */
export async function startGitWriter(start: GitWriterStart, extra: Readonly<Record<string, string>> = {}, cwd = '/'): Promise<GitWriter> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('git-writer.ts', import.meta.url)), JSON.stringify(start)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd,
    env: { PATH: '/usr/bin:/bin', ...extra },
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error('The writer process ended.')
    return JSON.parse(value) as string
  }
  await next()
  return {
    order: (order) => {
      child.stdin.write(`${JSON.stringify(order)}\n`)
      return next()
    },
    end: async () => {
      child.stdin.end()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
