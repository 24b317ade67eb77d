// Puts the command line into the same dist as the action, so that the action loads what it would load without it: no stage gets another file, or the
// code of a command. Both load the chunks that the action has; what only an entry of the action holds (it starts a stage when it is loaded) the
// command line has a second time.

import { readFile } from 'node:fs/promises'

/** Marks the second copy of a module. */
const again = '?cli'

/**
 * @param chunks those that Rolldown makes of the action alone
 * @returns for the build of both: a plugin, and how its chunks are divided and named
 */
export function besideTheAction(chunks) {
  const chunkOf = new Map(chunks.flatMap((chunk) => chunk.moduleIds.map((id) => [id, chunk])))
  /** Also what lies elsewhere and only the command line uses. */
  const isCommandLine = (id) =>
    id !== undefined && (id.endsWith(again) || /[\\/]src[\\/]cli[\\/]/.test(id) || (/[\\/]src[\\/]/.test(id) && !chunkOf.has(id)))
  /** What starts a stage, or is loaded as a whole later: to import a part of it would divide it. */
  const isWhole = (id) => {
    const chunk = chunkOf.get(id)
    return chunk !== undefined && (chunk.isEntry || (chunk.isDynamicEntry && chunk.facadeModuleId !== id))
  }
  return {
    plugin: {
      name: 'beside-the-action',
      async resolveId(source, importer, options) {
        if (!isCommandLine(importer)) return null
        const found = await this.resolve(source, importer.replace(again, ''), { ...options, skipSelf: true })
        return found && isWhole(found.id) ? { ...found, id: `${found.id}${again}` } : found
      },
      async load(id) {
        return id.endsWith(again) ? { code: await readFile(id.slice(0, -again.length), 'utf8'), moduleType: 'ts' } : null
      },
    },
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ debugName: 'as in the action', name: (id) => (isCommon(chunkOf.get(id)) ? chunkOf.get(id).name : null) }],
    },
    chunkFileNames: ({ moduleIds, facadeModuleId }) =>
      [...moduleIds, facadeModuleId].some((id) => chunkOf.has(id)) ? '[name].js' : 'cli/[name].js',
  }
}

/** Made of what several load; the others come out as they were. */
function isCommon(chunk) {
  return chunk !== undefined && !chunk.isEntry && !chunk.isDynamicEntry
}
