/** How `uses:` names the keeper wherever a person copies it: by the full commit, which the release fills in (zeros before the first). */
const shown = /^[\w.-]+\/codex-auth-keeper@[0-9a-f]{40}$/

/** Whether a step that is shown to people runs the keeper. */
export function usesKeeper({ uses }: { readonly uses?: string }): boolean {
  return uses !== undefined && shown.test(uses)
}
