import { transformSync } from '@swc/core'
import { readFileSync } from 'node:fs'

/**
 * The option that loads a file of ours into every Node process of a machine; for NODE_OPTIONS. Its types are taken away here: Node
 * would do that anew at each start, which takes it longer than all else that it does. The file imports nothing but Node's own modules.
 */
export function preload(file: URL): string {
  const { code } = transformSync(readFileSync(file, 'utf8'), { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } })
  return `--import=data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
}
