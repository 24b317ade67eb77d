import * as z from 'zod/mini'
import { idTokenRightOf } from '../../github/id-token-right.ts'
import { pickVariables } from '../job-variables.ts'
import { judgeSealing, type Sealing } from '../sealed/judge-sealing.ts'
import type { Judged, StoreLine } from '../store-line.ts'
import { parseS3Address } from './s3-address.ts'
import type { S3StoreOptions } from './s3-store.ts'

/** What the store s3 is made of; it is sealed where restore had a key for it. */
export type S3Settings = S3StoreOptions & { readonly sealing?: Sealing }

const variables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_ENDPOINT_URL_STS',
  'AWS_CA_BUNDLE',
]

const handover = z.catch(z.optional(z.object({ conditional: z.boolean() })), undefined)

/** Judges a line `s3: bucket/key`. Whether the variables it needs are there is told by each use of the store. */
export function judgeS3(line: StoreLine): Judged<S3Settings> {
  const { name, given, run } = line
  const parsed = parseS3Address(line.address ?? '')
  if (parsed.kind === 'problems') return { kind: 'problems', problems: [`store: s3: ${parsed.problems.join(' ')}`] }
  const { address } = parsed
  // A key that comes or goes after restore must not make a sealed place a plain one.
  const isSealed = run.hasNextStage ? given.encryptionKey !== undefined : run.sealedFor !== undefined
  const sealing = isSealed ? judgeSealing(line, `s3 slot=${given.slot} bucket=${address.bucket} key=${address.key}`) : undefined
  if (sealing?.kind === 'problems') return sealing
  const runId = run.env['GITHUB_RUN_ID'] ?? ''
  return {
    kind: 'settings',
    settings: {
      name,
      address,
      variables: pickVariables(run, variables),
      idTokenRight: idTokenRightOf(run.env),
      sessionName: `codex-auth-keeper${/^\d{1,20}$/.test(runId) ? `-${runId}` : ''}`,
      handover: handover.parse(run.handovers[name]),
      onSecret: run.onSecret,
      ...(sealing && { sealing: sealing.settings }),
    },
  }
}
