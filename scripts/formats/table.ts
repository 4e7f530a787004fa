import type { Format } from '../../functions/model/format.ts'
import { formats } from '../../functions/parse/formats.ts'

/** Columns named in the table; the rest are counted. */
const shown = 5

/** The formats as a Markdown table. Every one may be plain, gzip of any number of members, or zstd of any number of frames. */
export function formatsTable(): string {
  const rows = Object.values(formats).map(
    (format) => `| \`${format.name}\` | ${format.about} | ${columnsOf(format)} | ${appOf(format)} |`,
  )
  return ['| format | logs | columns | app of a row |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function columnsOf({ columns }: Format): string {
  if (columns.length === 0) return 'none of its own: all in `rest`'
  const names = columns.slice(0, shown).map(({ name }) => `\`${name}\``)
  const more = columns.length - names.length
  return `${columns.length}: ${names.join(', ')}${more > 0 ? ', ...' : ''}`
}

function appOf({ app }: Format): string {
  if ('key' in app) return 'from the object key'
  return app.fields.map((field) => `\`${field}\``).join(', ') || 'none'
}
