import { describe, expect, test } from '@jest/globals'
import { parseKubernetesAddress } from '../../../src/stores/kubernetes/kubernetes-address.ts'

describe('what follows kubernetes:', () => {
  test.each([
    ['codex/codex-auth', 'codex', 'codex-auth'],
    [' arc-runners/login.v1.2 ', 'arc-runners', 'login.v1.2'],
    [`${'n'.repeat(63)}/0`, 'n'.repeat(63), '0'],
  ])('%s', (text, namespace, name) => {
    expect(parseKubernetesAddress(text)).toEqual({ kind: 'address', address: { namespace, name } })
  })

  test.each([
    ['', 'the form is'],
    ['codex-auth', 'the form is'],
    ['codex/', 'the form is'],
    ['/codex-auth', 'the form is'],
    ['codex/codex/auth', 'the form is'],
    ['Codex/auth', 'namespace'],
    [`${'n'.repeat(64)}/auth`, 'namespace'],
    ['my.codex/auth', 'namespace'],
    ['codex/Auth', 'cannot be the name of a Secret'],
    ['codex/auth?x=1', 'cannot be the name of a Secret'],
    ['codex/..', 'cannot be the name of a Secret'],
    ['codex/auth-', 'cannot be the name of a Secret'],
    [`codex/${'a.'.repeat(126)}abc`, 'cannot be the name of a Secret'],
  ])('%j is refused', (text, why) => {
    expect(parseKubernetesAddress(text)).toMatchObject({ kind: 'problem', problem: expect.stringContaining(why) })
  })
})
