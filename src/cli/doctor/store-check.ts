import { accountHash } from '../../credential/fingerprint.ts'
import { about, type Finding } from './finding.ts'
import type { StoreFacts } from './store-facts.ts'

/** Whether a store can be read and could be written. */
export function checkStore({ name, copy, proof }: StoreFacts): Finding[] {
  const report = about('stores', 'store', name)
  if (copy.kind === 'unreadable') return [report.problem({ what: 'It cannot be read.', why: copy.why, wayOut: copy.wayOut })]
  const holds = {
    none: 'It can be read, and holds no login yet',
    hidden: 'GitHub shows no secret to anybody, so it was not read',
    held: copy.kind === 'held' ? `It can be read, and holds a login of the account ${accountHash(copy.credential.fingerprint)}` : '',
  }[copy.kind]
  switch (proof.kind) {
    case 'proved':
      return [report.ok(`${holds}; it can be written.`)]
    case 'unprovable':
      return [report.ok(`${holds}; whether it can be written only a write shows.`)]
    case 'not-counted':
      return [report.ok(`${holds}.`)]
    case 'refused':
      return [
        report.ok(`${holds}.`),
        report.problem({ what: 'It cannot be written: a refreshed login would be lost.', why: proof.why, wayOut: proof.wayOut }),
      ]
  }
}

/** A store that only a job can look at. */
export function checkOutOfReach({ name, why }: { readonly name: string; readonly why: string }): Finding[] {
  return [about('stores', 'store', name).ok(`Not looked at: ${why}.`)]
}

/** The clone has workflows with stores, and the person has named none of them: what others wrote into a file is not followed by itself. */
export function storesUnnamed(): Finding {
  return about('stores', 'store', 'Stores').ok('Those of the workflows were not looked at: name one of them with --workflow.')
}
