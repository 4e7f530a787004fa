/**
 * The names in a header, each once. A column without a name, or with one that was used, is named by its position: so no
 * value hides another.
 */
export function headerNames(values: readonly string[]): string[] {
  const given = new Set(values.map((value) => value.trim()))
  const seen = new Set<string>([''])
  return values.map((value, index) => {
    let name = value.trim()
    if (seen.has(name)) {
      name = `column_${index + 1}`
      while (given.has(name) || seen.has(name)) name += '_'
    }
    seen.add(name)
    return name
  })
}
