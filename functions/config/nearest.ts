/** What was likely meant by a name, as a question to stand behind a fault; nothing when no name is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = known
    .map((other) => ({ other, edits: edits(name.toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, edits }) => edits <= Math.max(1, Math.min(name.length, other.length) / 3))
    .sort((one, two) => one.edits - two.edits)
  return near[0] ? `; did you mean ${near[0].other}?` : ''
}

/** Characters to insert, delete or replace. */
function edits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [line, char] of [...one].entries()) {
    const next = [line + 1]
    for (let at = 0; at < other.length; at++) {
      const replaced = (row[at] ?? 0) + (char === other[at] ? 0 : 1)
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
