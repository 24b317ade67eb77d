import * as z from 'zod/mini'
import { KeeperError } from '../../keeper-error.ts'
import { stderrTail } from '../../process/stderr-tail.ts'
import type { KubernetesAddress } from './kubernetes-address.ts'
import type { ApiAnswer } from './kubernetes-api.ts'

export type Verb = 'get' | 'update' | 'create'

/** What an error needs to know of the request that failed. */
export interface Asked {
  readonly verb: Verb
  /** A dry run changes nothing, whatever becomes of its answer. */
  readonly dryRun: boolean
  readonly address: KubernetesAddress
  /** Who asked, where the token tells. */
  readonly account: { readonly namespace: string; readonly name: string } | undefined
}

const statusSchema = z.looseObject({
  kind: z.literal('Status'),
  reason: z.catch(z.optional(z.string()), undefined),
  message: z.catch(z.optional(z.string()), undefined),
})

/** The API's own words about a request that it did not carry out; undefined when the answer is not one of the API. */
export function statusOf(body: unknown): { readonly reason: string; readonly message: string } | undefined {
  const result = statusSchema.safeParse(body)
  return result.success ? { reason: result.data.reason ?? '', message: result.data.message ?? '' } : undefined
}

/** The error for an answer that means neither done nor conflict. */
export function refusal(answer: ApiAnswer, asked: Asked): KeeperError {
  switch (answer.kind) {
    case 'untrusted':
      return new KeeperError(
        'store-refused',
        `What answers as the API of the cluster is not to be trusted: ${answer.why}. Nothing was sent to it.`,
        'See who changes the connection between the runner pod and the API (KUBERNETES_SERVICE_HOST and ca.crt of the pod).',
      )
    case 'unanswered':
      return asked.verb === 'get' || asked.dryRun || !answer.sent ? outage(answer.why, asked) : unknownOutcome(answer.why, asked)
    case 'answered':
      return refusedWith(answer.status, statusOf(answer.body), asked)
  }
}

function refusedWith(status: number, said: ReturnType<typeof statusOf>, asked: Asked): KeeperError {
  const words = said === undefined ? '' : stderrTail(said.message)
  const why = `${status}${words === '' ? '' : `: ${words}`}`
  if (status === 401) {
    return new KeeperError(
      'store-unauthorized',
      `The API of the cluster does not accept the token of the service account (${why}).`,
      'See that the runner pod has a service account that still exists, and start the pod anew.',
    )
  }
  // Admission says 403 as well, for a quota or a rule of the cluster; only a missing right is said like this.
  if (status === 403 && said !== undefined && /\bcannot (get|update|create) resource\b/.test(said.message)) {
    return new KeeperError(
      'store-unauthorized',
      `The service account may not ${asked.verb} ${secretWords(asked)} (${why}).`,
      asked.verb === 'create' ? wayToCreate(asked) : `Give it the right: ${roleCommand(asked)}`,
    )
  }
  if (status === 429) return outage(`it answered ${why}`, asked)
  if (status >= 500 || said === undefined || (status >= 200 && status < 300)) {
    const odd = status < 500 ? `it answered ${status} with something that is not part of its API` : `it answered ${why}`
    if (status >= 300 && status < 500) return notTheApi(status)
    return asked.verb === 'get' || asked.dryRun ? outage(odd, asked) : unknownOutcome(odd, asked)
  }
  if (status === 404 && asked.verb === 'create') {
    return new KeeperError(
      'store-refused',
      `The API of the cluster finds no place for ${secretWords(asked)} (${why}).`,
      'See that the namespace exists.',
    )
  }
  return new KeeperError(
    'store-refused',
    `The API of the cluster refused to ${asked.verb} ${secretWords(asked)} (${why}).`,
    'Change what it names (a quota, an admission rule, the Secret itself); the same request will be refused again.',
  )
}

/** A Secret that no update can change. */
export function unchangeable(why: string, address: KubernetesAddress): KeeperError {
  return new KeeperError(
    'store-refused',
    `The Secret ${address.namespace}/${address.name} ${why}, so nothing can be stored in it.`,
    `Name another Secret, or make it anew: ${emptySecretCommand(address)}`,
  )
}

export function busy({ namespace, name }: KubernetesAddress): KeeperError {
  return new KeeperError(
    'store-unreachable',
    `The Secret ${namespace}/${name} was changed by somebody else at each try; nothing was stored.`,
    'See which controller rewrites this Secret all the time, and give the login a Secret of its own.',
  )
}

/** A Secret without anything in it: with it in place, no right to create is needed, which cannot be limited to one name. */
export function emptySecretCommand({ namespace, name }: KubernetesAddress): string {
  return `kubectl create secret generic ${name} --namespace ${namespace}`
}

/** Makes a role for this one Secret and binds it to the account; one line, as errors are shown in tables too. */
export function roleCommand({ address: { namespace, name }, account }: Pick<Asked, 'address' | 'account'>): string {
  const whom = account === undefined ? 'RUNNER-NAMESPACE:SERVICE-ACCOUNT' : `${account.namespace}:${account.name}`
  const role = `${name}-keeper`
  return (
    `kubectl create role ${role} --namespace ${namespace} --verb=get,update --resource=secrets --resource-name=${name} && ` +
    `kubectl create rolebinding ${role} --namespace ${namespace} --role=${role} --serviceaccount=${whom}`
  )
}

function wayToCreate(asked: Asked): string {
  return `Make the Secret, empty, before the first run; then the right to get and update this one name is enough: ${emptySecretCommand(asked.address)}`
}

function notTheApi(status: number): KeeperError {
  return new KeeperError(
    'store-refused',
    `What answers as the API of the cluster is not it (${status}${status < 400 ? ', a redirect, which is not followed' : ''}).`,
    'See that KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT of the runner pod are those that the cluster has set.',
  )
}

function outage(why: string, asked: Asked): KeeperError {
  return new KeeperError(
    'store-unreachable',
    `The API of the cluster could not be asked to ${asked.verb} ${secretWords(asked)}: ${why}.`,
    'Run the job again when the API answers; see that no network policy keeps the runner pod from it.',
  )
}

function unknownOutcome(why: string, asked: Asked): KeeperError {
  return new KeeperError(
    'store-unknown-outcome',
    `Whether the API of the cluster did ${asked.verb} ${secretWords(asked)} is unknown: ${why}.`,
    'Run the job again when the API answers.',
  )
}

function secretWords({ address: { namespace, name } }: Asked): string {
  return `the Secret ${namespace}/${name}`
}
