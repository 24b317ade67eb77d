/** The time and the waiting of a use case, so that tests need neither. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  sleep(milliseconds: number): Promise<void>
}

/** Time that nobody can set: it goes on alike, whatever becomes of the machine's date. */
export interface Stopwatch {
  /** Milliseconds since some moment. */
  elapsed(): number
}

export const systemClock: Clock & Stopwatch = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (milliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds)
    }),
}
