import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter(
  (path) => path.endsWith('.md'),
)

test('docs/troubleshooting.md has a section for each code of an error, and for no other', () => {
  const union = /export type KeeperErrorCode =([\s\S]*?)\n\n/.exec(read('src/keeper-error.ts'))?.[1] ?? ''
  const codes = [...union.matchAll(/'([a-z-]+)'/g)].map(([, code = '']) => code)
  const sections = [...read('docs/troubleshooting.md').matchAll(/^### (.*)$/gm)].map(([, title = '']) => title)
  expect(codes.length).toBeGreaterThan(10)
  expect(sections.sort()).toEqual(codes.sort())
})

describe.each(pages)('%s', (page) => {
  test('has no comments in commands to paste: zsh, as people use it on macOS, takes them for arguments', () => {
    const blocks = [...read(page).matchAll(/^( *)```sh\n([\s\S]*?)^\1```$/gm)].map(([, , text = '']) =>
      text.replaceAll(/<< ?'EOF'\n[\s\S]*?^EOF$/gm, ''),
    )
    expect(blocks.flatMap((text) => text.split('\n')).filter((line) => /(^|\s)#/.test(line))).toEqual([])
  })

  test('links to files and headings that are there', () => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^https?:/.test(link))
    expect(links.filter((link) => !leadsSomewhere(page, link))).toEqual([])
  })
})

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || anchorsOf(read(target)).includes(anchor)
}

/** The anchors that GitHub gives to headings: lower case, without punctuation, blanks as dashes. */
function anchorsOf(text: string): string[] {
  const prose = text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '')
  return [...prose.matchAll(/^#{1,6} (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
