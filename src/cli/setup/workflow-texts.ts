/** What a workflow is made for, where that is not what the example says. */
export interface WorkflowChoice {
  /** The line of the input `store`. */
  readonly line: string | undefined
  /** The environment of the job. */
  readonly environment: string | undefined
}

/** The inputs of the keeper's step that come from secrets and variables of the repository. */
export type GivenInput = 'auth-json' | 'encryption-key' | 'ssh-key' | 'ssh-known-hosts' | 'secret-writer-token'

/** The example of a store, with the line and the environment of the person. */
export function codexWorkflow(example: string, { line, environment }: WorkflowChoice): string {
  const [, secret] = /^github-secret:\s*([^?\s]*)/.exec(line ?? '') ?? []
  const withLine = line === undefined ? example : example.replace(/^( +store: ).*$/m, (_, start: string) => start + scalar(line))
  const withSecret =
    secret === undefined ? withLine : withLine.replace(/^( +auth-json: \$\{\{ secrets\.)\w+/m, (_, start: string) => start + secret)
  const named = environmentOf(example)
  if (environment === undefined || environment === named) return withSecret
  return named === undefined
    ? withSecret.replace(/^ {4}timeout-minutes: .*\n/m, (found) => `${found}    environment: ${scalar(environment)}\n`)
    : withSecret.replace(/^( {4}environment: )(?:'[^']*'|\S+)/m, (_, start: string) => start + scalar(environment))
}

/**
 * The workflow that keeps the login of another one fresh: with its store, its rights, its runner and its turns.
 * @param keepFresh the example, which is for the store git
 * @param codex the workflow that uses the login
 */
export function keepFreshWorkflow(keepFresh: string, codex: string): string {
  const [inputs, permissions, cron, runsOn] = [
    part(codex, /^ {8}with:\n((?: {10}.*\n)+)/m),
    part(codex, /^ {4}permissions:\n((?: {6}.*\n)+)/m),
    part(codex, /^ {4}- cron: ('[^']*')/m),
    part(codex, /^( {4}runs-on: .*\n)/m),
  ]
  const environment = /^ {4}environment: .*\n/m.exec(codex)?.[0] ?? ''
  const turns = /^(?:#.*\n)*concurrency:\n(?: {2}.*\n)+/m.exec(codex)?.[0]
  return (
    keepFresh
      // How to fit it to a store, which is done here.
      .replace(/^# Give it the store lines(?:.*\n)*?#\n(?=# Schedules)/m, '')
      .replace(/^( {4}- cron: )'[^']*'/m, (_, start: string) => start + cron)
      .replace(/^permissions: \{\}\n/m, (found) => (turns === undefined ? found : `${found}\n${turns}`))
      .replace(/^ {4}runs-on: .*\n/m, () => runsOn)
      .replace(/^ {4}timeout-minutes: .*\n/m, (found) => found + environment)
      .replace(/^ {6}contents: .*\n/m, () => permissions)
      .replace(/^ {8}with:\n(?: {10}(?:store|auth-json|encryption-key):.*\n)+/m, () => `        with:\n${inputs}`)
  )
}

/** The environment that the job of a workflow is in. */
export function environmentOf(workflow: string): string | undefined {
  const [, quoted, plain] = /^ {4}environment: (?:'((?:[^']|'')*)'|(\S+))/m.exec(workflow) ?? []
  return quoted?.replaceAll("''", "'") ?? plain
}

/** The secret or the variable that an input of the keeper's step comes from. */
export function sourceOf(workflow: string, input: GivenInput): string | undefined {
  return new RegExp(`^ +${input}: \\$\\{\\{ (?:secrets|vars)\\.(\\w+) \\}\\}`, 'm').exec(workflow)?.[1]
}

/** A text that YAML reads as it is. */
function scalar(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function part(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1]
  if (found === undefined) throw new Error(`The example has nothing like ${pattern.source}.`)
  return found
}
