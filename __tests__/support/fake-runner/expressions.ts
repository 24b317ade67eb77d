import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'
import { TokenType } from '@actions/expressions/lexer'
import { truthy } from '@actions/expressions/result'

/** A value inside `${{ }}`: what JSON has. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value }

export type JobStatus = 'success' | 'failure' | 'cancelled'

export interface Scope {
  /** The contexts that may be named here; any other name is an error, as with GitHub. */
  readonly contexts: Readonly<Record<string, Value>>
  readonly status: JobStatus
}

/**
 * Replaces every `${{ … }}` of a template by what it stands for.
 * Throws what GitHub reports for a syntax error or for a context that is not at hand.
 */
export function interpolate(template: string, scope: Scope): string {
  const expression = /\$\{\{((?:'[^']*'|[^'])*?)\}\}/g
  if (template.replace(expression, '').includes('${{')) throw new Error(`The expression is not closed: ${template}`)
  return template.replace(expression, (_, source: string) => evaluate(source, scope).coerceString())
}

/**
 * Whether a step's condition holds. `impliedSuccess` is the rule for `if:` of steps: without a status function it
 * means `success() && (…)`; `pre-if` and `post-if` are taken as they stand.
 */
export function holds(condition: string, scope: Scope, impliedSuccess: boolean): boolean {
  const source = /^\s*\$\{\{([\s\S]*)\}\}\s*$/.exec(condition)?.[1] ?? condition
  if (impliedSuccess && scope.status !== 'success' && !asksForStatus(source)) return false
  return source.trim() === '' || truthy(evaluate(source, scope))
}

/** The value of one expression, without `${{ }}`, by GitHub's own library. */
function evaluate(source: string, { contexts, status }: Scope): data.ExpressionData {
  if (source.trim() === '') throw new Error('An expression was expected')
  const functions = statusFunctions(status)
  const tree = new Parser(new Lexer(source).lex().tokens, Object.keys(contexts), [...functions.values()]).parse()
  const named = Object.entries(contexts).filter(([name]) => source.toLowerCase().includes(name.toLowerCase()))
  const known = named.map(([name, value]) => ({ key: name, value: name === 'env' ? withCase(value) : valueOf(value) }))
  return new Evaluator(tree, new data.Dictionary(...known), functions).evaluate()
}

const statusNames = ['always', 'success', 'failure', 'cancelled'] as const

/** The functions that are the runner's, not the language's. */
function statusFunctions(status: JobStatus): Map<string, FunctionDefinition> {
  return new Map(
    statusNames.map((name) => {
      const call = (): data.ExpressionData => new data.BooleanData(name === 'always' || name === status)
      return [name, { name, minArgs: 0, maxArgs: 0, call }]
    }),
  )
}

function asksForStatus(source: string): boolean {
  return new Lexer(source)
    .lex()
    .tokens.some(
      ({ type, lexeme }, index, all) =>
        type === TokenType.IDENTIFIER &&
        statusNames.some((name) => name === lexeme.toLowerCase()) &&
        all[index + 1]?.type === TokenType.LEFT_PAREN,
    )
}

function valueOf(value: Value): data.ExpressionData {
  return JSON.parse(JSON.stringify(value), data.reviver) as data.ExpressionData
}

/** The one context whose names have a case, but on Windows. */
class DictionaryWithCase extends data.Dictionary {
  readonly #values: ReadonlyMap<string, data.ExpressionData>

  constructor(values: readonly (readonly [string, data.ExpressionData])[]) {
    super(...values.map(([key, value]) => ({ key, value })))
    this.#values = new Map(values)
  }

  override get(name: string): data.ExpressionData | undefined {
    return this.#values.get(name)
  }
}

function withCase(value: Value): data.ExpressionData {
  return new DictionaryWithCase(Object.entries(value ?? {}).map(([name, of]) => [name, valueOf(of as Value)]))
}
