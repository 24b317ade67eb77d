import { describe, expect, test } from '@jest/globals'
import { needsFreshProcess } from '../../src/process/fresh-process.ts'
import {
  lostVariables,
  rememberEnvironment,
  trustedEnvironment,
  undoChanges,
  type Environment,
} from '../../src/process/trusted-environment.ts'

const atRestore: Environment = {
  PATH: '/usr/bin:/bin',
  HOME: '/home/runner',
  VAULT_TOKEN: 'hvs.canary-secret-value',
  LANG: 'C.UTF-8',
  GITHUB_TOKEN: 'ghs_canary',
  GITHUB_REPOSITORY: 'your-org/your-repo',
  LD_LIBRARY_PATH: '/opt/lib',
}

/** What post gives a command, when the environment of the job is as `env` by then. */
function inPost(env: Environment, before: Environment = atRestore): Record<string, string> {
  const saved = JSON.stringify(rememberEnvironment(before))
  return trustedEnvironment(env, JSON.parse(saved) as ReturnType<typeof rememberEnvironment>)
}

describe("the environment of the user's own commands", () => {
  test('is what it was at restore when nothing changed', () => {
    expect(inPost(atRestore)).toEqual(atRestore)
  })

  test('has no variable that a step set in between', () => {
    const set = {
      LD_PRELOAD: '/tmp/evil.so',
      BASH_ENV: '/tmp/evil.sh',
      ENV: '/tmp/evil.sh',
      'BASH_FUNC_cat%%': '() { evil; }',
      GIT_SSH_COMMAND: 'evil',
      HTTPS_PROXY: 'http://127.0.0.1:1',
      SHELLOPTS: 'xtrace',
      PS4: '$(evil)',
      PROMPT_COMMAND: 'evil',
      DYLD_INSERT_LIBRARIES: '/tmp/evil',
    }
    expect(inPost({ ...atRestore, ...set })).toEqual(atRestore)
  })

  test('has no variable that a step changed', () => {
    const post = inPost({ ...atRestore, LD_LIBRARY_PATH: '/tmp/evil' })
    expect({ ...post, LD_LIBRARY_PATH: '/opt/lib' }).toEqual(atRestore)
    expect(post).not.toHaveProperty('LD_LIBRARY_PATH')
  })

  test('has PATH and HOME of restore, whatever they are now', () => {
    expect(inPost({ ...atRestore, PATH: '/tmp/evil:/usr/bin', HOME: '/tmp/evil' })).toEqual(atRestore)
    expect(inPost({ ...atRestore, PATH: undefined, HOME: undefined })).toEqual(atRestore)
  })

  test('has neither PATH nor HOME when restore had none', () => {
    expect(inPost({ PATH: '/tmp/evil', HOME: '/tmp/evil', A: '1' }, { A: '1' })).toEqual({ A: '1' })
  })

  test.each([
    'INPUT_AUTH-JSON',
    'input_slot',
    'STATE_plan',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'GITHUB_ENV',
    'GITHUB_PATH',
    'GITHUB_OUTPUT',
    'GITHUB_STATE',
    'GITHUB_STEP_SUMMARY',
  ])('never has %s, changed or not', (name) => {
    expect(inPost({ ...atRestore, [name]: 'x' }, { ...atRestore, [name]: 'x' })).toEqual(atRestore)
  })

  test('keeps a variable whose name an object has anyway', () => {
    const env = JSON.parse('{"__proto__":"x","constructor":"y"}') as Environment
    expect(Object.keys(inPost(env, env)).sort()).toEqual(['__proto__', 'constructor'])
    expect(inPost(env, {})).toEqual({})
  })
})

