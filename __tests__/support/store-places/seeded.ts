import type { PlaceJob, StorePlace } from '../store-places.ts'

/** What the stores have in common that know a seed: it is a secret of its own, and a document is stored as it is. */
export function seeded(
  line: string,
  inputs: Readonly<Record<string, string>>,
  spec: PlaceJob['spec'] = {},
): Pick<StorePlace, 'seed' | 'job' | 'held'> {
  let seed: string | undefined
  return {
    seed: (text) => {
      seed = JSON.stringify(JSON.parse(text))
    },
    job: () => ({
      inputs: { store: line, 'auth-json': '${{ secrets.SEED }}', ...inputs },
      spec: { ...spec, secrets: { ...spec.secrets, ...(seed !== undefined && { SEED: seed }) } },
    }),
    held: (bytes) => bytes,
  }
}
