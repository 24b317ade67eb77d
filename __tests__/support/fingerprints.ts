import fc from 'fast-check'
import type { ManagedCredential } from '../../src/credential/auth-json.ts'
import type { Fingerprint } from '../../src/credential/fingerprint.ts'

export interface PrintOptions {
  readonly iat?: number | undefined
  readonly exp?: number | undefined
  readonly lastRefresh?: string
  readonly account?: string
  readonly user?: string
}

/** The fingerprint of a made-up login: the label stands for its tokens. Without clocks given, issued in second 1000. */
export function print(label: string, options: PrintOptions = {}): Fingerprint {
  const { account = 'account', user, lastRefresh = '2026-11-20T00:00:00.000000000Z' } = options
  const { iat, exp } = { iat: 1_000, ...options }
  return {
    refreshToken: `refresh ${label}`,
    accessToken: `access ${label}`,
    account,
    ...(user !== undefined && { user }),
    issued: { ...(iat !== undefined && { iat }), ...(exp !== undefined && { exp }), lastRefresh },
  }
}

/** A made-up credential with this fingerprint. */
export function credentialWith(fingerprint: Fingerprint): ManagedCredential {
  const { refreshToken, accessToken, account, issued } = fingerprint
  const { lastRefresh } = issued
  return { kind: 'managed', bytes: new Uint8Array(), refreshToken, accessToken, account: { id: account }, issued, fingerprint, lastRefresh }
}

/**
 * Any fingerprint out of a small world, in which equal tokens, equal instants, missing clocks and other accounts are common.
 * Equal tokens have equal clocks, which are made of them.
 */
export const anyPrint: fc.Arbitrary<Fingerprint> = fc
  .record({
    label: fc.constantFrom('a', 'b'),
    iat: fc.constantFrom(undefined, 1, 2, 3),
    exp: fc.constantFrom(undefined, 1, 2, 3),
    second: fc.constantFrom(1, 2, 3),
    account: fc.constantFrom('account', 'account', 'account', 'other'),
    user: fc.constantFrom(undefined, undefined, 'one', 'two'),
  })
  .map(({ label, second, iat, exp, account, user }) =>
    print([label, iat, exp, second].join(), {
      iat,
      exp,
      lastRefresh: `2026-11-20T00:00:0${second}.000000000Z`,
      account,
      ...(user !== undefined && { user }),
    }),
  )
