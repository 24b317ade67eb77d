import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Record<string, string | boolean>
}
interface Job {
  readonly permissions?: unknown
  readonly uses?: string
  readonly steps?: readonly Step[]
}
interface Workflow {
  readonly permissions?: unknown
  readonly jobs: Record<string, Job>
}
interface Action {
  readonly inputs: Record<string, { readonly description: string; readonly default?: string }>
  readonly outputs: Record<string, { readonly description: string }>
  readonly runs: Record<'using' | 'pre' | 'pre-if' | 'main' | 'post' | 'post-if', string>
}
interface LockedPackage {
  readonly version: string
  readonly name?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly optional?: boolean
  /** A package of this repository. */
  readonly link?: boolean
  readonly optionalDependencies?: Record<string, string>
}

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8')
const inFolder = (folder: string, ending: string): string[] =>
  existsSync(root + folder)
    ? readdirSync(root + folder)
        .filter((name) => name.endsWith(ending))
        .map((name) => `${folder}/${name}`)
    : []
const git = (...args: string[]): string[] =>
  execFileSync('git', ['-c', 'safe.directory=*', ...args], { cwd: root, encoding: 'utf8', maxBuffer: 1e8 })
    .split('\0')
    .filter(Boolean)

/** What is committed or about to be, without what is deleted and not yet committed. */
const files = git('ls-files', '-z', '--cached', '--others', '--exclude-standard').filter((path) => existsSync(root + path))
const action = parse(read('action.yml')) as Action
const lock = (JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> }).packages
const examples = inFolder('examples', '.yml')
const workflows = inFolder('.github/workflows', '.yml')
const workflow = (path: string): Workflow => parse(read(path)) as Workflow
const jobsOf = (path: string): Job[] => Object.values(workflow(path).jobs)
const stepsOf = (path: string): Step[] => jobsOf(path).flatMap(({ steps }) => steps ?? [])

describe('action.yml', () => {
  test('names files that are committed', () => {
    const { pre, main, post } = action.runs
    expect(files).toEqual(expect.arrayContaining([pre, main, post]))
  })

  test('starts pre only for jobs that ask for it, and post always', () => {
    expect(action.runs).toMatchObject({ using: 'node24', 'pre-if': "env.CODEX_AUTH_RESTORE_AT == 'job-start'", 'post-if': 'always()' })
  })
})

test('README.md documents every input and output', () => {
  const inputs = Object.entries(action.inputs).filter(([, { description }]) => !description.startsWith('Leave it alone.'))
  const names = [...inputs.map(([name]) => name), ...Object.keys(action.outputs)]
  const readme = read('README.md')
  expect(names.filter((name) => !readme.includes(`\n| \`${name}\` |`))).toEqual([])
})

describe.each([...workflows, ...examples])('%s', (path) => {
  test('starts with no permission', () => {
    expect(workflow(path).permissions).toEqual({})
    for (const job of jobsOf(path)) expect(job.permissions).toBeDefined()
  })

  test('pins every action of others by commit', () => {
    const loose = [...stepsOf(path), ...jobsOf(path)]
      .flatMap(({ uses }) => uses ?? [])
      .filter((uses) => !uses.startsWith('./') && !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses))
    expect(loose).toEqual([])
    // The comment tells people, and dependabot, which version the commit is.
    const bare = read(path)
      .split('\n')
      .filter((line) => /@[0-9a-f]{40}/.test(line) && !/@[0-9a-f]{40} # v\d+(\.\d+)*$/.test(line))
    expect(bare).toEqual([])
  })

  test('gives the action only inputs that exist', () => {
    const given = stepsOf(path)
      .filter(({ uses }) => uses === './')
      .flatMap((step) => Object.keys(step.with ?? {}))
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(given))
  })
})

test('one action has one pin in all workflows and examples', () => {
  const pins = new Map<string, Set<string>>()
  for (const { uses = '' } of [...workflows, ...examples].flatMap(stepsOf)) {
    const [name = '', pin] = uses.split('@')
    if (pin !== undefined) pins.set(name, (pins.get(name) ?? new Set()).add(pin))
  }
  expect([...pins].filter(([, commits]) => commits.size > 1)).toEqual([])
})

describe('dist', () => {
  const bundles = (): string[] => inFolder('dist', '.js')

  test('has a file for each stage; pre does what main does', () => {
    expect(read('dist/pre.js')).toBe("import './main.js'\n")
    expect(bundles()).toEqual(expect.arrayContaining(['dist/main.js', 'dist/post.js', 'dist/cache-upload.js']))
  })

  test('holds one copy of each module, and those that only a write to the cache needs are in no file of a stage', () => {
    const modules = bundles().flatMap((path) => modulesOf(read(path)))
    expect(modules.length).toBeGreaterThan(100)
    expect(modules.filter((module, index) => modules.indexOf(module) < index)).toEqual([])
    const ofStages = ['main', 'post', 'shared'].flatMap((name) => modulesOf(read(`dist/${name}.js`)))
    expect(ofStages).toContain('src/action/post-stage.ts')
    expect(ofStages.filter((module) => /http-client|@azure|@actions\/(cache|exec)\//.test(module))).toEqual([])
  })

  test('asks Node for its own modules one by one, and compiles no code from text at the start', () => {
    for (const path of bundles()) expect(read(path)).not.toMatch(/^import .* from "(node:|(?:fs|path|os|util|crypto|http|https)")/m)
    for (const name of ['main', 'post', 'shared']) expect(read(`dist/${name}.js`)).not.toContain('new Function')
  })

  test('carries the script of the store ssh', () => {
    expect(read('dist/codex-auth-store.sh')).toBe(read('src/stores/ssh/codex-auth-store.sh'))
  })

  test('carries the licence of every package that is inside', () => {
    const licences = new Set(read('dist/licenses.txt').split('\n'))
    const folders = [...bundles(), ...inFolder('dist/cli', '.js')]
      .flatMap((path) => modulesOf(read(path)))
      .flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])
    const shipped = [...new Set(folders)].map((path) => {
      const { name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), version } = lock[path] ?? {}
      return ` - ${name}@${version ?? ''}`
    })
    expect(shipped.length).toBeGreaterThan(50)
    expect(shipped.filter((line) => !licences.has(line))).toEqual([])
  })

  test('is the same on every platform: no licence of a package that only one has', () => {
    expect(
      read('dist/licenses.txt')
        .split('\n')
        .filter((line) => line.startsWith(' - node-linux-')),
    ).toEqual([])
  })
})

