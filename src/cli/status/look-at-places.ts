import { unmanagedReasons } from '../../credential/auth-json.ts'
import { secretValues } from '../../credential/secret-values.ts'
import { authFileIn, observeAuthFile } from '../../codex/codex-home.ts'
import { KeeperError, messageOf } from '../../keeper-error.ts'
import { lookOnce } from '../../keeper/store-access.ts'
import type { Store } from '../../stores/store.ts'
import type { CliContext } from '../context.ts'
import type { Places } from '../places.ts'
import type { SeenPlace, Sight } from './status.ts'

/**
 * Looks at all places at once, the file of this machine first in the list. Nobody but the places is asked, and nothing is changed.
 * Never throws: what is wrong with a place is what was seen there.
 */
export function lookAtPlaces({ codexHome, stores, settings, outOfReach }: Places, context: CliContext): Promise<SeenPlace[]> {
  const isHidden = (index: number): boolean =>
    settings[index]?.kind === 'github-secret' && context.environment.secrets.CODEX_AUTH_SEED === undefined
  return Promise.all([
    lookAtMachine(codexHome, context),
    ...stores.map((store, index) => lookAtStore(store, isHidden(index))),
    ...outOfReach.map(({ name, why }): Promise<SeenPlace> =>
      Promise.resolve({ name, where: 'store', sight: { kind: 'out-of-reach', why } }),
    ),
  ]).then((seen) => {
    const found = seen.flatMap(({ sight }) => (sight.kind === 'login' ? [sight.credential] : []))
    context.terminal.secrets.add(found.flatMap(({ bytes }) => secretValues(Buffer.from(bytes).toString('utf8'))))
    return seen
  })
}

async function lookAtMachine(codexHome: string, { clock }: CliContext): Promise<SeenPlace> {
  const place = { name: authFileIn(codexHome), where: 'machine' } as const
  try {
    const file = await observeAuthFile(codexHome, clock)
    switch (file.kind) {
      case 'missing':
        return { ...place, sight: { kind: 'none' } }
      case 'damaged':
        return { ...place, sight: { kind: 'no-login', why: `The file cannot be used: ${file.problem}.` } }
      case 'unmanaged':
        return { ...place, sight: { kind: 'no-login', why: `The file ${unmanagedReasons[file.credential.why]}.` } }
      case 'managed':
        return { ...place, sight: { kind: 'login', credential: file.credential } }
    }
  } catch (error) {
    return { ...place, sight: unreadable(error) }
  }
}

async function lookAtStore(store: Store, isHidden: boolean): Promise<SeenPlace> {
  const place = { name: store.name, where: 'store' } as const
  if (isHidden) {
    try {
      const facts = await store.about?.()
      return { ...place, sight: { kind: facts === undefined ? 'none' : 'hidden' }, facts }
    } catch (error) {
      return { ...place, sight: unreadable(error) }
    }
  }
  const seen = await lookOnce(store)
  switch (seen.kind) {
    case 'none':
      return { ...place, sight: { kind: 'none' } }
    case 'unreadable':
      return { ...place, sight: unreadable(seen.error) }
    case 'held':
      return { ...place, sight: { kind: 'login', credential: seen.credential }, facts: await store.about?.().catch(() => undefined) }
  }
}

function unreadable(error: unknown): Sight {
  return { kind: 'unreadable', why: messageOf(error), wayOut: error instanceof KeeperError ? error.remedy : 'See the message.' }
}
