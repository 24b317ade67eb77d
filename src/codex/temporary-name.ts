import { randomUUID } from 'node:crypto'

/** A name for a document beside `auth.json` for a moment, with the process that uses it. */
export function temporaryName(): string {
  return `.auth-${process.pid}-${randomUUID()}`
}

/** The names above, and those without a process that version 1.0 made. Codex's own have six letters there. */
export const temporaryNames = /^\.auth-(?:(\d+)-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
