import type { OutputStream } from './output-stream.ts'

const frames = ['|', '/', '-', '\\']
const eraseLine = '\r\u001b[2K'

/**
 * Waits for work. On a terminal a line that moves says so after one second, and is gone when the work is done.
 * @param what one line that is safe to print
 * @param stream undefined where nobody watches
 */
export async function spinning<T>(what: string, work: Promise<T>, stream: OutputStream | undefined): Promise<T> {
  if (stream === undefined) return work
  let frame = 0
  let timer: NodeJS.Timeout | undefined
  const delay = setTimeout(() => {
    timer = setInterval(() => {
      stream.write(`${eraseLine}${frames[frame++ % frames.length] ?? ''} ${what}`)
    }, 100)
    timer.unref()
  }, 1_000)
  delay.unref()
  try {
    return await work
  } finally {
    clearTimeout(delay)
    if (timer !== undefined) {
      clearInterval(timer)
      stream.write(eraseLine)
    }
  }
}
