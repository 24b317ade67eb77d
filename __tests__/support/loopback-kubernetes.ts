import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { mayDo, openAccounts, type Rule } from './loopback-kubernetes/accounts.ts'
import { openSecrets, type SecretsOfCluster } from './loopback-kubernetes/secrets.ts'
import { badRequest, forbidden, status, unauthorized, type Answer } from './loopback-kubernetes/status.ts'
import { loopbackCertificate, type LoopbackCertificate } from './loopback-tls.ts'

export type { KubernetesSecret } from './loopback-kubernetes/secrets.ts'
export type { Rule } from './loopback-kubernetes/accounts.ts'

/** What a request asks for; a dry run is a proof. */
export type KubernetesOperation = 'get' | 'update' | 'create' | 'prove-update' | 'prove-create'

export type KubernetesFault =
  | { readonly kind: 'status'; readonly status: number; readonly reason?: string; readonly message?: string }
  /** Cuts the connection without an answer; when `done`, the request has had its effect, else not even all of it was read. */
  | { readonly kind: 'hang-up'; readonly done: boolean }
  /** Sends half of the answer and cuts the connection; the request has had its effect. */
  | { readonly kind: 'cut-off' }
  /** Has the effect, and never answers. */
  | { readonly kind: 'silent' }
  /** Something else answers. */
  | { readonly kind: 'page'; readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }

/** The files of a pod's service account. */
export interface MountedAccount {
  readonly directory: string
  readonly namespace: string
  readonly name: string
  readonly token: () => string
  /** The kubelet puts a new token in place of the old one, which ends at once. */
  readonly rotate: () => Promise<void>
  /** From now on the account may do this, and nothing else. */
  readonly grant: (rules: readonly Rule[]) => void
}

export interface LoopbackKubernetes {
  readonly port: number
  /** The variables that the kubelet gives to a container. */
  readonly env: Readonly<Record<'KUBERNETES_SERVICE_HOST' | 'KUBERNETES_SERVICE_PORT', string>>
  readonly secrets: SecretsOfCluster
  /** A pod with a service account of its own. */
  pod(namespace: string, name: string, rules: readonly Rule[]): Promise<MountedAccount>
  /** The next `times` requests of this kind meet the fault (default: until `heal`). Faults queue up. */
  inject(on: KubernetesOperation | 'any', fault: KubernetesFault, times?: number): void
  heal(): void
  /** What somebody does in the cluster just before the next request of this kind is carried out. */
  before(on: KubernetesOperation, act: () => void): void
  /** Requests by operation, in order; those that met a fault too. */
  readonly log: readonly KubernetesOperation[]
  /** What was sent with each of them. */
  readonly bodies: readonly unknown[]
  /** How many writes, not proofs, were carried out and changed this key of their Secret. */
  writes(key: string): number
  close(): Promise<void>
}

/** One for all clusters of a test file: making it takes longer than most tests. */
let certificate: Promise<LoopbackCertificate> | undefined

