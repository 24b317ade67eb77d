import type { Job } from './fake-runner/job-result.ts'
import type { FoundFile } from './fake-runner/found-files.ts'
import type { ProcessRecord } from './fake-runner/processes/process-table.ts'
import { needlesOf } from './leak-forms.ts'
import type { LeakForm } from './leak-forms.ts'

/** A place in which no secret may be: a stream, a file, an argument list. */
export interface Sink {
  readonly name: string
  readonly content: string | Uint8Array
  /** True for what an action prints: there `::add-mask::` lines, and they alone, may hold a secret. */
  readonly masksMayShow?: boolean
}

export interface Leak {
  /** Index of the canary in the list that was given. */
  readonly canary: number
  readonly form: LeakForm
  readonly sink: string
  /** Position in the sink, counted without its blanks when only then the form was found. */
  readonly at: number
  /** The beginning of what was found. */
  readonly excerpt: string
}

/**
 * Looks for secrets in any form: raw, JSON-escaped, base64 and base64url in all three alignments, URI, hex, of a JWT
 * every part but the header, whole or any piece of about twenty characters, and each of them with line breaks within.
 * `canaries` are secrets that occur nowhere by chance, of eight or more characters.
 * Returns one leak per canary, form and sink.
 */
export function findLeaks(canaries: readonly string[], sinks: readonly Sink[]): Leak[] {
  const needles = needlesOf(canaries)
  return sinks.flatMap((sink) => {
    const text = readable(sink)
    const found = new Map<string, Leak>()
    const unbroken = text.replace(/(?:\\[nr]|%0[AD]|\s)+/g, '')
    for (const candidate of unbroken === text ? [text] : [text, unbroken]) {
      for (const { canary, form, at } of needles.hits(candidate)) {
        const key = `${canary} ${form}`
        if (!found.has(key)) found.set(key, { canary, form, sink: sink.name, at, excerpt: candidate.slice(at, at + 24) })
      }
    }
    return [...found.values()]
  })
}

export interface SinkChoice {
  /** Files of the machine that are searched too, for instance `machine.files()` without the store itself. */
  readonly files?: readonly FoundFile[]
  /** Processes whose environment is searched; by default none: a stage's own holds its inputs. */
  readonly environOf?: (found: ProcessRecord) => boolean
}

/** Everything a job leaves or shows, as sinks: log, streams, command files, annotations, argument lists, files. */
export function collectSinks(job: Job, choice: SinkChoice = {}): Sink[] {
  const ofStages = job.stages.flatMap((stage): Sink[] => {
    const name = (what: string): string => `${what} of ${stage.stage} ${stage.step}`
    const files = Object.entries(stage.files).map(([file, content]): Sink => ({ name: name(`${file} file`), content }))
    return [
      { name: name('stdout'), content: stage.stdout.join('\n'), masksMayShow: true },
      { name: name('stderr'), content: stage.stderr.join('\n') },
      ...files,
      { name: name('outputs'), content: plain(stage.outputs) },
      { name: name('state'), content: plain(stage.state) },
      { name: name('summary'), content: stage.summary },
    ]
  })
  return [
    { name: 'log', content: job.log },
    { name: 'annotations', content: job.annotations.map(({ message, properties }) => `${message}\n${plain(properties)}`).join('\n') },
    { name: 'job outputs', content: plain(job.outputs) },
    ...ofStages,
    ...[...job.processes, ...job.orphans].flatMap((found) => processSinks(found, choice)),
    ...fileSinks('left in RUNNER_TEMP', job.tempFiles),
    ...fileSinks('left behind', choice.files ?? []),
  ]
}

/** Files as sinks, their names included. */
export function fileSinks(label: string, files: readonly FoundFile[]): Sink[] {
  return files.flatMap(({ name, bytes }) => [
    { name: `${label}: ${name}`, content: bytes },
    { name: `${label}: the name ${name}`, content: name },
  ])
}

function processSinks(found: ProcessRecord, { environOf }: SinkChoice): Sink[] {
  const program = `process ${found.pid} (${found.argv[0] ?? ''})`
  const argv = { name: `arguments of ${program}`, content: found.argv.join('\n') }
  if (!environOf?.(found)) return [argv]
  return [argv, { name: `environment of ${program}`, content: found.environ.join('\n') }]
}

function plain(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
}

function readable({ content, masksMayShow }: Sink): string {
  const text = typeof content === 'string' ? content : Buffer.from(content).toString('latin1')
  if (!masksMayShow) return text
  return text
    .split('\n')
    .filter((line) => !line.startsWith('::add-mask::'))
    .join('\n')
}
