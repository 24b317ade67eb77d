/** A value inside `${{ }}`: what JSON has. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value }

export function isObject(value: Value): value is { readonly [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** GitHub's truth: false, 0, NaN, '' and null are false; every object is true. */
export function truthy(value: Value): boolean {
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value)
  return value !== null && value !== false && value !== ''
}

/** How a value reads where a string is wanted: null is empty, objects are only named. */
export function asText(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'object') return isObject(value) ? 'Object' : 'Array'
  return String(value)
}

/** `==`: strings without case, different kinds as numbers, objects by identity. */
export function equal(left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase()
  if (left !== null && typeof left === 'object' && right !== null && typeof right === 'object') return left === right
  if (typeof left === typeof right && left !== null && right !== null) return left === right
  return asNumber(left) === asNumber(right)
}

/** Reads a property; outside `env` names have no case. What is not there is null. */
export function property(value: Value, name: string, caseSensitive: boolean): Value {
  if (Array.isArray(value)) return (value as readonly Value[])[Number(name)] ?? null
  if (!isObject(value)) return null
  if (Object.hasOwn(value, name)) return value[name] ?? null
  if (caseSensitive) return null
  const key = Object.keys(value).find((candidate) => candidate.toLowerCase() === name.toLowerCase())
  return key === undefined ? null : (value[key] ?? null)
}

export function asNumber(value: Value): number {
  if (value === null) return 0
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') return value
  if (typeof value === 'string') return value.trim() === '' ? 0 : Number(value)
  return Number.NaN
}
