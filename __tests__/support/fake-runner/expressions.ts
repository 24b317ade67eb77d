import { asNumber, asText, equal, property, truthy } from './expression-value.ts'
import type { Value } from './expression-value.ts'

export type JobStatus = 'success' | 'failure' | 'cancelled'

export interface Scope {
  /** The contexts that may be named here; any other name is an error, as with GitHub. */
  readonly contexts: Readonly<Record<string, Value>>
  readonly status: JobStatus
}

const tokenPattern = /\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w-]*)|(==|!=|<=|>=|&&|\|\||[!<>()[\].,]))/y

type Token =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name' | 'sign'; readonly value: string }

/**
 * Replaces every `${{ … }}` of a template by what it stands for.
 * Throws what GitHub reports for a syntax error or for a context that is not at hand.
 */
export function interpolate(template: string, scope: Scope): string {
  const expression = /\$\{\{((?:'[^']*'|[^'])*?)\}\}/g
  if (template.replace(expression, '').includes('${{')) throw new Error(`The expression is not closed: ${template}`)
  return template.replace(expression, (_, source: string) => asText(evaluate(source, scope)))
}

/**
 * Whether a step's condition holds. `impliedSuccess` is the rule for `if:` of steps: without a status function it
 * means `success() && (…)`; `pre-if` and `post-if` are taken as they stand.
 */
export function holds(condition: string, scope: Scope, impliedSuccess: boolean): boolean {
  const source = /^\s*\$\{\{([\s\S]*)\}\}\s*$/.exec(condition)?.[1] ?? condition
  const asksStatus = tokensOf(source).some(
    (token, index, all) =>
      token.kind === 'name' &&
      ['always', 'success', 'failure', 'cancelled'].includes(token.value.toLowerCase()) &&
      all[index + 1]?.value === '(',
  )
  if (impliedSuccess && !asksStatus && scope.status !== 'success') return false
  return source.trim() === '' || truthy(evaluate(source, scope))
}

/** The value of one expression, without `${{ }}`. Throws on a syntax error and on an unknown context. */
export function evaluate(source: string, scope: Scope): Value {
  const tokens = tokensOf(source)
  let at = 0
  const sign = (...wanted: string[]): string | undefined => {
    const token = tokens[at]
    if (token?.kind !== 'sign' || !wanted.includes(token.value)) return undefined
    at += 1
    return token.value
  }
  const demand = (wanted: string): void => {
    if (sign(wanted) === undefined) throw new Error(`The expression is not valid: '${wanted}' expected in: ${source}`)
  }

  const or = (): Value => {
    let left = and()
    while (sign('||')) {
      const right = and()
      left = truthy(left) ? left : right
    }
    return left
  }
  const and = (): Value => {
    let left = comparison()
    while (sign('&&')) {
      const right = comparison()
      left = truthy(left) ? right : left
    }
    return left
  }
  const comparison = (): Value => {
    const left = unary()
    const operator = sign('==', '!=', '<=', '>=', '<', '>')
    return operator === undefined ? left : compared(operator, left, unary())
  }
  const unary = (): Value => (sign('!') ? !truthy(unary()) : postfix())
  const postfix = (): Value => {
    const start = tokens[at]
    let value = primary()
    const caseSensitive = start?.kind === 'name' && start.value.toLowerCase() === 'env'
    for (;;) {
      if (sign('.')) {
        const name = tokens[at++]
        if (name?.kind !== 'name') throw new Error(`The expression is not valid: a name expected in: ${source}`)
        value = property(value, name.value, caseSensitive)
      } else if (sign('[')) {
        value = property(value, asText(or()), caseSensitive)
        demand(']')
      } else return value
    }
  }
  const primary = (): Value => {
    if (sign('(')) {
      const inner = or()
      demand(')')
      return inner
    }
    const token = tokens[at++]
    if (token === undefined || token.kind === 'sign') throw new Error(`The expression is not valid: ${source}`)
    if (token.kind !== 'name') return token.value
    if (sign('(')) return call(token.value, parameters(), scope)
    return named(token.value, scope)
  }
  const parameters = (): Value[] => {
    if (sign(')')) return []
    const values = [or()]
    while (sign(',')) values.push(or())
    demand(')')
    return values
  }

  const value = or()
  if (at < tokens.length) throw new Error(`The expression is not valid: ${source}`)
  return value
}

function compared(operator: string, left: Value, right: Value): boolean {
  if (operator === '==') return equal(left, right)
  if (operator === '!=') return !equal(left, right)
  const [a, b] = [asNumber(left), asNumber(right)]
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  return operator === '<=' ? a <= b : a >= b
}

function named(name: string, scope: Scope): Value {
  if (name === 'true' || name === 'false') return name === 'true'
  if (name === 'null') return null
  const context = Object.keys(scope.contexts).find((key) => key.toLowerCase() === name.toLowerCase())
  if (context === undefined) throw new Error(`Unrecognized named-value: '${name}'.`)
  return scope.contexts[context] ?? null
}

function call(name: string, given: readonly Value[], scope: Scope): Value {
  const [first = null, second = null] = given
  switch (name.toLowerCase()) {
    case 'always':
      return true
    case 'success':
      return scope.status === 'success'
    case 'failure':
      return scope.status === 'failure'
    case 'cancelled':
      return scope.status === 'cancelled'
    case 'contains':
      return contains(first, second)
    case 'startswith':
      return asText(first).toLowerCase().startsWith(asText(second).toLowerCase())
    case 'endswith':
      return asText(first).toLowerCase().endsWith(asText(second).toLowerCase())
    case 'format':
      return asText(first).replace(/\{(\d+)\}/g, (_, index: string) => asText(given[Number(index) + 1] ?? null))
    case 'tojson':
      return JSON.stringify(first, null, 2)
    case 'fromjson':
      return JSON.parse(asText(first)) as Value
    default:
      throw new Error(`Unrecognized function: '${name}'.`)
  }
}

function contains(where: Value, what: Value): boolean {
  if (Array.isArray(where)) return (where as readonly Value[]).some((value) => equal(value, what))
  return asText(where).toLowerCase().includes(asText(what).toLowerCase())
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  const pattern = new RegExp(tokenPattern)
  const end = source.trimEnd().length
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex
    const match = pattern.exec(source)
    if (!match) throw new Error(`Unexpected symbol in expression: ${source.slice(at).trim()}`)
    const [, text, number, name, sign] = match
    if (text !== undefined) tokens.push({ kind: 'text', value: text.replaceAll("''", "'") })
    else if (number !== undefined) tokens.push({ kind: 'number', value: Number(number) })
    else if (name !== undefined) tokens.push({ kind: 'name', value: name })
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign })
  }
  return tokens
}
