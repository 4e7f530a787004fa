import type { Format } from '../parse/format.ts'
import type { Redactions } from './redact.ts'

/**
 * Where the values are that a source redacts, by column or path within a row. Logs and columns spell names each in
 * their way: `sourceIPAddress` is the column `sourceipaddress`, `httpRequest.clientIp` is `httprequest_clientip`, and
 * a field `msg` is `message`. Who names a value either way means it wherever it is.
 */
export function redactedPlaces(
  redactions: Redactions,
  format: Pick<Format, 'columns' | 'otherNames'>,
): Redactions {
  const places = Object.entries(redactions).flatMap(([path, redaction]) =>
    placesOf(path, format).map((place) => [place, redaction] as const),
  )
  // What is said of a place itself counts.
  return { ...Object.fromEntries(places), ...redactions }
}

/** Every place within a row that a path may lead to, itself first. */
export function placesOf(
  path: string,
  { columns, otherNames }: Pick<Format, 'columns' | 'otherNames'>,
): string[] {
  const names = path.split('.')
  const spelt = names.flatMap((_, index) => {
    const front = plain(names.slice(0, index + 1).join('.'))
    const column = columns.find(({ name }) => plain(name) === front)
    return column ? [[column.name, ...names.slice(index + 1)].join('.')] : []
  })
  const other = otherNames?.get(path)
  return [...new Set([path, ...spelt, ...(other === undefined ? [] : [other])])]
}

/** Names without what columns spell in another way: `cs(User-Agent)` is `cs_user_agent`. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[.\-(]/g, '_')
    .replaceAll(')', '')
}
