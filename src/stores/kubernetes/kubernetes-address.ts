/** The Secret that a `kubernetes:` line names. */
export interface KubernetesAddress {
  readonly namespace: string
  readonly name: string
}

export type ParsedKubernetesAddress =
  { readonly kind: 'address'; readonly address: KubernetesAddress } | { readonly kind: 'problem'; readonly problem: string }

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const namespaceForm = new RegExp(`^${label}$`)
const nameForm = new RegExp(`^${label}(?:\\.${label})*$`)
const longestName = 253

/**
 * Reads what follows `kubernetes:`, `namespace/secret-name`.
 * Rules of names: "Object Names and IDs" in the Kubernetes documentation; a namespace is a DNS label, a Secret a DNS subdomain.
 */
export function parseKubernetesAddress(text: string): ParsedKubernetesAddress {
  const [namespace = '', name = '', ...more] = text.trim().split('/')
  if (namespace === '' || name === '' || more.length > 0) return problem('the form is kubernetes: namespace/secret-name.')
  if (!namespaceForm.test(namespace)) {
    return problem(`"${namespace}" cannot be the name of a namespace: use lower-case letters, digits and "-", at most 63 characters.`)
  }
  if (!nameForm.test(name) || name.length > longestName) {
    return problem(
      `"${name}" cannot be the name of a Secret: use lower-case letters, digits, "-" and ".", at most ${longestName} characters.`,
    )
  }
  return { kind: 'address', address: { namespace, name } }
}

function problem(text: string): ParsedKubernetesAddress {
  return { kind: 'problem', problem: text }
}
