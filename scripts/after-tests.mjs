// Jest's global teardown: removes what the tests had together.
import { rmSync } from 'node:fs'

export default function afterTests() {
  rmSync(process.env['SHARED_BY_TESTS'], { recursive: true, force: true })
}
