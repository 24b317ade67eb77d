import { unmanagedReasons } from '../../credential/auth-json.ts'
import { about, type Finding } from './finding.ts'
import type { MachineFacts } from './machine-facts.ts'

/** Whether auth.json is a login that Codex can use and refresh. */
export function checkDocument({ authFile, document }: Pick<MachineFacts, 'authFile' | 'document'>): Finding[] {
  const report = about('machine', 'auth-file', authFile)
  const relogin = `Move it away and log in again: codex-auth-keeper login, or codex login for this machine alone.`
  switch (document.kind) {
    case 'missing':
      return [report.ok('There is no login on this machine.')]
    case 'managed':
      return [report.ok('It holds a ChatGPT login that can be refreshed.')]
    case 'damaged':
      return [
        report.problem({
          what: `The file cannot be used: ${document.problem}.`,
          why: 'Codex refuses it, and runs logged out.',
          wayOut: relogin,
        }),
      ]
    case 'unmanaged': {
      const what = `The file ${unmanagedReasons[document.credential.why]}.`
      const wayOut = 'Log in with ChatGPT (codex login), in a CODEX_HOME of its own if you want to keep this file.'
      return [report.warning({ what, why: 'The keeper keeps ChatGPT logins that can be refreshed, and nothing else.', wayOut })]
    }
    case 'unreadable':
      return [
        report.problem({
          what: document.problem,
          why: 'Codex cannot read it either.',
          wayOut: 'Give the user who runs Codex access to it.',
        }),
      ]
  }
}

/** Whether nobody else can read or replace the login, and Codex can save a refreshed one. */
export function checkModes({ codexHome, home, authFile, file }: Pick<MachineFacts, 'codexHome' | 'home' | 'authFile' | 'file'>): Finding[] {
  if (home === undefined) return []
  const findings: Finding[] = []
  const folder = about('machine', 'modes', codexHome)
  const document = about('machine', 'modes', authFile)
  if (!home.isFolder) {
    return [folder.problem({ what: 'It is no folder.', why: 'Codex keeps auth.json in it.', wayOut: 'Name another one with CODEX_HOME.' })]
  }
  if ((home.mode & 0o022) !== 0) {
    findings.push(
      folder.problem({
        what: `Others can write to this folder (mode ${octal(home.mode)}).`,
        why: 'Who can write to it can put another login or configuration there.',
        ...chmod(codexHome, 0o700),
      }),
    )
  } else if ((home.mode & 0o077) !== 0) {
    findings.push(
      folder.warning({
        what: `Others can look into this folder (mode ${octal(home.mode)}).`,
        why: 'Beside the login Codex keeps all conversations there.',
        ...chmod(codexHome, 0o700),
      }),
    )
  }
  if (!home.canWrite) {
    findings.push(
      folder.problem({
        what: 'You cannot write to this folder.',
        why: 'Codex could refresh the login and not save it: then the login is lost.',
        wayOut: 'Give the folder to the user who runs Codex.',
      }),
    )
  }
  if (file !== undefined && (file.mode & 0o077) !== 0) {
    findings.push(
      document.problem({
        what: `Others can read or write this file (mode ${octal(file.mode)}).`,
        why: 'Whoever reads it can use your ChatGPT account.',
        ...chmod(authFile, 0o600),
      }),
    )
  }
  for (const [place, rest] of [
    [folder, home],
    [document, file],
  ] as const) {
    if (rest !== undefined && !rest.isOurs) {
      findings.push(
        place.warning({
          what: 'It belongs to another user.',
          why: 'Codex must be able to replace the login, and nobody else.',
          wayOut: 'Run this as the user who runs Codex, or give it to that user (chown).',
        }),
      )
    }
  }
  return findings.length > 0
    ? findings
    : [folder.ok(file === undefined ? 'Nobody else can look into it.' : 'Nobody else can read the login.')]
}

function chmod(path: string, mode: number): { wayOut: string; mend: { kind: 'mode'; path: string; mode: number } } {
  return { wayOut: `chmod ${octal(mode)} '${path}', or doctor --fix.`, mend: { kind: 'mode', path, mode } }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
