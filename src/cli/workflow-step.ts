import * as z from 'zod/mini'
import { parse } from 'yaml'
import { wrongUsage } from './wrong-usage.ts'

/** What a workflow says of a login. */
export interface WorkflowStep {
  /** The lines of `store`. */
  readonly stores: readonly string[]
  readonly slot: string
  /** The other inputs as they stand in `with:`, expressions and all. */
  readonly inputs: Readonly<Record<string, string>>
}

const inputs = z.catch(z.optional(z.record(z.string(), z.unknown())), undefined)
const step = z.looseObject({ uses: z.optional(z.string()), with: inputs })
const job = z.looseObject({ uses: z.optional(z.string()), with: inputs, steps: z.optional(z.array(z.catch(step, {}))) })
const workflow = z.looseObject({ jobs: z.record(z.string(), z.catch(job, {})) })

/**
 * The steps of a workflow that use the keeper, each with all its inputs; those that say the same appear once.
 * @throws KeeperError invalid-inputs where the text is no workflow
 */
export function keeperStepsIn(text: string, file: string): WorkflowStep[] {
  let document: unknown
  try {
    document = parse(text, { logLevel: 'silent' })
  } catch {
    throw wrongUsage(`${file} is not YAML.`, 'Name a workflow file.')
  }
  const result = workflow.safeParse(document)
  if (!result.success) throw wrongUsage(`${file} is not a workflow: it has no jobs.`, 'Name a workflow file.')
  const steps = Object.values(result.data.jobs).flatMap((found) => [found, ...(found.steps ?? [])])
  const found = steps.flatMap(({ uses = '', with: given }) => (isKeeper(uses) && given?.['store'] ? [stepOf(given)] : []))
  return [...new Map(found.map((one) => [JSON.stringify([one.stores, one.slot]), one])).values()]
}

/** The action, a workflow of its repository, the checkout itself, or a folder of the checkout that holds the action. */
export function isKeeper(uses: string): boolean {
  return uses === './' || /^[\w.-]+\/codex-auth-keeper(?:\/[^@]*)?@/.test(uses) || /^\.\/(?:.*\/)?codex-auth-keeper\/?$/.test(uses)
}

function stepOf(given: Readonly<Record<string, unknown>>): WorkflowStep {
  const text = (name: string): string => scalarText(given[name])
  return {
    stores: text('store')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    slot: text('slot').trim() || 'default',
    inputs: Object.fromEntries(Object.keys(given).map((name) => [name, text(name)])),
  }
}

/**
 * The one step that is meant.
 * @param slot what `--slot` says, to tell several logins apart
 * @throws KeeperError invalid-inputs where there is none, or more than one
 */
export function chosenStep(steps: readonly WorkflowStep[], slot: string | undefined, file: string): WorkflowStep {
  const [first, ...others] = slot === undefined ? steps : steps.filter((one) => one.slot === slot)
  if (first === undefined) {
    const what = slot === undefined ? 'no step that uses the keeper with a store' : `no step that uses the keeper with the slot ${slot}`
    throw wrongUsage(`${file} has ${what}.`, 'Name the stores with --store.')
  }
  if (others.length > 0) {
    throw wrongUsage(
      `${file} uses the keeper in ${others.length + 1} ways (other stores or slots).`,
      'Choose one with --slot, or name the stores with --store.',
    )
  }
  return first
}

function scalarText(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : ''
}
