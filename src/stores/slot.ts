/** The name of a slot: it becomes part of the names of files, refs and cache keys. */
export const slotPattern = /^[A-Za-z0-9](?!.*\.\.)(?!.*\.lock$)[A-Za-z0-9._-]{0,62}(?<!\.)$/

/** What it must be, as the end of a sentence about it. */
export const slotRule = 'must be letters, digits, ".", "_" and "-", at most 63, and fit a ref name'
