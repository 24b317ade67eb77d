import { AuthJsonError } from '../../credential/auth-json.ts'
import { seedBytes } from '../../credential/seed.ts'
import { KeeperError } from '../../keeper-error.ts'
import { logInFirst } from '../../log-in.ts'

/** Source: GitHub's "Secrets reference". */
const largest = 48 * 1024

/**
 * The document in a secret's value, as the keeper wrote it or as a person pasted it.
 * @throws KeeperError store-damaged when it is neither JSON nor base64 of it
 */
export function documentIn(value: string): Uint8Array {
  try {
    const bytes = seedBytes(value)
    JSON.parse(Buffer.from(bytes).toString('utf8'))
    return bytes
  } catch (error) {
    if (!(error instanceof AuthJsonError || error instanceof SyntaxError)) throw error
    throw new KeeperError(
      'store-damaged',
      'The value of the secret in auth-json is not an auth.json: it is neither JSON nor base64 of it.',
      logInFirst,
    )
  }
}

/**
 * The same document on one line: the runner masks every line of a secret, and of a pretty one that would be every brace.
 * @throws KeeperError store-refused when it is not JSON or larger than a secret may be
 */
export function compactDocument(bytes: Uint8Array): Uint8Array {
  let line: string
  try {
    line = JSON.stringify(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch {
    // The parser's own message quotes the text.
    throw new KeeperError('store-refused', 'The document is not JSON, and a GitHub secret holds it on one line.', 'Use another store.')
  }
  const document = Buffer.from(line)
  if (document.length <= largest) return document
  throw new KeeperError(
    'store-refused',
    `The document has ${document.length} bytes and a GitHub secret holds at most ${largest}.`,
    'Use another store.',
  )
}
