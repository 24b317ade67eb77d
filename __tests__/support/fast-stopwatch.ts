// Loaded into every Node process of a machine: for the first twelve seconds in which it is looked at, its stopwatch goes thirty
// times as fast as others, and then as they do. Its pauses stay as they are.
const elapsed = performance.now.bind(performance)
let first: number | undefined

performance.now = () => {
  const now = elapsed()
  first ??= now
  return now + 29 * Math.min(now - first, 12_000)
}
