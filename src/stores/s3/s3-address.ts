import { decoded, parseAddressOptions, parseServer } from '../address-options.ts'

/** Where the login lies in an object store, and who asks for it. */
export interface S3Address {
  readonly bucket: string
  readonly key: string
  /** Undefined: AWS_REGION or AWS_DEFAULT_REGION says it. */
  readonly region: string | undefined
  /** Origin of a server other than AWS's. */
  readonly endpoint: string | undefined
  /** ARN of the role to log in as with the job's id token; undefined: AWS_ACCESS_KEY_ID and the like. */
  readonly role: string | undefined
  readonly audience: string
}

export type ParsedS3Address =
  { readonly kind: 'address'; readonly address: S3Address } | { readonly kind: 'problems'; readonly problems: readonly string[] }

const names = ['region', 'role', 'endpoint', 'audience'] as const

/**
 * Reads what stands after `s3:` in a store line.
 * @param text `bucket/key`, and after a `?` region, role, endpoint and audience
 * @returns the address, or a sentence for each problem; the sentences never repeat what may be a secret
 */
export function parseS3Address(text: string): ParsedS3Address {
  const [place = '', query] = text.trim().split(/\?(.*)/s)
  const { options, problems } = parseAddressOptions(query, names)
  const { region, role, audience } = options
  const endpoint = options.endpoint === undefined ? undefined : parseServer(options.endpoint)
  if (typeof endpoint === 'string') problems.push(`endpoint=: ${endpoint}`)
  const [bucket = '', ...parts] = place.split('/')
  problems.push(...placeProblems(bucket, parts))
  if (region !== undefined && !isRegion(region)) problems.push('region= must be the name of a region, such as eu-central-1.')
  if (role !== undefined && !/^arn:[\w-]+:iam:[\w-]*:\d*:?role\/[\w+=,.@/-]+$/.test(role)) {
    problems.push('role= must be the ARN of a role, arn:aws:iam::123456789012:role/name.')
  }
  if (role === undefined && audience !== undefined) problems.push('audience= is for the login with role=.')
  if (problems.length > 0 || typeof endpoint === 'string') return { kind: 'problems', problems }
  const key = parts.map((part) => decoded(part) ?? part).join('/')
  return {
    kind: 'address',
    address: { bucket, key, region, endpoint: endpoint?.origin, role, audience: audience ?? 'sts.amazonaws.com' },
  }
}

/** Where the lease lies, beside the login. */
export function leaseKeyOf({ key }: S3Address): string {
  return `${key}.lease`
}

/** Whether a text can be the name of a region; it becomes part of a host name. */
export function isRegion(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,40}$/.test(text)
}

function placeProblems(bucket: string, parts: readonly string[]): string[] {
  if (parts.length === 0) return ['It must look like bucket/key, for example your-bucket/codex/auth.json.']
  const problems: string[] = []
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || bucket.includes('..')) {
    problems.push('The bucket must be lower-case letters, digits, "-" and ".", 3 to 63 of them, without a scheme or a host before it.')
  }
  if (parts.join('/').length > 900 || !parts.every((part) => /^[\w@=:,-][\w.@=:,-]*$/.test(decoded(part) ?? ''))) {
    problems.push('The key may hold letters, digits and . _ - @ = : , alone, and no part of it may be empty or begin with a dot.')
  }
  return problems
}
