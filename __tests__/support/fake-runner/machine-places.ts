import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { machineDisk } from '../machine-disk.ts'
import { node24Path } from './node24.ts'

export type MachineKind = 'hosted' | 'self-hosted' | 'container'

export interface MachineOptions {
  /** `container`: the marks of a job container (HOME and workspace by name); the folders themselves are elsewhere. */
  readonly kind?: MachineKind
  /** `owner/name` of the workflow's repository. */
  readonly repository?: string
  /** What the machine's own environment adds, for instance proxies or a locale. */
  readonly env?: Readonly<Record<string, string>>
  /** PATH of the machine; by default Node 24 and the system's folders. */
  readonly path?: string
  /** Keeps it on the disk: the sandbox of Codex has a /dev of its own, so that what the model runs would not see a workspace in memory. */
  readonly onDisk?: boolean
}

export interface MachinePlaces {
  readonly kind: MachineKind
  readonly repository: string
  readonly root: string
  readonly home: string
  readonly workspace: string
  readonly temp: string
  readonly toolCache: string
  /** For the names of pipes; not a place a job knows. */
  readonly pipes: string
  /** The environment the runner itself was started with. */
  readonly env: Readonly<Record<string, string>>
}

/** Makes the folders of a new machine. */
export function createPlaces(options: MachineOptions): MachinePlaces {
  const { kind = 'hosted', repository = 'your-org/your-repo' } = options
  const root = realpathSync(mkdtempSync(join(options.onDisk ? tmpdir() : machineDisk(), 'runner-')))
  const name = repository.split('/').at(-1) ?? repository
  const home = join(root, 'home', kind === 'self-hosted' ? 'ci' : 'runner')
  const work = kind === 'self-hosted' ? join(root, 'actions-runner', '_work') : join(home, 'work')
  const places: MachinePlaces = {
    kind,
    repository,
    root,
    home,
    workspace: join(work, name, name),
    temp: join(work, '_temp'),
    toolCache: kind === 'self-hosted' ? join(work, '_tool') : join(root, 'hostedtoolcache'),
    pipes: join(root, 'pipes'),
    env: {
      PATH: options.path ?? `${dirname(node24Path())}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      HOME: kind === 'container' ? '/github/home' : home,
      USER: kind === 'self-hosted' ? 'ci' : 'runner',
      LANG: 'C.UTF-8',
      ...options.env,
    },
  }
  for (const folder of [home, places.workspace, places.temp, places.toolCache, places.pipes]) {
    mkdirSync(folder, { recursive: true })
  }
  return places
}

/** What the runner does with RUNNER_TEMP at the start and the end of a job. */
export function emptyTemp(places: MachinePlaces): void {
  mkdirSync(places.temp, { recursive: true })
  for (const name of readdirSync(places.temp)) rmSync(join(places.temp, name), { recursive: true, force: true })
}
