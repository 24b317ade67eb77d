// The licences of everything that can be inside dist/: of every package that the lock file installs for production. That is a
// little more than the bundle holds; ncc's own list has only what is in the first of its files. Optional packages (Node, for
// the tests) are left out: they are others on each platform.
import { readdirSync, readFileSync } from 'node:fs'

/** The text of dist/licenses.txt, the same on every machine that has run "npm ci". Packages with the same text share one section. */
export function licences() {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const sections = new Map()
  for (const [path, { dev, devOptional, optional, peer, version }] of Object.entries(packages)) {
    if (path === '' || dev || devOptional || optional || peer) continue
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
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
