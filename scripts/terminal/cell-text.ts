const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const control = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u

/** Log data can carry escape sequences that would drive the reader's terminal: they are shown, not obeyed. */
export function printable(text: string): string {
  return text.replace(control, (character) => {
    if (character === '\t') return '\\t'
    if (character === '\n') return '\\n'
    const code = character.codePointAt(0) ?? 0
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/** Columns the text takes: East Asian characters and emoji take two. */
export function textWidth(text: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment)
  return width
}

/** Keeps both ends, which is where log names and keys differ: `AWSLogs/1…f90.log.gz`. */
export function truncateMiddle(text: string, width: number, ellipsis = '…'): string {
  if (textWidth(text) <= width) return text
  const room = width - ellipsis.length
  if (room < 1) return ellipsis.slice(0, Math.max(0, width))
  const parts = [...graphemes.segment(text)].map(({ segment }) => segment)
  const head = takeWidth(parts, Math.ceil(room / 2))
  const tail = takeWidth(parts.toReversed(), Math.floor(room / 2)).toReversed()
  return `${head.join('')}${ellipsis}${tail.join('')}`
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text
}

function takeWidth(parts: readonly string[], width: number): string[] {
  let used = 0
  const end = parts.findIndex((part) => {
    used += graphemeWidth(part)
    return used > width
  })
  return parts.slice(0, end === -1 ? parts.length : end)
}

function graphemeWidth(grapheme: string): number {
  return wide.test(grapheme) ? 2 : 1
}
