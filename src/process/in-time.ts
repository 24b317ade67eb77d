/**
 * Waits for work that cannot be stopped, up to a limit; what becomes of it after that is not looked at.
 * @param milliseconds the limit
 * @returns what the work gave, or 'late'
 * @throws what the work threw in time
 */
export async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => {
      resolve('late')
    }, milliseconds)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
