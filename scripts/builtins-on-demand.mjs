import { isBuiltin } from 'node:module'

/**
 * A plugin for Rolldown that turns the imports of Node's own modules into calls of process.getBuiltinModule. An import
 * reads every export of the module at once, and some of them (a stream class of node:fs, the decoder of node:util) load a
 * great deal that nobody asked for: a tenth of what a stage takes to start.
 */
export function builtinsOnDemand() {
  return {
    name: 'builtins-on-demand',
    renderChunk: (code) =>
      code.replaceAll(/^import (.+) from "([^"]+)";$/gm, (line, names, module) => (isBuiltin(module) ? onDemand(names, module) : line)),
  }
}

function onDemand(names, module) {
  const parts = /^(?<byDefault>[\w$]+)?(?:, )?(?:\* as (?<whole>[\w$]+)|(?<some>\{.+\}))?$/.exec(names)
  if (parts === null) throw new Error(`This import of ${module} is of no known form: ${names}`)
  const { byDefault, whole, some } = parts.groups
  return [byDefault, whole, some?.replaceAll(' as ', ': ')]
    .filter((target) => target !== undefined)
    .map((target) => `const ${target} = process.getBuiltinModule("${module}");`)
    .join(' ')
}
