import { randomUUID } from 'node:crypto'
import { alreadyExists, badRequest, conflict, invalid, notFound, type Answer } from './status.ts'

/** A Secret as the API keeps it. */
export interface KubernetesSecret {
  readonly apiVersion: 'v1'
  readonly kind: 'Secret'
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly name: string
    readonly namespace: string
    readonly resourceVersion: string
  }
  readonly data?: Readonly<Record<string, string>>
  readonly type: string
  readonly immutable?: boolean
}

/** What a client sends. */
interface Sent {
  readonly metadata?: { readonly name?: string; readonly uid?: string; readonly resourceVersion?: string }
  readonly data?: Readonly<Record<string, unknown>>
  readonly type?: string
  readonly immutable?: boolean
}

export interface SecretsOfCluster {
  get(namespace: string, name: string): Answer
  create(namespace: string, sent: unknown, dryRun: boolean): Answer
  update(namespace: string, name: string, sent: unknown, dryRun: boolean): Answer
  /** The object itself, and what a person does to it; `undefined` deletes it. */
  look(namespace: string, name: string): KubernetesSecret | undefined
  edit(namespace: string, name: string, change: (found: KubernetesSecret | undefined) => object | undefined): void
}

const modified = 'the object has been modified; please apply your changes to the latest version and try again'
const deleted = 'StorageError: invalid object, Code: 4, Precondition failed: UID in precondition does not match'
const mostBytes = 1024 * 1024

/**
 * The Secrets of a cluster with the rules of kube-apiserver: a version for each change, an update without a version overwrites, a
 * dry run says what would be and changes nothing, a change to the same is not one.
 */
export function openSecrets(namespaces: ReadonlySet<string>): SecretsOfCluster {
  const kept = new Map<string, KubernetesSecret>()
  let version = 4_000
  const at = (namespace: string, name: string): string => `${namespace}/${name}`
  const keep = (namespace: string, name: string, object: object): KubernetesSecret => {
    version += 1
    const { metadata } = object as { metadata?: object }
    const found = kept.get(at(namespace, name))
    const system = {
      uid: found?.metadata['uid'] ?? randomUUID(),
      creationTimestamp: found?.metadata['creationTimestamp'] ?? new Date().toISOString().replace(/\.\d+/, ''),
      managedFields: [{ manager: 'loopback', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} }],
    }
    const made = {
      apiVersion: 'v1',
      type: 'Opaque',
      ...object,
      kind: 'Secret',
      metadata: { ...metadata, ...system, name, namespace, resourceVersion: String(version) },
    } as KubernetesSecret
    kept.set(at(namespace, name), made)
    return made
  }

  return {
    get: (namespace, name) => {
      const found = kept.get(at(namespace, name))
      return found === undefined ? notFound('secrets', name) : { status: 200, body: found }
    },
    create: (namespace, body, dryRun) => {
      const sent = body as Sent
      const name = sent.metadata?.name ?? ''
      const wrong = problemOf(name, sent)
      if (wrong) return wrong
      if (sent.metadata?.resourceVersion !== undefined) return badRequest('resourceVersion should not be set on objects to be created')
      if (!namespaces.has(namespace)) return notFound('namespaces', namespace)
      if (kept.has(at(namespace, name))) return alreadyExists(name)
      if (!dryRun) return { status: 201, body: keep(namespace, name, sent) }
      // What is only tried has no version.
      return { status: 201, body: { ...sent, metadata: { ...sent.metadata, uid: randomUUID() } } }
    },
    update: (namespace, name, body, dryRun) => {
      const sent = body as Sent
      const wrong = problemOf(name, sent)
      if (wrong) return wrong
      if (sent.metadata?.name !== name) return badRequest('the name of the object does not match the name on the URL')
      const found = kept.get(at(namespace, name))
      if (found === undefined) return notFound('secrets', name)
      const { uid, resourceVersion } = sent.metadata
      if (uid !== undefined && uid !== found.metadata['uid']) return conflict(name, deleted)
      if (resourceVersion !== undefined && resourceVersion !== found.metadata.resourceVersion) return conflict(name, modified)
      const same = JSON.stringify([sent.data, sent.type]) === JSON.stringify([found.data, found.type])
      if (found.immutable === true && !same) return invalid(name, 'data: Forbidden: field is immutable when `immutable` is set')
      if (sent.type !== undefined && sent.type !== found.type) return invalid(name, 'type: Invalid value: field is immutable')
      if (same && JSON.stringify(sent.metadata) === JSON.stringify(found.metadata)) return { status: 200, body: found }
      return { status: 200, body: dryRun ? { ...sent, metadata: found.metadata } : keep(namespace, name, sent) }
    },
    look: (namespace, name) => kept.get(at(namespace, name)),
    edit: (namespace, name, change) => {
      const next = change(kept.get(at(namespace, name)))
      if (next === undefined) kept.delete(at(namespace, name))
      else keep(namespace, name, next)
    },
  }
}

function problemOf(name: string, { data = {} }: Sent): Answer | undefined {
  let size = 0
  for (const [key, value] of Object.entries(data)) {
    if (!/^[-._a-zA-Z0-9]+$/.test(key)) return invalid(name, `data[${key}]: Invalid value`)
    if (typeof value !== 'string' || Buffer.from(value, 'base64').toString('base64') !== value) {
      return badRequest('Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0')
    }
    size += Buffer.from(value, 'base64').length
  }
  return size > mostBytes ? invalid(name, `data: Too long: must have at most ${mostBytes} bytes`) : undefined
}
