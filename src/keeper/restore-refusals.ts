import { unmanagedReasons } from '../credential/auth-json.ts'
import { isSameAccount, type Fingerprint } from '../credential/fingerprint.ts'
import { listAccounts, originName, type Candidate, type NewestChoice } from '../credential/newest.ts'
import type { ObservedFile } from '../codex/codex-home.ts'
import type { Hazard } from '../codex/hazard.ts'
import { KeeperError, messageOf } from '../keeper-error.ts'
import { logInFirst } from '../log-in.ts'
import { holdsForeign, type StoreFinding } from './store-finding.ts'

/** Why no credential could be chosen, and the way out. */
export function notChosen(
  choice: Exclude<NewestChoice, { kind: 'chosen' }>,
  findings: readonly StoreFinding[],
  file: ObservedFile,
): KeeperError {
  const outages = findings.flatMap(({ name, look }) => (look.kind === 'unreadable' ? [{ name, error: look.error }] : []))
  const outage = sentences(outages)
  const wayOutOfOutage = firstRemedy(outages) ?? 'Run the job again when the store answers.'
  switch (choice.kind) {
    case 'none':
      if (outages.length > 0) return new KeeperError('store-unreachable', `No credential: ${outage}`, wayOutOfOutage)
      return new KeeperError(
        'no-credential',
        `There is no credential: ${findings.length === 1 ? 'the store is' : 'all stores are'} empty, ${fileWords(file)}, and auth-json is empty: no secret has that name for this run.`,
        `${logInFirst} If it is there already, see that this event is given secrets and that the job names the environment it is in.`,
      )
    case 'none-expected':
      return new KeeperError(
        'two-accounts',
        `None of the credentials belongs to expected-account. Found: ${listAccounts(choice.found)}.`,
        'Reseed with the login of the expected account, or correct expected-account.',
      )
    case 'two-accounts':
      return new KeeperError(
        'two-accounts',
        `The credentials belong to different accounts: ${listAccounts(choice.found)}.`,
        isOddOneOut('file', choice.found) ? elsewhere : ofItsOwn,
      )
    case 'only-seed-but-unread':
      return new KeeperError(
        'store-unreachable',
        `A store could not be read, so the seed is not used: it may be spent, and a spent token can cost the whole login. ${outage}`,
        wayOutOfOutage,
      )
    case 'due-but-unread':
      return new KeeperError(
        'store-unreachable',
        `A store could not be read, and the copy from ${originName(choice.candidate.origin)} is to be refreshed: if that store holds a newer one, this refresh would spend a token twice. ${outage}`,
        wayOutOfOutage,
      )
  }
}

/** The surroundings would make Codex ignore, delete or give away the login. */
export function hazardous(hazards: readonly Hazard[]): KeeperError {
  const refusals = hazards.filter(({ severity }) => severity === 'refuse')
  return new KeeperError('hazard', refusals.map(({ message }) => message).join('\n'), refusals.map(({ remedy }) => remedy).join('\n'))
}

/** No store would take the login after its refresh. */
export function notWritable(findings: readonly StoreFinding[], base: Fingerprint): KeeperError {
  const errors = findings.flatMap(({ name, look, proof }) => {
    const error = proof.kind === 'refused' ? proof.error : look.kind === 'unreadable' ? look.error : undefined
    return error === undefined ? [] : [{ name, error }]
  })
  const foreign = findings.filter((finding) => holdsForeign(finding, base)).map(({ name }) => `${name} holds a login of another account.`)
  return new KeeperError(
    foreign.length === findings.length ? 'two-accounts' : 'not-writable',
    `No store can be written, so a refreshed login would be lost. ${[...foreign, sentences(errors)].join(' ').trim()}`,
    firstRemedy(errors) ?? (foreign.length > 0 ? ofItsOwn : 'Make one store writable and run the job again.'),
    { cause: errors[0]?.error },
  )
}

const ofItsOwn =
  'One slot is one login: give each its own slot. If the store holds the wrong one, empty it first; expected-account does not replace what a store holds.'

/** A login that nobody has a copy of is not ours to replace. @param why the end of a sentence about that file */
export function occupied(codexHome: string, why: string): KeeperError {
  return new KeeperError('two-accounts', `${codexHome}/auth.json ${why}, and restoring would delete it.`, elsewhere)
}

const elsewhere = 'Set the input codex-home to a directory of its own for this login, or move that file away.'

/** Whether a candidate of this origin is of another account than all the rest. */
function isOddOneOut(kind: Candidate['origin']['kind'], found: readonly Candidate[]): boolean {
  const odd = found.find(({ origin }) => origin.kind === kind)
  return (
    odd !== undefined && found.every((other) => other === odd || !isSameAccount(other.credential.fingerprint, odd.credential.fingerprint))
  )
}

/** The file at hand, as a part of a sentence. */
export function fileWords(file: ObservedFile): string {
  switch (file.kind) {
    case 'missing':
    case 'managed':
      return 'CODEX_HOME has no auth.json'
    case 'damaged':
      return `the auth.json in CODEX_HOME is damaged (${file.problem})`
    case 'unmanaged':
      return `the auth.json in CODEX_HOME ${unmanagedReasons[file.credential.why]}`
  }
}

interface StoreFault {
  readonly name: string
  readonly error: unknown
}

function sentences(faults: readonly StoreFault[]): string {
  return faults
    .map(({ name, error }) => {
      const message = messageOf(error)
      // Many stores name themselves in their errors.
      return message.startsWith(`${name}:`) ? message : `${name}: ${message}`
    })
    .join(' ')
}

function firstRemedy(faults: readonly StoreFault[]): string | undefined {
  return faults.map(({ error }) => (error instanceof KeeperError ? error.remedy : '')).find((remedy) => remedy !== '')
}
