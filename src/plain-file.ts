import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** What is there cannot be read to its end as a file; the message is the end of a sentence about it. */
export class PlainFileError extends Error {
  override readonly name = 'PlainFileError'
}

/**
 * Reads a file that somebody else may have put there. A pipe or a device, which could keep a reader for ever, is refused.
 * @param largest the most bytes it may have
 * @throws PlainFileError, or the system's error where it cannot be opened
 */
export async function readPlainFile(path: string, largest: number): Promise<Uint8Array> {
  // Opening a pipe would otherwise wait for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!(await file.stat()).isFile()) throw new PlainFileError('is not a regular file')
    const bytes = Buffer.alloc(largest + 1)
    let size = 0
    // A file may grow while it is read.
    for (;;) {
      const { bytesRead } = await file.read(bytes, size, bytes.length - size)
      size += bytesRead
      if (size > largest) throw new PlainFileError(`is larger than ${largest / 1024} KiB`)
      if (bytesRead === 0) return Uint8Array.from(bytes.subarray(0, size))
    }
  } finally {
    await file.close()
  }
}
