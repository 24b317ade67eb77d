import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { JobSpec, Step } from './fake-runner/job-spec.ts'
import { actionFolder, keeperStep } from './keeper-workflow.ts'
import { usesKeeper } from './shown-keeper.ts'

interface ExampleStep {
  readonly id?: string
  readonly name?: string
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly env?: Readonly<Record<string, unknown>>
  readonly with?: Readonly<Record<string, unknown>>
}

interface ExampleJob {
  readonly environment?: string
  readonly env?: Readonly<Record<string, unknown>>
  readonly steps: readonly ExampleStep[]
}

/** A job of an example, as the fake runner takes it. */
export type Example = Pick<JobSpec, 'steps'> & { readonly env: Readonly<Record<string, string>> }

/** Texts of an example that only its reader can know, such as the name of a host, and what they are in a test. */
export type Replacements = Readonly<Record<string, string>>

/**
 * Reads a job of `examples/<name>.yml`: the one that is named, or the only one. Steps that install Codex on a hosted runner or set up its
 * kernel are left out, the keeper is this repository, and what is checked out is a repository of two commits.
 * Throws when the example holds anything that this does not understand, or not the text that is to be replaced.
 */
export function exampleJob(name: string, replacements: Replacements = {}, jobName?: string): Example {
  return jobOf(name, readFileSync(`${actionFolder}examples/${name}.yml`, 'utf8'), replacements, jobName)
}

/** The same for a workflow that a page shows. @param page such as `README.md` @param title the workflow's `name:` */
export function shownJob(page: string, title: string): Example {
  const blocks = readFileSync(`${actionFolder}${page}`, 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)
  const [shown, ...others] = [...blocks].flatMap(([, text = '']) => (text.startsWith(`name: ${title}\n`) ? [text] : []))
  if (shown === undefined || others.length > 0) throw new Error(`${page} has not one workflow "${title}"`)
  return jobOf(page, shown, {}, undefined)
}

/** The same for the text of any workflow. @param name what an error calls it @param jobName undefined: the only one */
export function jobOf(name: string, workflow: string, replacements: Replacements, jobName: string | undefined): Example {
  let text = workflow
  for (const [placeholder, value] of Object.entries(replacements)) {
    if (!text.includes(placeholder)) throw new Error(`${name} does not say ${placeholder}`)
    text = text.replaceAll(placeholder, value)
  }
  const { jobs } = parse(text) as { jobs: Record<string, ExampleJob> }
  const [job, ...others] = jobName === undefined ? Object.values(jobs) : [jobs[jobName]]
  if (job === undefined || others.length > 0) throw new Error(`${name} has not one such job`)
  return { env: texts(job.env), steps: job.steps.flatMap((step, index) => translated(step, index)) }
}

function translated(step: ExampleStep, index: number): Step[] {
  const { id = `step-${index}`, run, uses } = step
  const common = { ...(step.if !== undefined && { if: step.if }), env: texts(step.env) }
  if (run?.startsWith('npm install --global @openai/codex@')) return []
  if (run?.startsWith('sudo sysctl -w kernel.')) return []
  if (uses?.startsWith('actions/checkout@')) return [{ id, run: checkout, ...common }]
  if (run !== undefined) return [{ id, run, ...common }]
  if (usesKeeper(step)) return [keeperStep(texts(step.with), { ...common, id: 'keeper' })]
  throw new Error(`Cannot run the step ${step.name ?? id}`)
}

const checkout = `
export GIT_AUTHOR_NAME=octocat GIT_AUTHOR_EMAIL=octocat@example.com GIT_COMMITTER_NAME=octocat GIT_COMMITTER_EMAIL=octocat@example.com
git init --quiet --initial-branch main
echo 'Ten jobs at once.' >README.md
git add --all && git commit --quiet --message 'Start'
echo 'Twelve jobs at once.' >README.md
git commit --quiet --all --message 'Change'
`

/** YAML's numbers and truths as GitHub hands them on. */
function texts(values: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}
