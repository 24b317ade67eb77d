import type { KeeperErrorCode } from '../../keeper-error.ts'
import type { SummaryBlock } from './summary.ts'

/** A link to what the documentation of the version in use says of an error; nothing where the runner does not say which that is. */
export function troubleshootingLink(code: KeeperErrorCode, env: Readonly<Record<string, string | undefined>>): SummaryBlock[] {
  const { GITHUB_ACTION_REPOSITORY: repository = '', GITHUB_ACTION_REF: ref = '' } = env
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^[\w.-]+(\/[\w.-]+)*$/.test(ref)) return []
  return [
    { kind: 'link', text: 'More about this error', url: `https://github.com/${repository}/blob/${ref}/docs/troubleshooting.md#${code}` },
  ]
}
