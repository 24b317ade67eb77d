// The licences of everything that is inside dist/: of every package of which the bundler took a module.
import { readdirSync, readFileSync } from 'node:fs'

/**
 * The text of dist/licenses.txt, the same on every machine that has run "npm ci". Packages with the same text share one section.
 * @param modules the paths of all modules that are in the bundles
 */
export function licences(modules) {
  const paths = new Set(modules.flatMap((id) => /^.*[\\/](node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[0] ?? []))
  const sections = new Map()
  for (const path of paths) {
    const { name, version } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'))
    const text = licenceOf(path)
    sections.set(text, (sections.get(text) ?? new Set()).add(` - ${name}@${version}`))
  }
  const parts = [...sections].map(([text, names]) => `${[...names].sort().join('\n')}\n\n${text}\n`)
  const rule = `\n${'-'.repeat(80)}\n\n`
  return `Licences of the packages that dist/ is made of.\n${rule}${parts.sort().join(rule)}`
}

/** Its licence and notice files; the name of the licence and the author where it has none. */
function licenceOf(path) {
  const files = readdirSync(path).filter((name) => /^(licen[cs]e|copying|notice)\b/i.test(name))
  const { license, author } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'))
  if (files.length === 0 && typeof license !== 'string') throw new Error(`${path} does not say what its licence is.`)
  if (files.length === 0) return [`Licence: ${license}`, author && `Author: ${author.name ?? author}`].filter(Boolean).join('\n')
  return files
    .sort()
    .map((name) => readFileSync(`${path}/${name}`, 'utf8').replaceAll('\r\n', '\n').trim())
    .join('\n\n')
}
