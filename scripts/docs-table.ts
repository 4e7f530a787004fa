/** A generated table of a page: between `<!-- name -->` and `<!-- /name -->`. @throws Error when it has none. */
export function tableIn(text: string, name: string): string {
  const [from, to] = span(text, name)
  return text.slice(from, to).trim()
}

/** The text with this table between the markers of that name. */
export function withTable(text: string, name: string, table: string): string {
  const [from, to] = span(text, name)
  return `${text.slice(0, from)}\n${table}\n${text.slice(to)}`
}

function span(text: string, name: string): [number, number] {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`there is no ${begin} ... ${end} in the text`)
  return [from + begin.length, to]
}
