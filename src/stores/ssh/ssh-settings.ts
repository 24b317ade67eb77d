import { judgeSshKeys } from '../openssh.ts'
import { judgeTool, problemsOf, type Judged, type StoreLine } from '../store-line.ts'
import { parseSshAddress } from './ssh-address.ts'
import type { SshStoreOptions } from './ssh-store.ts'

/** Judges a line `ssh: user@host:port/path/auth.json`. */
export function judgeSsh(line: StoreLine): Judged<SshStoreOptions> {
  const { name, run } = line
  const parsed = parseSshAddress(line.address ?? '')
  if (parsed.kind === 'problems') return { kind: 'problems', problems: [`store: ssh: ${parsed.problems.join(' ')}`] }
  const { address } = parsed
  const keys = judgeSshKeys(line, address.host, address.port)
  const tool = judgeTool(line, 'ssh')
  if (keys.kind === 'problems' || tool.kind === 'problems') return { kind: 'problems', problems: problemsOf(keys, tool) }
  const agentSocket = run.userEnv['SSH_AUTH_SOCK']
  return {
    kind: 'settings',
    settings: {
      name,
      address,
      ...keys.settings,
      ssh: tool.settings,
      tempDir: run.tempDirectory,
      ...(agentSocket !== undefined && { agentSocket }),
    },
  }
}
