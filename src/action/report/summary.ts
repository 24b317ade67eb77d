/** A part of the job summary. Every text in it is plain: whoever wrote it, it is shown as it stands. */
export type SummaryBlock =
  /** One paragraph. */
  | string
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  /** Lines that stay lines, in letters of one width. */
  | { readonly kind: 'lines'; readonly text: string }
  | { readonly kind: 'labelled'; readonly label: string; readonly text: string }

/**
 * The summary as GitHub renders it, in HTML blocks, in which Markdown means nothing: no text becomes a link, an image or
 * markup of its own. The escapes are those that the runner also masks a secret in.
 * @param clean takes the secrets out of a text; before it is escaped, or they would not be found
 */
export function summaryMarkup(title: string, blocks: readonly SummaryBlock[], clean: (text: string) => string): string {
  const shown = (text: string): string => escaped(clean(text).replaceAll(/\s+/g, ' ').trim())
  const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${shown(cell)}</${tag}>`).join('')}</tr>`
  const block = (part: SummaryBlock): string => {
    if (typeof part === 'string') return `<p>${shown(part)}</p>`
    switch (part.kind) {
      case 'list':
        return `<ul>${part.items.map((item) => `<li>${shown(item)}</li>`).join('')}</ul>`
      case 'table':
        return ['<table>', row(part.head, 'th'), ...part.rows.map((cells) => row(cells, 'td')), '</table>'].join('\n')
      case 'lines':
        return preformatted(clean(part.text))
      case 'labelled':
        return `<p><b>${shown(part.label)}</b> ${shown(part.text)}</p>`
    }
  }
  return [`<h3>${shown(title)}</h3>`, ...blocks.map(block)].join('\n\n')
}

/** A text of several lines for Markdown; in `pre` nothing is a link, a mention or markup. */
export function preformatted(text: string): string {
  return `<pre>${escaped(text.replaceAll(/\r\n|\r/g, '\n'))}</pre>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&apos;')
}
