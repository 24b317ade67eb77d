import type { GithubAuth } from '../../github/github-api.ts'
import { problemsOf, type Judged, type StoreLine } from '../store-line.ts'
import { parseSecretAddress, type SecretName } from './github-secret-name.ts'
import type { SecretWriter } from './github-secret-writer.ts'

/** What the store github-secret and the API it asks are made of. */
export interface GithubSecretSettings {
  readonly name: string
  readonly secret: SecretName
  readonly repository: { readonly owner: string; readonly repo: string }
  /** The input `auth-json`. */
  readonly currentValue: string | undefined
  readonly apiUrl: string
  readonly auth: GithubAuth
  /** What an earlier stage of this job left, as it was saved. */
  readonly handover: unknown
}

/** Judges a line `github-secret: NAME?environment=prod`. */
export function judgeGithubSecret(line: StoreLine): Judged<GithubSecretSettings> {
  const { name, given, run } = line
  const address = parseSecretAddress(line.address ?? '')
  const secret: Judged<SecretName> =
    address.kind === 'name'
      ? { kind: 'settings', settings: address.name }
      : { kind: 'problems', problems: [`store: github-secret: ${address.problem}`] }
  const writer: Judged<SecretWriter> = given.secretWriter ?? { kind: 'problems', problems: [writerNeeded] }
  if (secret.kind === 'problems' || writer.kind === 'problems') return { kind: 'problems', problems: problemsOf(secret, writer) }
  const [owner = '', repo = ''] = run.repository.split('/')
  return {
    kind: 'settings',
    settings: {
      name,
      secret: secret.settings,
      repository: { owner, repo },
      currentValue: given.authJson,
      apiUrl: run.apiUrl,
      auth: writer.settings.kind === 'app' ? { ...writer.settings, owner, repo } : writer.settings,
      handover: run.handovers[name],
    },
  }
}

const writerNeeded =
  'secret-writer-token (or app-id and app-private-key) is needed by the store github-secret: GITHUB_TOKEN can never write secrets.'
