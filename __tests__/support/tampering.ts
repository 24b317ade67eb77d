import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallStep, ScriptStep } from './fake-runner/job-spec.ts'

/** What a hostile step can prepare for the processes that come after it, each trap noticed when it goes off. */
export interface Tampering {
  /** Puts variables, its own unless others are given, into GITHUB_ENV and the folder of planted programs into GITHUB_PATH. */
  step(chosen?: Readonly<Record<string, string>>): CallStep
  /** Goes into the traps, as a step without protection does. */
  readonly victim: ScriptStep
  /** The variables it sets. */
  readonly variables: Readonly<Record<string, string>>
  /** What went off since the last call: each once: names of planted programs and files, `proxy`. */
  sprung(): string[]
  close(): Promise<void>
}

/** Programs that stores or their children may look up. */
const programs = ['git', 'ssh', 'bash', 'sh', 'cat', 'mv', 'sha256sum', 'cut', 'tar', 'gzip', 'zstd', 'node', 'codex', 'env']

export async function tampering(): Promise<Tampering> {
  const root = mkdtempSync(join(tmpdir(), 'tampering-'))
  const [bin, home, marks] = [join(root, 'bin'), join(root, 'home'), join(root, 'marks')]
  for (const folder of [bin, join(home, '.ssh'), join(root, 'hooks')]) mkdirSync(folder, { recursive: true })
  const plant = (name: string, ...place: string[]): string => {
    const file = join(root, ...place)
    writeFileSync(file, `#!/bin/dash\necho ${name} >> '${marks}'\nexit 1\n`)
    chmodSync(file, 0o755)
    return file
  }
  for (const program of programs) plant(program, 'bin', program)
  const program = plant('a program of a variable', 'planted')
  const proxy = await trap()
  const config = join(home, '.gitconfig')
  writeFileSync(
    config,
    `[core]\n\tsshCommand = ${program}\n\thooksPath = ${join(root, 'hooks')}\n\tfsmonitor = ${program}\n` +
      `[credential]\n\thelper = ${program}\n[http]\n\tproxy = ${proxy.url}\n`,
  )
  for (const hook of ['pre-push', 'reference-transaction', 'post-commit']) plant('a hook', 'hooks', hook)
  writeFileSync(join(home, '.ssh', 'config'), `Host *\n\tProxyCommand ${program}\n\tUserKnownHostsFile /dev/null\n`)
  const script = join(root, 'script')
  writeFileSync(script, `echo 'a start-up file' >> '${marks}'\n`)
  for (const name of ['.bashrc', '.profile', '.bash_profile']) writeFileSync(join(home, name), readFileSync(script))

  const variables = {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: home,
    XDG_CONFIG_HOME: home,
    CODEX_HOME: home,
    TMPDIR: home,
    GIT_SSH_COMMAND: program,
    GIT_SSH: program,
    GIT_PROXY_COMMAND: program,
    GIT_ASKPASS: program,
    GIT_EXEC_PATH: bin,
    GIT_CONFIG_GLOBAL: config,
    GIT_CONFIG_SYSTEM: config,
    GIT_TEMPLATE_DIR: root,
    GIT_DIR: root,
    GIT_EXTERNAL_DIFF: program,
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'core.sshCommand',
    GIT_CONFIG_VALUE_0: program,
    GIT_CONFIG_KEY_1: 'http.proxy',
    GIT_CONFIG_VALUE_1: proxy.url,
    GIT_TRACE_CURL: join(root, 'git-trace'),
    GIT_TRACE: join(root, 'git-trace'),
    GIT_SSL_NO_VERIFY: '1',
    SSH_ASKPASS: program,
    SSH_ASKPASS_REQUIRE: 'force',
    DISPLAY: ':0',
    SSH_AUTH_SOCK: join(root, 'agent'),
    BASH_ENV: script,
    ENV: script,
    PROMPT_COMMAND: program,
    'BASH_FUNC_cat%%': `() { echo 'a function' >> '${marks}'; }`,
    SHELLOPTS: 'xtrace',
    LD_LIBRARY_PATH: root,
    TAR_OPTIONS: `--to-command=${program}`,
    GZIP: '--verbose',
    NODE_EXTRA_CA_CERTS: join(root, 'authority.pem'),
    NODE_USE_ENV_PROXY: '1',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    SSL_CERT_FILE: join(root, 'authority.pem'),
    SSL_CERT_DIR: root,
    ...Object.fromEntries(
      ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'].map((name) => [name, proxy.url]),
    ),
    NO_PROXY: '',
    no_proxy: '',
  }
  return {
    variables,
    step: (chosen = variables) => ({
      id: 'tampers',
      call: ({ GITHUB_ENV = '', GITHUB_PATH = '' }) => {
        writeFileSync(
          GITHUB_ENV,
          Object.entries(chosen)
            .map(([name, value]) => `${name}=${value}\n`)
            .join(''),
        )
        writeFileSync(GITHUB_PATH, `${bin}\n`)
      },
    }),
    victim: {
      id: 'victim',
      shell: 'bash',
      continueOnError: true,
      run: 'set +e; git --version; ssh -V; cat /dev/null; unset GIT_EXEC_PATH GIT_DIR; for url in http ssh; do /usr/bin/git ls-remote $url://127.0.0.1:9/; done; exit 0',
    },
    sprung: () => {
      const seen = existsSync(marks) ? readFileSync(marks, 'utf8').trimEnd().split('\n') : []
      if (existsSync(join(root, 'git-trace'))) seen.push('a trace of git')
      for (const file of [marks, join(root, 'git-trace')]) rmSync(file, { force: true })
      return [...new Set([...seen, ...(proxy.taken() > 0 ? ['proxy'] : [])])]
    },
    close: async () => {
      await proxy.close()
      rmSync(root, { recursive: true })
    },
  }
}

/** A port that counts who comes, and turns everybody away. */
async function trap(): Promise<{ url: string; taken: () => number; close: () => Promise<void> }> {
  let count = 0
  const server = createServer((socket) => {
    count += 1
    socket.on('error', () => undefined).destroy()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: () => {
      const taken = count
      count = 0
      return taken
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
      }),
  }
}
