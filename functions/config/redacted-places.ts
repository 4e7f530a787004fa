import type { FieldPath, Format } from '../model/format.ts'
import type { Redactions } from './redaction.ts'

/** Where a format's columns stand in its logs. */
export type Spelling = Pick<Format, 'columns' | 'paths' | 'wrapper'>

/**
 * Where the values stand that a source redacts: columns, or paths within a row. Logs and tables spell names differently:
 * `sourceIPAddress` is the column `sourceipaddress`, `httpRequest` all columns that begin with `httprequest_`. Either
 * spelling means the value wherever it stands. A value that does not fit its column is in `rest`, spelled as in the log.
 */
export function redactedPlaces(redactions: Redactions, format: Spelling): Redactions {
  const places = Object.entries(redactions).flatMap(([path, redaction]) =>
    placesOf(path, format).map((place) => [place, redaction] as const),
  )
  // What is said of a place itself counts.
  return { ...Object.fromEntries(places), ...redactions }
}

/** Every place within a row, and within the log, that a path may lead to, itself first. */
export function placesOf(path: string, format: Spelling): string[] {
  const { wrapper } = format
  const unwrapped = wrapper && path.startsWith(`${wrapper}.`) ? [path.slice(wrapper.length + 1)] : []
  const places = [path, ...unwrapped].flatMap((each) => [
    each,
    ...fieldsOf(format).flatMap((field) => placesIn(field, each)),
  ])
  // A wrapper that is a text is a field. One that is an object holds all other fields: a path must name it to mean it.
  return [...new Set(places.filter((place) => place !== wrapper || path === wrapper))]
}

function fieldsOf({ columns, paths = [] }: Spelling): FieldPath[] {
  return [...columns.map(({ name }) => ({ path: name, column: name })), ...paths]
}

/** Where a path leads: to a field, to what holds it, or into it. */
function placesIn({ path: written, column }: FieldPath, path: string): string[] {
  if (`${written}.`.toLowerCase().startsWith(`${path}.`.toLowerCase())) return [column, written]
  const names = path.split('.')
  for (let length = names.length; length > 0; length--) {
    const front = plain(names.slice(0, length).join('.'))
    if (front !== plain(written) && front !== plain(column)) continue
    return [column, written].map((place) => [place, ...names.slice(length)].join('.'))
  }
  return []
}

/** A name as columns spell it: `cs(User-Agent)` is `cs_user_agent`. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[.\-(]/g, '_')
    .replaceAll(')', '')
}
