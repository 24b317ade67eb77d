import * as z from 'zod/mini'
import { parse } from 'yaml'
import { isKeeper } from '../../workflow-step.ts'

/** What a workflow file says, as far as a login cares. */
export interface Workflow {
  /** Path in the clone. */
  readonly file: string
  readonly name: string | undefined
  /** The lines of `on.schedule`. */
  readonly crons: readonly string[]
  readonly concurrency: Concurrency | undefined
  readonly jobs: readonly Job[]
}

export interface Job {
  readonly id: string
  /** What stands in `if`. */
  readonly condition: string
  readonly isHosted: boolean
  /** Of the job, else of the workflow. */
  readonly permissions: Permissions
  readonly concurrency: Concurrency | undefined
  readonly matrix: Matrix | undefined
  readonly needs: readonly string[]
  readonly restoresAtStart: boolean
  readonly steps: readonly Step[]
}

export interface Step {
  readonly uses: string
  readonly run: string
  readonly inputs: Readonly<Record<string, string>>
}

export interface Concurrency {
  readonly group: string
  readonly cancels: 'never' | 'always' | 'perhaps'
  readonly queue: string
}

export interface Matrix {
  readonly maxParallel: string
  readonly failFast: boolean
}

/** What the job's token may do: `unset` where only the repository's settings tell. */
export type Permissions = 'unset' | 'write-all' | 'read-all' | Readonly<Record<string, string>>

/** One step that uses the keeper, and all around it. */
export interface KeeperUse {
  readonly workflow: Workflow
  readonly job: Job
  /** Which step of the job it is. */
  readonly index: number
  readonly step: Step
  /** The lines of `store`. */
  readonly stores: readonly string[]
  readonly slot: string
}

const scalar = z.union([z.string(), z.number(), z.boolean()])
const text = z.catch(z._default(z.pipe(scalar, z.transform(String)), ''), '')
const texts = z.catch(z._default(z.record(z.string(), text), {}), {})
const concurrency = z.catch(
  z.optional(
    z.union([
      z.pipe(
        z.string(),
        z.transform((group) => ({ group, 'cancel-in-progress': 'false', queue: '' })),
      ),
      z.looseObject({ group: text, 'cancel-in-progress': text, queue: text }),
    ]),
  ),
  undefined,
)
const permissions = z.catch(z.optional(z.nullable(z.union([z.string(), z.record(z.string(), z.string())]))), undefined)
const step = z.catch(z.looseObject({ uses: text, run: text, with: texts }), { uses: '', run: '', with: {} })
const job = z.looseObject({
  if: text,
  'runs-on': z.catch(z.unknown(), undefined),
  permissions,
  concurrency,
  strategy: z.catch(z.optional(z.looseObject({ matrix: z.unknown(), 'max-parallel': text, 'fail-fast': text })), undefined),
  needs: z.catch(z._default(z.union([z.string(), z.array(z.string())]), []), []),
  env: texts,
  steps: z.catch(z._default(z.array(step), []), []),
})
const schedule = z.looseObject({ schedule: z.catch(z.optional(z.array(z.looseObject({ cron: text }))), undefined) })
const document = z.looseObject({
  name: z.catch(z.optional(z.string()), undefined),
  on: z.catch(z.optional(schedule), undefined),
  permissions,
  concurrency,
  env: texts,
  jobs: z.record(z.string(), z.catch(z.optional(job), undefined)),
})

/** Reads a workflow; undefined for what is none, which GitHub would not run either. @param file its path in the clone */
export function parseWorkflow(source: string, file: string): Workflow | undefined {
  const found = document.safeParse(parsedYaml(source))
  if (!found.success) return undefined
  const { data } = found
  return {
    file,
    name: data.name,
    crons: (data.on?.schedule ?? []).map(({ cron }) => cron),
    concurrency: concurrencyOf(data.concurrency),
    jobs: Object.entries(data.jobs).flatMap(([id, one]) => (one === undefined ? [] : [jobOf(id, one, data)])),
  }
}

/** The steps that use the keeper with a store. */
export function keeperUses(workflow: Workflow): KeeperUse[] {
  return workflow.jobs.flatMap((one) =>
    one.steps.flatMap((found, index) => {
      if (!isKeeper(found.uses) || !found.inputs['store']?.trim()) return []
      const stores = found.inputs['store'].split('\n').map((line) => line.trim())
      const slot = found.inputs['slot']?.trim() || 'default'
      return [{ workflow, job: one, index, step: found, stores: stores.filter((line) => line !== ''), slot }]
    }),
  )
}

/** Where a use stands, as people are told. */
export function placeOf({ workflow, job: { id } }: Pick<KeeperUse, 'workflow' | 'job'>): string {
  return `${workflow.file}, job ${id}`
}

function parsedYaml(source: string): unknown {
  try {
    return parse(source, { logLevel: 'silent' })
  } catch {
    return undefined
  }
}

function jobOf(id: string, found: z.infer<typeof job>, workflow: z.infer<typeof document>): Job {
  const strategy = found.strategy
  return {
    id,
    condition: found.if,
    isHosted: isHosted(found['runs-on']),
    permissions: permissionsOf(found.permissions === undefined ? workflow.permissions : found.permissions),
    concurrency: concurrencyOf(found.concurrency),
    matrix:
      strategy?.matrix === undefined
        ? undefined
        : { maxParallel: strategy['max-parallel'], failFast: strategy['fail-fast'].toLowerCase() !== 'false' },
    needs: [found.needs].flat(),
    restoresAtStart: (found.env['CODEX_AUTH_RESTORE_AT'] ?? workflow.env['CODEX_AUTH_RESTORE_AT']) === 'job-start',
    steps: found.steps.map(({ uses, run, with: inputs }) => ({ uses, run, inputs })),
  }
}

/** GitHub's own machines, by the names that it gives them. */
function isHosted(runsOn: unknown): boolean {
  return typeof runsOn === 'string' && /^(?:ubuntu|macos|windows)-/.test(runsOn)
}

function permissionsOf(found: z.infer<typeof permissions>): Permissions {
  if (found === undefined) return 'unset'
  if (found === null) return {}
  if (typeof found !== 'string') return found
  return found === 'write-all' || found === 'read-all' ? found : {}
}

function concurrencyOf(found: z.infer<typeof concurrency>): Concurrency | undefined {
  if (found === undefined) return undefined
  const cancels = found['cancel-in-progress'].trim().toLowerCase()
  return {
    group: found.group,
    queue: found.queue,
    cancels: cancels === 'true' ? 'always' : cancels === '' || cancels === 'false' ? 'never' : 'perhaps',
  }
}
