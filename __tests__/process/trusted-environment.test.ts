import { describe, expect, test } from '@jest/globals'
import { rememberEnvironment, trustedEnvironment, type Environment } from '../../src/process/trusted-environment.ts'

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
  test('no value but PATH and HOME', () => {
    const saved = JSON.stringify(rememberEnvironment(atRestore))
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
