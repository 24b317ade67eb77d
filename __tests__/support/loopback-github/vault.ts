import sodium from 'libsodium-wrappers'
import { created, invalid, noContent, notFound, ok, problem, type Answer } from './answers.ts'

await sodium.ready
const { ORIGINAL } = sodium.base64_variants
const largest = 48 * 1024
const validName = /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/

interface Entry {
  value: string
  readonly createdAt: string
  updatedAt: string
}

/** Secrets and variables of one repository or of one environment, with the key that seals its secrets. */
export interface Vault {
  secret(name: string): string | undefined
  /** As a person does it in the settings. */
  putSecret(name: string, value: string): void
  deleteSecret(name: string): void
  variable(name: string): string | undefined
  putVariable(name: string, value: string): void
  deleteVariable(name: string): void
  /** All secrets as they are now. */
  secrets(): Record<string, string>
  /** From now on only values that are sealed for a new key are taken. */
  renewKey(): void
  answer: {
    key(): Answer
    getSecret(name: string): Answer
    putSecret(name: string, body: unknown): Answer
    deleteSecret(name: string): Answer
    getVariable(name: string): Answer
    createVariable(body: unknown): Answer
    updateVariable(name: string, body: unknown): Answer
    deleteVariable(name: string): Answer
  }
}

export function openVault(now: () => number): Vault {
  const secrets = new Map<string, Entry>()
  const variables = new Map<string, Entry>()
  let pair = sodium.crypto_box_keypair()
  let keyId = String(568_250_167_242_549_700n)

  const time = (): string => `${new Date(now()).toISOString().slice(0, 19)}Z`
  const put = (entries: Map<string, Entry>, name: string, value: string): 'created' | 'updated' => {
    const before = entries.get(name.toUpperCase())
    entries.set(name.toUpperCase(), { value, createdAt: before?.createdAt ?? time(), updatedAt: time() })
    return before === undefined ? 'created' : 'updated'
  }
  const remove = (entries: Map<string, Entry>, name: string): Answer => (entries.delete(name.toUpperCase()) ? noContent : notFound)
  const opened = (sealed: string): Uint8Array | undefined => {
    try {
      return sodium.crypto_box_seal_open(sodium.from_base64(sealed, ORIGINAL), pair.publicKey, pair.privateKey)
    } catch {
      return undefined
    }
  }

  return {
    secret: (name) => secrets.get(name.toUpperCase())?.value,
    putSecret: (name, value) => {
      put(secrets, name, value)
    },
    deleteSecret: (name) => {
      secrets.delete(name.toUpperCase())
    },
    variable: (name) => variables.get(name.toUpperCase())?.value,
    putVariable: (name, value) => {
      put(variables, name, value)
    },
    deleteVariable: (name) => {
      variables.delete(name.toUpperCase())
    },
    secrets: () => Object.fromEntries([...secrets].map(([name, { value }]) => [name, value])),
    renewKey: () => {
      pair = sodium.crypto_box_keypair()
      keyId = String(BigInt(keyId) + 1n)
    },
    answer: {
      key: () => ok({ key_id: keyId, key: sodium.to_base64(pair.publicKey, ORIGINAL) }),
      getSecret: (name) => {
        const entry = secrets.get(name.toUpperCase())
        return entry === undefined ? notFound : ok({ name: name.toUpperCase(), created_at: entry.createdAt, updated_at: entry.updatedAt })
      },
      putSecret: (name, body) => {
        const { encrypted_value: sealed, key_id: id } = (body ?? {}) as { encrypted_value?: unknown; key_id?: unknown }
        if (id === undefined) return invalid('"key_id" wasn\'t supplied.')
        if (typeof sealed !== 'string') return invalid('"encrypted_value" wasn\'t supplied.')
        if (!validName.test(name.toUpperCase())) return problem(422, 'Secret names can only contain alphanumeric characters')
        const value = id === keyId ? opened(sealed) : undefined
        if (value === undefined) return problem(422, 'Bad request - improperly encrypted secret')
        if (value.length > largest) return problem(422, 'Secret value is too large')
        return put(secrets, name, Buffer.from(value).toString('utf8')) === 'created' ? created({}) : noContent
      },
      deleteSecret: (name) => remove(secrets, name),
      getVariable: (name) => {
        const entry = variables.get(name.toUpperCase())
        return entry === undefined
          ? notFound
          : ok({ name: name.toUpperCase(), value: entry.value, created_at: entry.createdAt, updated_at: entry.updatedAt })
      },
      createVariable: (body) => {
        const { name, value } = (body ?? {}) as { name?: unknown; value?: unknown }
        if (typeof name !== 'string' || typeof value !== 'string') return invalid('"name", "value" weren\'t supplied.')
        if (!validName.test(name.toUpperCase())) return problem(422, 'Variable names can only contain alphanumeric characters')
        if (Buffer.byteLength(value) > largest) return problem(422, 'Variable value is too large')
        if (variables.has(name.toUpperCase())) return problem(409, 'Already exists - Variable already exists')
        put(variables, name, value)
        return created({})
      },
      updateVariable: (name, body) => {
        const { value } = (body ?? {}) as { value?: unknown }
        if (!variables.has(name.toUpperCase())) return notFound
        if (typeof value !== 'string') return invalid('"value" wasn\'t supplied.')
        put(variables, name, value)
        return noContent
      },
      deleteVariable: (name) => remove(variables, name),
    },
  }
}