/** Starts the API of a cluster on a free port of 127.0.0.1: Secrets, service accounts and roles, behind TLS of its own. */
export async function startLoopbackKubernetes(namespaces: readonly string[] = ['codex', 'arc-runners']): Promise<LoopbackKubernetes> {
  const { ca, key, cert } = await (certificate ??= loopbackCertificate(['kubernetes.default.svc']))
  const accounts = openAccounts()
  const secrets = openSecrets(new Set(namespaces))
  const log: KubernetesOperation[] = []
  const bodies: unknown[] = []
  const script: { on: KubernetesOperation | 'any'; fault: KubernetesFault; times: number }[] = []
  const acts: { on: KubernetesOperation; act: () => void }[] = []
  const folders: string[] = []
  const written: string[][] = []

  const perform = ({ verb, namespace, name, dryRun, operation }: Route, authorization: string | undefined, sent: unknown): Answer => {
    const account = accounts.bearer(authorization)
    if (account === undefined) return unauthorized
    if (!mayDo(account, verb, namespace, name)) return forbidden(account.user, verb, namespace, name)
    const index = acts.findIndex(({ on }) => on === operation)
    if (index !== -1) acts.splice(index, 1)[0]?.act()
    if (verb === 'get') return secrets.get(namespace, name ?? '')
    const { data: before = {} } = secrets.look(namespace, nameIn(name, sent)) ?? {}
    const answer = verb === 'create' ? secrets.create(namespace, sent, dryRun) : secrets.update(namespace, name ?? '', sent, dryRun)
    const { data: after = {} } = secrets.look(namespace, nameIn(name, sent)) ?? {}
    if (answer.status < 300 && !dryRun) written.push(Object.keys(after).filter((key) => after[key] !== before[key]))
    return answer
  }
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const route = routeOf(request)
    if (route === undefined) {
      send(response, status(404, 'NotFound', 'the server could not find the requested resource'))
      return
    }
    log.push(route.operation)
    const next = script.find(({ on, times }) => (on === 'any' || on === route.operation) && times > 0)
    if (next) next.times -= 1
    const fault = next?.fault
    if (fault?.kind === 'hang-up' && !fault.done) {
      request.socket.destroy()
      return
    }
    const body = await text(request)
    const sent = body === '' ? undefined : (JSON.parse(body) as unknown)
    bodies.push(sent)
    if (fault?.kind === 'page') send(response, fault)
    else if (fault?.kind === 'status') {
      send(response, status(fault.status, fault.reason ?? 'InternalError', fault.message ?? `scripted answer ${fault.status}`))
    } else {
      const answer = perform(route, request.headers.authorization, sent)
      if (fault === undefined) send(response, answer)
      else if (fault.kind === 'hang-up') request.socket.destroy()
      else if (fault.kind === 'cut-off') cutOff(response, answer)
    }
  }
  const server = createServer({ key, cert }, (request, response) => {
    handle(request, response).catch(() => {
      if (response.headersSent) request.socket.destroy()
      else send(response, badRequest('the object provided is unrecognized'))
    })
  })
  // A client that does not trust us ends the connection, which is not a fault of this server.
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    port,
    env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(port) },
    secrets,
    pod: async (namespace, name, rules) => {
      const directory = await mkdtemp(join(tmpdir(), 'service-account-'))
      folders.push(directory)
      let token = accounts.issue(namespace, name)
      const put = (): Promise<void> => writeFile(join(directory, 'token'), token)
      await Promise.all([put(), writeFile(join(directory, 'ca.crt'), ca), writeFile(join(directory, 'namespace'), namespace)])
      accounts.grant(namespace, name, rules)
      return {
        directory,
        namespace,
        name,
        token: () => token,
        rotate: async () => {
          accounts.revoke(token)
          token = accounts.issue(namespace, name)
          await put()
        },
        grant: (next) => {
          accounts.grant(namespace, name, next)
        },
      }
    },
    inject: (on, fault, times = Infinity) => {
      script.push({ on, fault, times })
    },
    heal: () => {
      script.length = 0
    },
    before: (on, act) => {
      acts.push({ on, act })
    },
    log,
    bodies,
    writes: (key) => written.filter((keys) => keys.includes(key)).length,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      })
      for (const folder of folders) await rm(folder, { recursive: true, force: true })
    },
  }
}

function nameIn(name: string | undefined, sent: unknown): string {
  return name ?? (sent as { metadata?: { name?: string } }).metadata?.name ?? ''
}

interface Route {
  readonly verb: 'get' | 'update' | 'create'
  readonly operation: KubernetesOperation
  readonly namespace: string
  readonly name: string | undefined
  readonly dryRun: boolean
}

function routeOf({ method = '', url = '' }: IncomingMessage): Route | undefined {
  const { pathname, searchParams } = new URL(url, 'https://127.0.0.1')
  const [, namespace = '', name] = /^\/api\/v1\/namespaces\/([^/]+)\/secrets(?:\/([^/]+))?$/.exec(pathname) ?? []
  const verb = ({ GET: 'get', PUT: 'update', POST: 'create' } as const)[method]
  if (namespace === '' || verb === undefined || (verb === 'create') !== (name === undefined)) return undefined
  const dryRun = searchParams.get('dryRun') === 'All'
  return { verb, namespace, name, dryRun, operation: dryRun && verb !== 'get' ? `prove-${verb}` : verb }
}

function send(response: ServerResponse, { status: code, body, headers }: Answer): void {
  const content = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content), ...headers }).end(content)
}

function cutOff(response: ServerResponse, { status: code, body }: Answer): void {
  const content = JSON.stringify(body)
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) })
  response.write(content.slice(0, content.length / 2), () => response.destroy())
}
