/** A part of the job summary. Every text in it is plain: whoever wrote it, it is shown as it stands. */
export type SummaryBlock =
  /** One paragraph. */
  | string
  /** An item of several lines keeps those after its first in letters of one width. */
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  /** Lines that stay lines, in letters of one width. */
  | { readonly kind: 'lines'; readonly text: string }
  | { readonly kind: 'labelled'; readonly label: string; readonly text: string }
  /** A link whose address is made by us alone. */
  | { readonly kind: 'link'; readonly text: string; readonly url: string }

/** What one stage shows of its work. */
export interface SummaryPage {
  /** One line that says how the login is. */
  readonly verdict: string
  /** What a person must read. */
  readonly blocks: readonly SummaryBlock[]
  /** A Mermaid diagram, made of our own words and of times alone. */
  readonly picture?: string | undefined
  /** What else there is to know, folded away. */
  readonly details: readonly SummaryPart[]
}

export interface SummaryPart {
  readonly title: string
  readonly blocks: readonly SummaryBlock[]
}

/**
 * The page as GitHub renders it, in HTML blocks, in which Markdown means nothing: no text becomes a link, an image or
 * markup of its own. The escapes are those that the runner also masks a secret in.
 * @param clean takes the secrets out of a text; before it is escaped, or they would not be found
 */
export function summaryMarkup({ verdict, blocks, picture, details }: SummaryPage, clean: (text: string) => string): string {
  const { shown, block } = markupWith(clean)
  return [
    `<h3>${shown(verdict)}</h3>`,
    ...blocks.map(block),
    ...(picture === undefined ? [] : [`\`\`\`mermaid\n${picture}\n\`\`\``]),
    // Without a blank line in it, after which Markdown would begin again.
    ...(details.length === 0
      ? []
      : [
          [
            '<details><summary>Details</summary>',
            ...details.flatMap((part) => [`<h4>${shown(part.title)}</h4>`, ...part.blocks.map(block)]),
            '</details>',
          ].join('\n'),
        ]),
  ].join('\n\n')
}

function markupWith(clean: (text: string) => string): { shown: (text: string) => string; block: (part: SummaryBlock) => string } {
  const shown = (text: string): string => escaped(clean(text).replaceAll(/\s+/g, ' ').trim())
  const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${shown(cell)}</${tag}>`).join('')}</tr>`
  const item = (text: string): string => {
    const [first = '', ...rest] = text.split('\n')
    return `<li>${shown(first)}${rest.length === 0 ? '' : preformatted(clean(rest.join('\n')))}</li>`
  }
  const block = (part: SummaryBlock): string => {
    if (typeof part === 'string') return `<p>${shown(part)}</p>`
    switch (part.kind) {
      case 'list':
        return `<ul>${part.items.map(item).join('')}</ul>`
      case 'table':
        return ['<table>', row(part.head, 'th'), ...part.rows.map((cells) => row(cells, 'td')), '</table>'].join('\n')
      case 'lines':
        return preformatted(clean(part.text))
      case 'labelled':
        return `<p><b>${shown(part.label)}</b> ${shown(part.text)}</p>`
      case 'link':
        return `<p><a href="${escaped(part.url)}">${shown(part.text)}</a></p>`
    }
  }
  return { shown, block }
}

/** A text of several lines for Markdown; in `pre` nothing is a link, a mention or markup, and no line of it is blank. */
export function preformatted(text: string): string {
  return `<pre>${escaped(text.replaceAll(/\r\n|\r/g, '\n')).replaceAll('\n', '&#10;')}</pre>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&apos;')
}
