import type { JobSpec } from './fake-runner/job-spec.ts'
import type { MachineKind } from './fake-runner/machine-places.ts'
import { cachePlace } from './store-places/cache.ts'
import { commandPlace } from './store-places/command.ts'
import { gitStorePlace } from './store-places/git.ts'
import { kubernetesPlace } from './store-places/kubernetes.ts'
import { runnerPlace } from './store-places/runner.ts'
import { s3Place } from './store-places/s3.ts'
import { secretPlace } from './store-places/github-secret.ts'
import { sshPlace } from './store-places/ssh.ts'
import { vaultPlace } from './store-places/vault.ts'

export type StoreName = 'runner' | 'cache' | 'command' | 'git' | 'ssh' | 'github-secret' | 'kubernetes' | 'vault' | 's3'

/** How many of the next operations fail; `always`: until `heal`. */
export type Times = number | 'always'

/** What a job of a workflow with this store says, and what GitHub gives it when it starts. */
export interface PlaceJob {
  /** The keeper's inputs, as they stand in `with:`. */
  readonly inputs: Readonly<Record<string, string>>
  readonly spec: Pick<JobSpec, 'secrets' | 'services' | 'githubToken' | 'serverUrl' | 'apiUrl'>
}

/** The real server (or disk) behind one store, as people, other jobs and outages see it. */
export interface StorePlace {
  readonly name: StoreName
  /** The line of the `store` input. */
  readonly line: string
  /** The machines that can use it. */
  readonly machineKind: MachineKind
  /** What those machines have in their own environment. */
  readonly machineEnv: Readonly<Record<string, string>>
  /** What those machines hold and nobody may see, besides the secrets of the job. */
  readonly machineSecrets?: readonly string[]
  /** A person sets the login up: from now on jobs get this document as `auth-json`. */
  readonly seed: (text: string) => void
  /** A job that starts now. */
  readonly job: () => PlaceJob
  /** What is stored, opened but otherwise as it lies there; not read with the store's own code. */
  readonly contents: () => Promise<Uint8Array | undefined>
  /** What it looks like there when a job has stored these bytes. */
  readonly held: (bytes: Uint8Array) => Uint8Array
  /** A person, or a job elsewhere, puts a copy there. */
  readonly put: (bytes: Uint8Array) => Promise<void>
  /** A job elsewhere writes the lease; absent where there is none. */
  readonly putLease?: (bytes: Uint8Array) => Promise<void>
  /** Somebody removes what is stored. */
  readonly empty: () => Promise<void>
  readonly failReads: (times: Times) => Promise<void>
  readonly failWrites: (times: Times) => Promise<void>
  /** The next writes of jobs are done, and nobody hears of it; absent where a write cannot end so. */
  readonly loseAnswers?: (times: Times) => Promise<void>
  /** Every operation takes so many milliseconds longer, until `heal`; absent where nothing is to be waited for. */
  readonly slow?: (milliseconds: number) => Promise<void>
  readonly heal: () => Promise<void>
  /** How many writes of jobs have succeeded. */
  readonly writes: () => Promise<number>
  /** The tokens that jobs were given by the servers of this place; none may be shown or left. */
  readonly secrets?: () => readonly string[]
  readonly close: () => Promise<void>
}

export const storePlaces: Readonly<Record<StoreName, () => Promise<StorePlace>>> = {
  // The one whose outages last longest is not the last: its tests wait while those of others work.
  runner: runnerPlace,
  'github-secret': secretPlace,
  cache: cachePlace,
  command: commandPlace,
  git: gitStorePlace,
  ssh: sshPlace,
  kubernetes: kubernetesPlace,
  vault: vaultPlace,
  s3: s3Place,
}

export const storeNames = Object.keys(storePlaces) as StoreName[]

/** Those whose jobs take turns at refreshing. */
export const storesWithLease = ['runner', 'git', 'ssh', 'vault', 's3', 'kubernetes'] as const satisfies readonly StoreName[]
