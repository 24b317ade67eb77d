import { randomUUID } from 'node:crypto'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AwsClient } from 'aws4fetch'
import { idTokenIssuer, type IdTokenIssuer } from './loopback-id-tokens.ts'
import { onFreePorts, serverProgram, sharedServer, startServer } from './server-programs.ts'

/** A real SeaweedFS on loopback with one bucket, an STS, and a role for the jobs of your-org/your-repo. */
export interface LoopbackSeaweed {
  readonly origin: string
  readonly bucket: 'logins'
  /** The issuer whose id tokens its STS trusts, for the audience of AWS. */
  readonly issuer: IdTokenIssuer
  readonly role: string
  /** A key that may read and write in the bucket. */
  readonly keys: Readonly<Record<'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY', string>>
  /** Asks as its administrator. */
  readonly admin: (method: string, path: string, body?: string | Buffer) => Promise<{ status: number; body: Buffer; etag: string | null }>
  /** From now on nobody may do this with that key; undefined: everybody may again. */
  readonly deny: (key: string, action: 's3:GetObject' | 's3:PutObject' | undefined) => Promise<void>
  readonly stop: () => Promise<void>
}

const bucket = 'logins'
const role = 'arn:aws:iam::role/codex-auth'

async function startSeaweed(ports: readonly number[]): Promise<LoopbackSeaweed> {
  const issuer = await idTokenIssuer()
  const folder = await mkdtemp(join(tmpdir(), 'loopback-seaweedfs-'))
  const [master = 0, masterGrpc = 0, volume = 0, volumeGrpc = 0, filer = 0, filerGrpc = 0, s3 = 0, s3Grpc = 0] = ports
  const [adminSecret, secret] = [randomUUID(), randomUUID()]
  await mkdir(join(folder, 'data'))
  await writeFile(join(folder, 's3.json'), JSON.stringify(identities(adminSecret, secret)))
  await writeFile(join(folder, 'iam.json'), JSON.stringify(federation(issuer.issuer)))
  const origin = `http://127.0.0.1:${s3}`
  const client = new AwsClient({ accessKeyId: 'admin', secretAccessKey: adminSecret, service: 's3', region: 'us-east-1', retries: 0 })
  const admin: LoopbackSeaweed['admin'] = async (method, path, body) => {
    const answer = await client.fetch(origin + path, { method, ...(body !== undefined && { body }) })
    return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()), etag: answer.headers.get('etag') }
  }
  const options = {
    dir: join(folder, 'data'),
    ip: '127.0.0.1',
    'ip.bind': '127.0.0.1',
    'master.port': master,
    'master.port.grpc': masterGrpc,
    'master.telemetry': false,
    'master.volumeSizeLimitMB': 64,
    'volume.port': volume,
    'volume.port.grpc': volumeGrpc,
    'volume.max': 8,
    filer: true,
    'filer.port': filer,
    'filer.port.grpc': filerGrpc,
    s3: true,
    's3.port': s3,
    's3.port.grpc': s3Grpc,
    's3.port.iceberg': 0,
    's3.port.lance': 0,
    's3.config': join(folder, 's3.json'),
    's3.iam.config': join(folder, 'iam.json'),
  }
  const { stop } = await startServer(
    serverProgram('weed'),
    ['-logtostderr', 'server', ...Object.entries(options).map(([name, value]) => `-${name}=${value}`)],
    { env: { GOMAXPROCS: '2' }, isUp: async () => isReady(admin) },
  )
  const denied = new Map<string, string>()
  return {
    origin,
    bucket,
    issuer,
    role,
    keys: { AWS_ACCESS_KEY_ID: 'keeper', AWS_SECRET_ACCESS_KEY: secret },
    admin,
    deny: async (key, action) => {
      if (action === undefined && !denied.delete(key)) return
      if (action !== undefined) denied.set(key, action)
      const rules = [...denied].map(([each, Action]) => ({
        Effect: 'Deny',
        Principal: '*',
        Action,
        Resource: `arn:aws:s3:::${bucket}/${each}`,
      }))
      const policy = JSON.stringify({ Version: '2012-10-17', Statement: rules })
      const { status } = rules.length === 0 ? await admin('DELETE', `/${bucket}?policy`) : await admin('PUT', `/${bucket}?policy`, policy)
      if (status !== 204) throw new Error(`SeaweedFS: the policy of the bucket got status ${status}`)
    },
    stop: async () => {
      await stop()
      await issuer.close()
      await rm(folder, { recursive: true, force: true })
      // Its sockets are named after its ports, in a folder that cannot be chosen.
      const sockets = ['filer', 's3'].flatMap((what) => ports.map((port) => `/tmp/seaweedfs-${what}-${port}.sock`))
      const ofGrpc = ['master', 'volume', 'filer', 's3'].flatMap((what) => ports.map((port) => `/tmp/seaweedfs-${what}-grpc-${port}.sock`))
      for (const socket of [...sockets, ...ofGrpc]) await rm(socket, { force: true })
    },
  }
}

/** The one SeaweedFS of a test file. */
export const sharedSeaweed = sharedServer(() => onFreePorts(8, startSeaweed))

/** It answers before it can store anything. */
async function isReady(admin: LoopbackSeaweed['admin']): Promise<boolean> {
  const made = await admin('PUT', `/${bucket}`)
  if (made.status !== 200 && made.status !== 409) return false
  return (await admin('PUT', `/${bucket}/ready`, 'ready')).status === 200
}

function identities(adminSecret: string, secret: string): object {
  const identity = (name: string, secretKey: string, actions: readonly string[]): object => ({
    name,
    credentials: [{ accessKey: name, secretKey }],
    actions,
  })
  return {
    identities: [
      identity('admin', adminSecret, ['Admin', 'Read', 'Write', 'List', 'Tagging']),
      identity('keeper', secret, [`Read:${bucket}`, `Write:${bucket}`, `List:${bucket}`]),
    ],
  }
}

/** Whom its STS trusts, and what the role may do. */
function federation(issuer: string): object {
  const allow = (more: object): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] })
  return {
    sts: {
      tokenDuration: '1h',
      maxSessionLength: '12h',
      issuer: 'seaweedfs-sts',
      signingKey: Buffer.from(randomUUID()).toString('base64'),
    },
    providers: [
      { name: 'github', type: 'oidc', enabled: true, config: { issuer, clientId: 'sts.amazonaws.com', jwksUri: `${issuer}/jwks` } },
    ],
    policy: { defaultEffect: 'Deny', storeType: 'memory' },
    roles: [
      {
        roleName: 'codex-auth',
        roleArn: role,
        trustPolicy: allow({
          Principal: { Federated: 'github' },
          Action: ['sts:AssumeRoleWithWebIdentity'],
          Condition: { StringEquals: { 'oidc:sub': 'repo:your-org/your-repo:ref:refs/heads/main' } },
        }),
        attachedPolicies: ['codex-auth'],
      },
    ],
    policies: [
      { name: 'codex-auth', document: allow({ Action: ['s3:GetObject', 's3:PutObject'], Resource: [`arn:aws:s3:::${bucket}/*`] }) },
    ],
  }
}
