// Writes the generated parts of README.md: inputs and outputs from action.yml, forms of `store` from the code.
// With --check it changes nothing, and fails when they are not what it would write. Run it with "npm run readme".
import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'
import { storeForms } from '../src/stores/store-settings.ts'

const action = parse(readFileSync('action.yml', 'utf8'))
const before = readFileSync('README.md', 'utf8')
const after = [
  [
    'inputs',
    table(
      ['Input', 'What it is', 'Default'],
      Object.entries(action.inputs)
        .filter(([, { description }]) => !description.startsWith('Leave it alone.'))
        .map(([name, { description, default: value }]) => [code(name), description, value ? code(value) : '']),
    ),
  ],
  [
    'outputs',
    table(
      ['Output', 'What it is'],
      Object.entries(action.outputs).map(([name, { description }]) => [code(name), description]),
    ),
  ],
  ['stores', ['```text', ...storeForms, '```'].join('\n')],
].reduce(replaced, before)

if (after === before) process.exitCode = 0
else if (process.argv.includes('--check')) {
  console.error('The tables of README.md are not those of action.yml. Run "npm run readme" and commit README.md.')
  process.exitCode = 1
} else writeFileSync('README.md', after)

/** The text with the lines between the two markers of this name replaced. */
function replaced(text, [name, content]) {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`]
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`README.md needs the lines ${start} and ${end}.`)
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n')
}

function escaped(cell) {
  return cell.trim().replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function code(text) {
  return `\`${text}\``
}
