/** A value of a workflow in which nothing is left to GitHub to fill in; undefined where there is. */
export function literal(value: string | undefined, repository: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const known = repository === undefined ? value : value.replaceAll(/\$\{\{\s*github\.repository\s*\}\}/g, repository)
  return known.includes('${{') ? undefined : known
}
