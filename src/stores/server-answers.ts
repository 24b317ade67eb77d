import { readFile } from 'node:fs/promises'
import { redirectOf, sendHttps, type HttpsAnswer, type HttpsRequest } from '../https-client.ts'
import { KeeperError } from '../keeper-error.ts'
import type { JobVariables } from './job-variables.ts'

/** A server that a store logs in to, as its errors name it. */
export interface StoreServer {
  /** "Vault at vault.example.com". */
  readonly name: string
  /** The variable that names the file with an authority of one's own. */
  readonly caVariable: string
  readonly variables: JobVariables
}

export type Answered = Extract<HttpsAnswer, { kind: 'answered' }>

/**
 * Sends a request once.
 * @param changes whether its effect matters when the answer is lost
 * @throws KeeperError store-unreachable, store-unknown-outcome, or store-refused for a server that is not to be trusted or that
 *   sends the request on: the login is for this one alone
 */
export async function ask(server: StoreServer, request: HttpsRequest, changes: boolean): Promise<Answered> {
  const ca = await authorities(server)
  const answer = await sendHttps(request, { env: server.variables.values, ...(ca !== undefined && { ca }) })
  switch (answer.kind) {
    case 'untrusted':
      throw new KeeperError(
        'store-refused',
        `${server.name} cannot be trusted: ${answer.why}. Nothing was sent to it.`,
        `If its certificate comes from an authority of your own, name the file with that authority in the variable ${server.caVariable}.`,
      )
    case 'unanswered':
      throw unanswered(server, answer.why, changes && answer.sent)
    case 'answered':
  }
  const elsewhere = redirectOf(answer, request.url)
  if (elsewhere === undefined) return answer
  throw new KeeperError(
    'store-refused',
    `${server.name} sends requests on to ${elsewhere} (status ${answer.status}); the login is not sent there.`,
    'Name the server that answers without sending requests on.',
  )
}

/** No usable answer. @param mayBeDone whether the request may have changed what is stored */
export function unanswered({ name }: Pick<StoreServer, 'name'>, why: string, mayBeDone: boolean): KeeperError {
  return mayBeDone
    ? new KeeperError('store-unknown-outcome', `Whether ${name} took the login is unknown: ${why}.`, 'Read it back.')
    : new KeeperError('store-unreachable', `${name} gave no usable answer: ${why}.`, 'Run the job again when it is back.')
}

/**
 * A variable of the job, as it was when the login was restored; undefined when it was not set.
 * @throws KeeperError when a step has changed it since
 */
export function variableOf({ values, lost }: JobVariables, name: string, what: 'login' | 'setting' = 'setting'): string | undefined {
  if (lost.includes(name)) throw taken(name, what)
  const value = values[name]?.trim()
  return value === '' ? undefined : value
}

function taken(name: string, what: 'login' | 'setting'): KeeperError {
  return new KeeperError(
    'store-withdrawn',
    `A step of this job has changed or taken away ${name} since the login was restored, and its present value is not used.`,
    what === 'login'
      ? 'Log in with role= in the line of the store, which logs in anew at the end of the job.'
      : `Set ${name} with "env:" at the step of the keeper, where later steps do not change it.`,
  )
}

/** A variable whose value is of no use. */
export function unusable(name: string, why: string): KeeperError {
  return new KeeperError('store-refused', `${name} cannot be used: ${why}`, `Correct ${name}, or name the server in the line of the store.`)
}

async function authorities({ caVariable, variables }: StoreServer): Promise<string | undefined> {
  const file = variableOf(variables, caVariable)
  if (file === undefined) return undefined
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw unusable(caVariable, 'It must name a file with certificates (PEM) that the runner can read.')
  }
}
