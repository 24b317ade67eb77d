import { afterAll, beforeAll } from '@jest/globals'

/** Keeps a shared server running from the first test of this file to the last, so that not each test starts it anew. */
export function holdServer(shared: () => Promise<{ release: () => Promise<void> }>): void {
  let release: (() => Promise<void>) | undefined
  beforeAll(async () => {
    ;({ release } = await shared())
  })
  afterAll(() => release?.())
}
