/** The Codex releases that every change is tested with: the oldest and the newest. */
export const testedVersions = { oldest: '0.149.1', newest: '0.169.0' } as const

/** Whether a release came before another one; both are three numbers, and what stands behind them does not count. */
export function isEarlier(version: string, than: string): boolean {
  const [one, other] = [version, than].map((text) => text.split(/[.+-]/, 3).map(Number))
  const index = [0, 1, 2].find((part) => one?.[part] !== other?.[part]) ?? 0
  return (one?.[index] ?? 0) < (other?.[index] ?? 0)
}
