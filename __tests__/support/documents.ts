/** Documents for tests of stores: they look like a credential, but only their bytes matter. */

/** An `auth.json`-like document, pretty-printed as Codex writes it, different for each label. */
export function login(label: string): Uint8Array {
  const tokens = { refresh_token: `rt_contract_${label}`, access_token: `at_contract_${label}` }
  return Buffer.from(JSON.stringify({ auth_mode: 'chatgpt', tokens, label }, null, 2))
}

/** A compact JSON document of exactly that many bytes (at least 32). */
export function sized(bytes: number): Uint8Array {
  const frame = '{"rt_contract":""}'
  return Buffer.from(`{"rt_contract":"${'x'.repeat(bytes - frame.length)}"}`)
}

/** Every byte value, in order. */
export function anyBytes(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, index) => index)
}

/** Bytes as text, for readable differences. */
export function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('utf8')
}
