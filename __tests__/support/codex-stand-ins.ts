import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LoginDocument } from './codex-login.ts'
import type { Machine } from './fake-runner/machine.ts'
import { replaceProgram } from './keeper-workflow.ts'
import { codexBinary } from './real-codex.ts'

/** What a stand-in does when it is asked for the account, as lines of bash; `refreshed` holds the path of a new document. */
export interface StandIn {
  readonly onAccountRead: string
  readonly refreshed?: LoginDocument
}

/** Puts a program that speaks just enough of `codex app-server` on a machine, in place of Codex. */
export function standIn(machine: Machine, { onAccountRead, refreshed }: StandIn): void {
  const file = join(machine.root, 'refreshed.json')
  if (refreshed) writeFileSync(file, refreshed.bytes)
  replaceProgram(machine, 'codex', appServer(`refreshed='${file}'; ${onAccountRead}`))
}

/** The text of such a program. */
export function appServer(onAccountRead: string): string {
  return `#!/bin/bash
while read -r line; do
  case $line in
    *'"id":0'*) echo '{"id":0,"result":{}}' ;;
    *'"id":1'*) ${onAccountRead} ;;
  esac
done
`
}

export const answersWell = `echo '{"id":1,"result":{"account":{"type":"chatgpt"}}}'`

/** The real Codex as it was before it had an app-server. */
export const withoutAppServer = `#!/bin/bash
if [ "$1" = app-server ]; then echo "error: unrecognized subcommand 'app-server'" >&2; exit 2; fi
exec '${codexBinary()}' "$@"
`
