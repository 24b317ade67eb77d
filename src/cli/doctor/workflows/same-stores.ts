import { about, type Finding } from '../finding.ts'
import { leaseLine } from './leases.ts'
import type { SharedLogin } from './same-login.ts'
import { placeOf, type KeeperUse } from './workflow.ts'

/** Whether all that use a login name the same stores for it: elsewhere lies another copy, and both spend one refresh token. */
export function sameStores({ slot, uses }: SharedLogin): Finding[] {
  const [first, ...others] = uses
  if (first === undefined || others.length === 0) return []
  const report = about('workflows', 'same-stores', `slot ${slot}`)
  const differing = others.find((other) => setOf(other) !== setOf(first))
  if (differing !== undefined) {
    return [
      report.problem({
        what: `${placeOf(first)} keeps the login of this slot in ${listed(first)}; ${placeOf(differing)} keeps it in ${listed(differing)}.`,
        why: 'Each of them spends a copy of its own of one refresh token, which works once: the second refresh is refused.',
        wayOut: 'Give both the same store lines, or give one of them another slot with a login of its own.',
      }),
    ]
  }
  const elsewhere = others.find((other) => leaseLine(other) !== leaseLine(first))
  if (elsewhere !== undefined) {
    return [
      report.problem({
        what: `${placeOf(first)} and ${placeOf(elsewhere)} list the stores of this slot in another order.`,
        why: 'The lease lies in the first store that can hold one. In two places it keeps nobody from spending the token twice.',
        wayOut: 'Give both the same store lines in the same order.',
      }),
    ]
  }
  return [report.ok(`${uses.length} steps use this login, all with the same stores.`)]
}

function setOf({ stores }: KeeperUse): string {
  return JSON.stringify([...new Set(stores)].sort())
}

function listed({ stores }: KeeperUse): string {
  return stores.map((line) => `"${line}"`).join(' and ')
}
