import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A bare repository on this disk that plays the server's, and what a test does to it behind everybody's back. */
export interface BareRepository {
  readonly directory: string
  /** Runs git in it and gives its output without the final newline. */
  git(args: readonly string[], stdin?: Uint8Array | string): Promise<string>
  /** Object id of a ref; undefined when there is none. */
  oidOf(ref: string): Promise<string | undefined>
  /** Points a ref to a new commit without parents that holds one file. */
  plant(ref: string, file: string, bytes: Uint8Array): Promise<string>
  /** Makes a hook of these shell lines; undefined removes it. Its parent is the git that receives the push. */
  hook(name: 'pre-receive' | 'post-receive', script: string | undefined): Promise<void>
}

export async function bareRepository(directory: string): Promise<BareRepository> {
  const git = (args: readonly string[], stdin: Uint8Array | string = ''): Promise<string> => run(['--git-dir', directory, ...args], stdin)
  await run(['init', '--quiet', '--bare', directory])
  await git(['config', 'http.receivepack', 'true'])
  await git(['config', 'gc.auto', '0'])
  const oidOf = async (ref: string): Promise<string | undefined> => {
    const line = await git(['for-each-ref', '--format=%(objectname)', ref])
    return line === '' ? undefined : line
  }
  const plant = async (ref: string, file: string, bytes: Uint8Array): Promise<string> => {
    const blob = await git(['hash-object', '-w', '--stdin'], bytes)
    const tree = await git(['mktree'], `100644 blob ${blob}\t${file}\n`)
    const commit = await git(['commit-tree', tree, '-m', 'planted by a test'])
    await git(['update-ref', ref, commit])
    return commit
  }
  const hook: BareRepository['hook'] = async (name, script) => {
    const file = join(directory, 'hooks', name)
    if (script === undefined) await rm(file, { force: true })
    else await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  return { directory, git, oidOf, plant, hook }
}

function run(args: readonly string[], stdin: Uint8Array | string = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      args,
      {
        env: {
          PATH: process.env['PATH'],
          HOME: '/nonexistent',
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_AUTHOR_NAME: 'test',
          GIT_AUTHOR_EMAIL: 'test@localhost',
          GIT_COMMITTER_NAME: 'test',
          GIT_COMMITTER_EMAIL: 'test@localhost',
        },
      },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`git ${args.join(' ')}: ${stderr}`, { cause: error }))
        else resolve(stdout.trimEnd())
      },
    )
    child.stdin?.on('error', () => undefined).end(stdin)
  })
}
