import type { Finding } from '../finding.ts'
import { codexFirst } from './codex-first.ts'
import { jobRights } from './job-rights.ts'
import { keptFresh } from './kept-fresh.ts'
import { neverCancelled } from './never-cancelled.ts'
import { pinned } from './pinned.ts'
import { sameStores } from './same-stores.ts'
import { sharedLogins } from './same-login.ts'
import { turns } from './turns.ts'
import { keeperUses, type Workflow } from './workflow.ts'

/** All that can be said of the workflows of a repository; nothing where none uses the keeper. */
export function checkWorkflows(workflows: readonly Workflow[]): Finding[] {
  const uses = workflows.flatMap(keeperUses)
  return [
    ...sharedLogins(uses).flatMap((login) => [sameStores, turns, keptFresh].flatMap((check) => check(login))),
    ...uses.flatMap((use) => [codexFirst, jobRights, neverCancelled, pinned].flatMap((check) => check(use))),
  ]
}
