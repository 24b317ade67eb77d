import { AwsV4Signer } from 'aws4fetch'
import type { IdTokenRight } from '../../github/id-token-right.ts'
import { requestIdToken } from '../../github/id-token.ts'
import { sha256 } from '../../sha256.ts'
import { parseServer } from '../address-options.ts'
import type { JobVariables } from '../job-variables.ts'
import { unusable, variableOf } from '../server-answers.ts'
import { isRegion, type S3Address } from './s3-address.ts'
import { exchange, textIn, type S3Answer } from './s3-exchange.ts'
import { loginRefused, noKeys, noRegion } from './s3-refusals.ts'

export interface S3SessionSetup {
  readonly address: S3Address
  /** AWS_ACCESS_KEY_ID and the like, the region, AWS_ENDPOINT_URL_STS, AWS_CA_BUNDLE and the proxies. */
  readonly variables: JobVariables
  readonly idTokenRight: IdTokenRight | undefined
  /** Shown in the logs of the account as the name of the session. */
  readonly sessionName: string
  /** Told each secret before it is used, so that it can be masked. */
  readonly onSecret: (secret: string) => void
}

export interface S3Request {
  readonly method: 'GET' | 'PUT'
  readonly key: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Whether its effect matters when the answer is lost. */
  readonly changes: boolean
}

export interface S3Session {
  /** Sends a signed request once, after a login where the line has a role. @throws KeeperError as the contract of stores says */
  send(request: S3Request): Promise<S3Answer>
}

interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
  readonly as: string
  /** On this process's own clock, in milliseconds; they may be used until then. */
  readonly until: number
}

/** Seconds that a role is taken for, the shortest that AWS gives, and for how many of them it is used. */
const lasts = 900
const used = 840

/** A login at one object store, made at the first request and kept until its keys end. */
export function s3Session({ address, variables, idTokenRight, sessionName, onSecret }: S3SessionSetup): S3Session {
  let login: Promise<Keys> | undefined

  const keys = async (region: string): Promise<Keys> => {
    const before = login
    const known = await before?.catch(() => undefined)
    if (known !== undefined && known.until > performance.now()) return known
    // Of calls that come at once, the first asks for all.
    if (login === before) login = newKeys(region)
    return login ?? newKeys(region)
  }

  const newKeys = async (region: string): Promise<Keys> => {
    const { role, audience } = address
    if (role === undefined) return keysOf(variables, onSecret)
    const networkEnv = variables.values
    const { token, claims } = await requestIdToken({ audience, right: idTokenRight, networkEnv, onSecret })
    const url = stsOf(address, region, variables)
    const form = {
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: role,
      RoleSessionName: sessionName,
      WebIdentityToken: token,
      DurationSeconds: String(lasts),
    }
    const answer = await exchange(variables, {
      method: 'POST',
      url,
      name: `The STS at ${url.host}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(new URLSearchParams(form).toString()),
      changes: false,
    })
    const xml = answer.body.toString('utf8')
    const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((tag) => textIn(xml, tag))
    if (answer.status !== 200 || accessKeyId === undefined || secretAccessKey === undefined) {
      throw loginRefused(address, claims, { ...answer, as: role })
    }
    onSecret(secretAccessKey)
    if (sessionToken !== undefined) onSecret(sessionToken)
    return { accessKeyId, secretAccessKey, sessionToken, as: `the role ${role} (${claims})`, until: performance.now() + used * 1_000 }
  }

  return {
    send: async ({ method, key, headers = {}, body, changes }) => {
      const region = regionOf(address, variables)
      const { accessKeyId, secretAccessKey, sessionToken = '', as } = await keys(region)
      const url = objectUrl(address, region, key)
      const signer = new AwsV4Signer({
        accessKeyId,
        secretAccessKey,
        sessionToken,
        method,
        url: url.href,
        headers: { ...headers, 'x-amz-content-sha256': sha256(body ?? new Uint8Array()) },
        service: 's3',
        region,
      })
      const signed = Object.fromEntries((await signer.sign()).headers)
      const name = `S3 at ${url.host}`
      return { ...(await exchange(variables, { method, url, name, headers: signed, ...(body && { body }), changes })), as }
    },
  }
}

function keysOf(variables: JobVariables, onSecret: (secret: string) => void): Keys {
  const [accessKeyId, secretAccessKey, sessionToken] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].map((name) =>
    variableOf(variables, name, 'login'),
  )
  if (accessKeyId === undefined || secretAccessKey === undefined) throw noKeys()
  const words = [accessKeyId, secretAccessKey, sessionToken ?? 'none']
  if (!words.every((word) => /^[\x21-\x7e]+$/.test(word))) throw noKeys()
  onSecret(secretAccessKey)
  if (sessionToken !== undefined) onSecret(sessionToken)
  return { accessKeyId, secretAccessKey, sessionToken, as: 'AWS_ACCESS_KEY_ID', until: Infinity }
}

function regionOf({ region, endpoint }: S3Address, variables: JobVariables): string {
  const found = region ?? variableOf(variables, 'AWS_REGION') ?? variableOf(variables, 'AWS_DEFAULT_REGION')
  if (found === undefined && endpoint === undefined) throw noRegion()
  if (found !== undefined && !isRegion(found)) throw unusable('AWS_REGION', 'It is not the name of a region.')
  return found ?? 'us-east-1'
}

/** A bucket with a dot in its name would not fit AWS's certificate as a host, and other servers know their one host alone. */
function objectUrl({ bucket, endpoint }: S3Address, region: string, key: string): URL {
  const path = key.split('/').map(encodeURIComponent).join('/')
  if (endpoint !== undefined) return new URL(`/${bucket}/${path}`, endpoint)
  const host = `s3.${region}.${domainOf(region)}`
  return bucket.includes('.') ? new URL(`https://${host}/${bucket}/${path}`) : new URL(`https://${bucket}.${host}/${path}`)
}

function stsOf({ endpoint }: S3Address, region: string, variables: JobVariables): URL {
  const named = variableOf(variables, 'AWS_ENDPOINT_URL_STS')
  const url = named === undefined ? undefined : parseServer(named)
  if (typeof url === 'string') throw unusable('AWS_ENDPOINT_URL_STS', url)
  return url ?? new URL(endpoint ?? `https://sts.${region}.${domainOf(region)}`)
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
}
