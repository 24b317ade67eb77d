/** Who may write the secret of the store github-secret. */
export type SecretWriter =
  { readonly kind: 'token'; readonly token: string } | { readonly kind: 'app'; readonly appId: string; readonly privateKey: string }

export type ParsedSecretWriter =
  { readonly kind: 'settings'; readonly settings: SecretWriter } | { readonly kind: 'problems'; readonly problems: readonly string[] }

/**
 * Reads the inputs secret-writer-token, app-id and app-private-key; an app goes before a token.
 * @returns undefined when none of them is given
 */
export function parseSecretWriter({
  token,
  appId,
  privateKey,
}: {
  readonly token: string | undefined
  readonly appId: string | undefined
  readonly privateKey: string | undefined
}): ParsedSecretWriter | undefined {
  if ((appId === undefined) !== (privateKey === undefined)) {
    return { kind: 'problems', problems: ['app-id and app-private-key go together.'] }
  }
  if (appId !== undefined && privateKey !== undefined) return { kind: 'settings', settings: { kind: 'app', appId, privateKey } }
  return token === undefined ? undefined : { kind: 'settings', settings: { kind: 'token', token } }
}
