import { join } from 'node:path'
import { networkVariables } from '../../process/network-variables.ts'
import { sha256 } from '../../sha256.ts'
import { judgeSealing, type Sealing } from '../sealed/judge-sealing.ts'
import { judgeTool, problemsOf, type Judged, type StoreLine } from '../store-line.ts'
import { judgeGitAccess, type GitAccess } from './git-access.ts'
import { parseGitAddress, type GitAddress } from './git-address.ts'
import type { GitStoreOptions } from './git-store.ts'

export type GitSettings = GitStoreOptions & { readonly sealing: Sealing }

/** Judges a line `git` or `git: address`. */
export function judgeGit(line: StoreLine): Judged<GitSettings> {
  const { name, given, run } = line
  const place = judgePlace(line)
  // Without the repository: it may be renamed, and one place is reached by several addresses.
  const ref = place.kind === 'settings' ? place.settings.address.ref : ''
  const sealing = judgeSealing(line, `git slot=${given.slot} ref=${ref}`)
  const git = judgeTool(line, 'git')
  if (place.kind === 'problems' || sealing.kind === 'problems' || git.kind === 'problems') {
    return { kind: 'problems', problems: problemsOf(place, sealing, git) }
  }
  return {
    kind: 'settings',
    settings: {
      name,
      ...place.settings,
      slot: given.slot,
      git: git.settings,
      tempDir: run.tempDirectory,
      commitNote: { run: run.runUrl, now: () => new Date() },
      networkEnv: gitEnvironment(run.userEnv),
      pack: { file: join(run.tempDirectory, `codex-auth-${sha256(name).slice(0, 16)}.pack`), forNextStage: run.hasNextStage },
      sealing: sealing.settings,
    },
  }
}

function judgePlace(line: StoreLine): Judged<{ readonly address: GitAddress; readonly access: GitAccess }> {
  const { serverUrl, repository } = line.run
  const parsed = parseGitAddress(line.address, { serverUrl, repository, slot: line.given.slot })
  if (parsed.kind === 'problems') return { kind: 'problems', problems: [`store: ${parsed.problems.join(' ')}`] }
  const access = judgeGitAccess(line, parsed.address)
  if (access.kind === 'problems') return access
  return { kind: 'settings', settings: { address: parsed.address, access: access.settings } }
}

/** What git and its ssh may have of the environment. */
function gitEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => networkVariables.includes(name) || name === 'SSH_AUTH_SOCK'))
}
