import { KeeperError } from '../../keeper-error.ts'
import { leaseKeyOf, type S3Address } from './s3-address.ts'
import type { S3Answer } from './s3-exchange.ts'

/** What the keeper needs, to be pasted into the policy of the role or user. */
export function policyText(address: S3Address): string {
  const { bucket, key } = address
  const allow = (actions: readonly string[], ...resources: readonly string[]): object => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resources.map((resource) => `arn:aws:s3:::${resource}`),
  })
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allow(['s3:GetObject', 's3:PutObject'], `${bucket}/${key}`, `${bucket}/${leaseKeyOf(address)}`),
      allow(['s3:ListBucket'], bucket),
    ],
  })
}

/** The server's own words. */
export function saidBy({ status, code, message }: Pick<S3Answer, 'status' | 'code' | 'message'>): string {
  return [String(status), code, message].filter((part) => part !== undefined && part !== '').join(' ')
}

export function noKeys(): KeeperError {
  return new KeeperError(
    'store-unauthorized',
    'The line has no role=, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set when the keeper starts. ' +
      'Roles of the machine itself (EC2, ECS, EKS) and profiles are not used.',
    'Add role= to the line and "id-token: write" to the permissions of the job (no long-lived key is needed then), ' +
      'or let aws-actions/configure-aws-credentials run before this step.',
  )
}

export function noRegion(): KeeperError {
  return new KeeperError(
    'store-refused',
    'The region of the bucket is not known.',
    'Add region= to the line, for example region=eu-central-1.',
  )
}

/** Who may take a role is what people get wrong first, so the error says what was sent. */
export function loginRefused({ role = '' }: S3Address, claims: string, answer: S3Answer): KeeperError {
  return new KeeperError(
    'store-unauthorized',
    `${answer.name} did not let the job take the role ${role} (${saidBy(answer)}). The id token said: ${claims}.`,
    'See that the account has the identity provider token.actions.githubusercontent.com with this audience, and that the trust ' +
      'policy of the role allows sts:AssumeRoleWithWebIdentity to this subject.',
  )
}

/** Codes of AWS for a key that is wrong or has ended, whatever it may do. */
const badKeys = ['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken', 'InvalidToken', 'TokenRefreshRequired', 'InvalidSecurity']

/** The error for an answer that is neither done nor a conflict. */
export function refused(address: S3Address, answer: S3Answer): KeeperError {
  const { bucket, key } = address
  const { status, code = '', name, as } = answer
  const why = saidBy(answer)
  if (badKeys.includes(code)) {
    return new KeeperError(
      'store-unauthorized',
      `${name} does not accept the key of ${as} (${why}).`,
      'Check the AWS_… variables of this step; keys of an assumed role end after an hour or so. With role= in the line each stage gets its own.',
    )
  }
  if (code === 'RequestTimeTooSkewed') {
    return new KeeperError(
      'store-refused',
      `${name} says that the clock of this machine is wrong (${why}).`,
      'Set the clock of the runner.',
    )
  }
  if (status === 401 || status === 403) {
    return new KeeperError(
      'store-unauthorized',
      `${name} does not give ${as} access to ${bucket}/${key} (${why}). AWS says the same of an object that is not there, where s3:ListBucket is missing.`,
      `Give it this policy:\n${policyText(address)}`,
    )
  }
  if (answer.region !== undefined) {
    return new KeeperError(
      'store-refused',
      `The bucket ${bucket} is in the region ${answer.region} (${why}).`,
      `Write region=${answer.region} into the line.`,
    )
  }
  return new KeeperError(
    'store-refused',
    `${name} refused the request for ${bucket}/${key} (${why}).`,
    code === 'NoSuchBucket' ? `Make the bucket ${bucket}, or name another one.` : 'Check the line; the same request will be refused again.',
  )
}

/** A server that takes a write although its condition cannot hold. */
export function ignoresConditions(name: string, header: string): KeeperError {
  return new KeeperError(
    'store-refused',
    `${name} took a write whose ${header} cannot hold: it does not support conditional writes, so one job would overwrite another's login.`,
    'Use a server that does (AWS S3, Cloudflare R2, MinIO, SeaweedFS, Ceph), in a version that has them, or another store.',
  )
}
