/** A request that waits inside the server until the test lets it go on. */
export interface Held {
  /** Fulfilled when a request has arrived at the gate. */
  readonly begun: Promise<void>
  /** Lets the request go on; calling it again, or before a request arrives, is fine. */
  readonly release: () => void
}

export interface Gate extends Held {
  /** For the server: arrives at the gate and waits for the release. */
  readonly pass: () => Promise<void>
}

export function gate(): Gate {
  let arrive = (): void => undefined
  let release = (): void => undefined
  const begun = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  return {
    begun,
    release: () => {
      release()
    },
    pass: async () => {
      arrive()
      await released
    },
  }
}