describe('what the saved state holds of it', () => {
  test("no value but PATH, HOME, the way to the network and to the pod's cluster, and the access to the cache", () => {
    const network = {
      HTTPS_PROXY: 'http://proxy.example.com:3128',
      NO_PROXY: 'localhost',
      ACTIONS_CACHE_MODE: 'read',
      KUBERNETES_SERVICE_HOST: '::1',
    }
    const secret = { https_proxy: 'http://user:canary@proxy.example.com:3128', ACTIONS_RUNTIME_TOKEN: 'canary' }
    const { values, ...rest } = rememberEnvironment({ ...atRestore, ...network, ...secret })
    expect(values).toEqual(network)
    const saved = JSON.stringify({ values, ...rest })
    expect(saved).not.toMatch(/canary|C\.UTF-8|your-org|\/opt\/lib/)
    expect(saved).toContain('/usr/bin:/bin')
  })

  test('other hashes in each job', () => {
    expect(rememberEnvironment(atRestore).hashes['LANG']).not.toBe(rememberEnvironment(atRestore).hashes['LANG'])
  })

  test('a few KB for an environment of a hundred variables of any size', () => {
    const large = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`SOME_VARIABLE_OF_THE_JOB_${index}`, 'x'.repeat(10_000)]))
    expect(JSON.stringify(rememberEnvironment(large)).length).toBeLessThan(6_000)
  })
})

describe("post's own environment", () => {
  /** What is left of it, and what was changed, after a step set `set` in a job that restored with `before`. */
  function undone(set: Environment, before: Environment = atRestore): { env: Environment; changed: string[] } {
    const env: NodeJS.ProcessEnv = { ...before, ...set }
    const changed = undoChanges(env, rememberEnvironment(before))
    return { env, changed }
  }

  test("finds the API of the pod's cluster where restore did", () => {
    const cluster = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' }
    const elsewhere = { KUBERNETES_SERVICE_HOST: '127.0.0.9', KUBERNETES_SERVICE_PORT: '9' }
    expect(undone(elsewhere, { ...atRestore, ...cluster }).env).toEqual({ ...atRestore, ...cluster })
  })

  test('reaches the network as restore did', () => {
    const before = { ...atRestore, HTTPS_PROXY: 'http://proxy.example.com:3128', no_proxy: 'localhost' }
    expect(undone({ HTTPS_PROXY: 'http://127.0.0.1:1', ALL_PROXY: 'http://127.0.0.1:1', no_proxy: '' }, before)).toEqual({
      env: before,
      changed: ['HTTPS_PROXY', 'no_proxy', 'ALL_PROXY'],
    })
  })

  test.each([undefined, 'read', 'write'])('has the access to the cache that restore had: %s', (mode) => {
    const before = { ...atRestore, ...(mode !== undefined && { ACTIONS_CACHE_MODE: mode }) }
    expect(undone({ ACTIONS_CACHE_MODE: 'none', ACTIONS_RESULTS_URL: 'http://127.0.0.1/' }, before).env).toEqual({
      ...before,
      ACTIONS_RESULTS_URL: 'http://127.0.0.1/',
    })
  })

  test.each<[string[], Environment, boolean]>([
    [['HTTPS_PROXY'], {}, false],
    [['HTTPS_PROXY'], { NODE_USE_ENV_PROXY: '1' }, true],
    [['no_proxy'], { NODE_OPTIONS: '--use-env-proxy' }, true],
    [['A'], { NODE_USE_ENV_PROXY: '1' }, false],
    [['NODE_EXTRA_CA_CERTS'], {}, true],
  ])('after %j in a job with %j: whether Node has read it already', (changed, env, needed) => {
    expect(needsFreshProcess(changed, env)).toBe(needed)
  })
})

test('names what a step has changed or taken away, and nothing that was not there', () => {
  const remembered = rememberEnvironment(atRestore)
  expect(lostVariables(atRestore, remembered)).toEqual([])
  const { LANG, ...rest } = atRestore
  expect(LANG).toBeDefined()
  expect(lostVariables({ ...rest, VAULT_TOKEN: '', NEW: 'new' }, remembered).sort()).toEqual(['LANG', 'VAULT_TOKEN'])
})