/** The modules that the bundler put into a file, by their paths. */
function modulesOf(bundle: string): string[] {
  return [...bundle.matchAll(/^\/\/ ((?:src|node_modules)\/\S+)$/gm)].map(([, path = '']) => path)
}

describe('package-lock.json', () => {
  test('names no place to download from', () => {
    expect(Object.entries(lock).filter(([, { resolved, link = false }]) => resolved !== undefined && !link)).toEqual([])
  })

  test('has a checksum for every package', () => {
    const others = Object.entries(lock).filter(([path, { link = false }]) => path.includes('node_modules/') && !link)
    const unchecked = others.filter(([, { integrity }]) => !/^sha512-\S{88}$/.test(integrity ?? ''))
    expect(unchecked.map(([path]) => path)).toEqual([])
  })

  test('has the packages of every platform, or npm ci refuses it', () => {
    const missing = Object.entries(lock).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.entries(optionalDependencies)
        .filter(([name, wanted]) => !isLocked(path, name, wanted))
        .map(([name]) => `${name} of ${path}`),
    )
    expect(missing).toEqual([])
  })
})

/** Whether the lock has that package where Node finds it from there, in that version when it is an exact one. */
function isLocked(from: string, name: string, wanted: string): boolean {
  const place = `node_modules/${name}`
  const folders = from
    .split('/node_modules/')
    .map((_, index, parts) => parts.slice(0, index + 1).join('/node_modules/'))
    .reverse()
  const found = [...folders.map((folder) => `${folder}/${place}`), place].flatMap((path) => lock[path] ?? []).at(0)
  const exact = /(?:^|@)(\d+\.\d+\.\d+[^@]*)$/.exec(wanted)?.[1]
  return found !== undefined && (exact === undefined || found.version === exact)
}

test('the archive that a runner downloads holds the action, and what tells people whose it is', () => {
  const entries = [...new Set(files.map((path) => path.split('/')[0] ?? ''))]
  const shipped = entries.filter((name) => git('check-attr', '-z', 'export-ignore', '--', name).at(2) !== 'set')
  expect(shipped.sort()).toEqual(['LICENSE', 'README.md', 'SECURITY.md', 'action.yml', 'dist'])
})

test('the package needs no other, and brings no more than the command line', () => {
  const { dependencies, optionalDependencies, bin } = JSON.parse(read('package.json')) as Record<string, unknown>
  expect({ dependencies, optionalDependencies, bin }).toEqual({ bin: { 'codex-auth-keeper': 'dist/cli.js' } })
})

test('what the packages of an update do is done without a permission to write', () => {
  const { build, commit } = workflow('.github/workflows/update-dist.yml').jobs
  expect(build?.permissions).toEqual({ contents: 'read' })
  const commands = (commit?.steps ?? []).map(({ run = '' }) => run).join('\n')
  expect(commands).not.toMatch(/\b(?:npm|npx|node|\.ci)\b/)
})

describe('what is committed', () => {
  // Put together here, so that this file does not name them.
  const hosts = [
    ['registry', 'npmjs', 'org'],
    ['registry', 'yarnpkg', 'com'],
    ['npm', 'pkg', 'github', 'com'],
    ['pypi', 'org'],
    ['proxy', 'golang', 'org'],
    ['crates', 'io'],
    ['deb', 'debian', 'org'],
  ].map((labels) => labels.join('.'))
  // This checkout, where its path is long enough to mean nothing else, and every home that is not one of our examples.
  const checkout = root.split('/').length > 3 ? [new RegExp(`${root.slice(0, -1).replaceAll(/[.+]/g, '\\$&')}\\b`)] : []
  const machine = [...checkout, /\/root\//, /\/Users\/\w/, /\/home\/(?!ci\/|codex\/|linuxbrew\/|runner\/)[\w-]+\//].map(
    ({ source }) => source,
  )
  const named = (pattern: RegExp, among: readonly string[]): string[] =>
    among
      .filter((path) => statSync(root + path).size < 5e6)
      .flatMap((path) =>
        read(path)
          .split('\n')
          .flatMap((line, index) => (pattern.test(line) ? `${path}:${index + 1}: ${line.trim().slice(0, 120)}` : [])),
      )

  test('names no package registry', () => {
    expect(named(new RegExp(hosts.map((host) => `\\b${host.replaceAll('.', '\\.')}\\b`).join('|')), files)).toEqual([])
  })

  test('names no path of a machine it was made on', () => {
    const written = files.filter((path) => !path.startsWith('dist/'))
    expect(named(new RegExp(`(?<![\\w.*}-])(?:${machine.join('|')})`), written)).toEqual([])
  })
})
