/** What Node's readline takes for a line's end beside newlines, and JSON does not escape. */
const otherLineEnds = /[\u2028\u2029]/g

/** A value as a line of JSON: one for whoever reads lines, whatever letters are in it. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value)
  return `${text.replaceAll(otherLineEnds, (end) => `\\u${end.charCodeAt(0).toString(16)}`)}\n`
}
