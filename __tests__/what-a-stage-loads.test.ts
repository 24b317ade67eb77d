import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { node24Path } from './support/fake-runner/node24.ts'
import { someIdentity } from './support/sealing.ts'

const source = (path: string): string => JSON.stringify(new URL(`../src/${path}`, import.meta.url).href)

/** What of Node's own a process has loaded after this program, given the text as its input. */
function loadedAfter(program: string, input: string): string[] {
  const whole = `${program}; console.log(JSON.stringify(process.moduleLoadList))`
  const printed = execFileSync(node24Path(), ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', whole], { input })
  return JSON.parse(printed.toString('utf8')) as string[]
}

const ofFetch = 'NativeModule internal/deps/undici/undici'

test('what shows that fetch is loaded', () => {
  expect(loadedAfter('new Response()', '')).toContain(ofFetch)
})

test('sealing and opening a copy does not load fetch, which takes longer than both', async () => {
  const program = `
    import { readFileSync } from 'node:fs'
    import { sealedStore } from ${source('stores/sealed/sealed-store.ts')}
    let held
    const inner = {
      name: 'test',
      read: async () => held && { bytes: held, version: '1' },
      write: async (bytes) => ((held = bytes), { kind: 'written', version: '1' }),
    }
    const store = sealedStore(inner, { keys: [{ kind: 'identity', secret: readFileSync(0, 'utf8') }], place: 'test' })
    await store.write(Buffer.from('copy'), undefined)
    if (Buffer.from((await store.read()).bytes).toString() !== 'copy') throw new Error('It was not opened.')`
  expect(loadedAfter(program, await someIdentity())).not.toContain(ofFetch)
})

test('the bundle has no fetch of its own', () => {
  const licences = readFileSync(new URL('../dist/licenses.txt', import.meta.url), 'utf8')
  expect(licences).toContain('- @actions/http-client@')
  expect(licences).not.toContain('- undici@')
})
