import { type Column, isColumnName, namesApps } from '../model/column.ts'
import type { Format } from '../model/format.ts'
import { leading, standardColumns, trailing } from '../model/standard-columns.ts'
import { logFormatFaults } from '../parse/formats/log-format.ts'
import { columnName } from '../parse/formats/vpc-flow.ts'
import { type FormatName, formatNames, formats } from '../parse/formats.ts'
import { declaredColumns } from './declared-columns.ts'
import { formatSettingsOf } from './format-settings.ts'
import { didYouMean } from './nearest.ts'
import { placesOf } from './redacted-places.ts'
import type { Source } from './schema.ts'

/** Faults of a source that depend on the columns of its format. */
export function sourceFaults(source: Source): string[] {
  const path = `sources.${source.name}`
  const faults = [
    ...optionFaults(source),
    ...fieldFaults(source),
    ...lineFaults(source),
    ...contractFaults(source),
    ...appFaults(source),
    ...timeFaults(source),
    ...columnFaults(source),
    ...redactFaults(source),
    ...patternFaults(source),
  ]
  return faults.map((fault) => `${path}.${fault}`)
}

function optionFaults(source: Source): string[] {
  return Object.keys(formatSettingsOf(source)).flatMap((setting) => {
    const takers = formatNames.filter((name) => formats[name].settings?.some((taken) => taken === setting))
    return source.format && takers.includes(source.format)
      ? []
      : [`${setting}: is for format ${takers.join(', ')}${remedy(source.format)}`]
  })
}

/** What to do about a setting that is for one format, or some. */
function remedy(format: FormatName | undefined): string {
  return format ? `, not ${format}; leave it out` : ', and the source names none; name it'
}

/** Values of two fields of one name would hide one another. */
function fieldFaults({ fields = [], format }: Source): string[] {
  const columns = fields.map((name) => (format && formats[format].choosesFields ? columnName(name) : name))
  const twice = fields.filter((_, index) => columns.indexOf(columns[index] ?? '') < index)
  return twice.map((name) => `fields: ${name} is named twice`)
}

function lineFaults({ logFormat }: Source): string[] {
  return logFormat === undefined ? [] : logFormatFaults(logFormat).map((fault) => `logFormat: ${fault}`)
}

function contractFaults({ contract, format }: Source): string[] {
  if (contract !== 'evolve' || (format && formats[format].evolves)) return []
  const evolving = formatNames.filter((name) => formats[name].evolves)
  return [`contract: evolve is for ${evolving.join(', ')}${remedy(format)}`]
}

function appFaults({ app, fields, format }: Source): string[] {
  if (!format || app === undefined || !('field' in app)) return []
  const { fixed, choosesFields, columns } = formats[format]
  const column = columns.find(({ name }) => name === app.field)
  if (!column && (fixed || choosesFields)) return [`app.field: ${noColumn(app.field, format, columns)}`]
  if (!column)
    return fields && !fields.includes(app.field) ? [`app.field: ${noField(app.field, fields)}`] : []
  if (!namesApps(column))
    return [`app.field: ${app.field} is ${typeOf(column)}; an app needs a STRING or INT64 column`]
  const isThere = fields === undefined || fields.some((name) => columnName(name) === app.field)
  return isThere ? [] : [`app.field: ${noField(app.field, fields)}`]
}

/** Where `fields` names all fields of a line, the time is one of them. */
function timeFaults({ time, fields }: Source): string[] {
  return time && fields && !fields.includes(time.field) ? [`time.field: ${noField(time.field, fields)}`] : []
}

/** Names differ in more than case. */
function columnFaults({ columns, format }: Source): string[] {
  if (!columns) return []
  if (!format) return [`columns: are beside those of one format${remedy(format)}`]
  const taken = new Map(
    [...formats[format].columns.map(({ name }) => name), ...standardColumns].map((name) => [
      name.toLowerCase(),
      `${name} is a column of ${format} already: choose another name`,
    ]),
  )
  return Object.keys(columns).flatMap((name) => {
    const fault = isColumnName(name)
      ? taken.get(name.toLowerCase())
      : 'is no column name: letters, digits and _, no digit first, at most 300'
    taken.set(name.toLowerCase(), `${name} is declared twice, apart from case`)
    return fault === undefined ? [] : [`columns.${name}: ${fault}`]
  })
}

/** The format decides where a value stands. Where the format is detected, redaction could miss the value. */
function redactFaults(source: Source): string[] {
  const { redact, columns: declared, format } = source
  if (!redact) return []
  if (!format) return [`redact: is by columns of one format${remedy(format)}`]
  const { fixed, choosesFields, columns } = formats[format]
  const all = [...columns, ...declaredColumns(declared), ...leading, ...trailing]
  const chosen = fixed || choosesFields
  const apps = appPlaces(source, formats[format])
  return Object.entries(redact).flatMap(([path, redaction]) => {
    const at = `redact.${path}`
    const first = path.split('.')[0] ?? ''
    if (!/^[^.]+(\.[^.]+)*$/.test(path)) return [`${at}: is no column and no path such as user.email`]
    const places = placesOf(path, formats[format])
    const column = all.find(({ name }) => places.includes(name))
    if (path === 'app' || places.some((place) => apps.some((app) => isWithin(app, place))))
      return [`${at}: the app is read from it, which names tables: give app another field or function`]
    if (origin.has(first))
      return [`${at}: ${first} tells where the row is from, not what it says; leave it out`]
    if (path === 'rest' && redaction !== 'drop')
      return [`${at}: is all that has no column; name a field of it, such as user.email, or 'drop' it`]
    if (column && redaction !== 'drop' && column.type !== 'STRING' && column.type !== 'JSON')
      return [`${at}: ${column.name} is ${typeOf(column)}, which holds no ${redaction}; 'drop' it`]
    const isField = source.fields?.some((field) => field.toLowerCase() === path.toLowerCase()) ?? true
    if (!chosen && !column && !isField && path !== 'rest')
      return [`${at}: ${noField(path, source.fields ?? [])}`]
    if (chosen && !column && !all.some(({ name }) => name === first))
      return [`${at}: ${noColumn(first, format, all)}`]
    return []
  })
}

/** Whether a path is another, or leads into it. Case does not count, as in redaction. */
function isWithin(path: string, other: string): boolean {
  return `${path}.`.toLowerCase().startsWith(`${other}.`.toLowerCase())
}

/** Everywhere the app of a row may be read from. */
function appPlaces({ app }: Source, format: Format): string[] {
  const rule = app ?? format.app
  const fields = 'fields' in rule ? rule.fields : 'field' in rule ? [rule.field] : []
  return fields.flatMap((field) => placesOf(field, format))
}

/** Without a group `message` in the pattern, that column holds the whole line. */
function patternFaults({ pattern, redact = {}, app, joinLines }: Source): string[] {
  if (!pattern) return []
  const groups = [...pattern.source.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g)].flatMap(([, name]) => name ?? [])
  const known = [...groups, 'message', 'app', 'rest', 'event_time']
  const missing = (name: string) => `the pattern has no group ${name}${didYouMean(name, known)}`
  const appField =
    app && 'field' in app && !known.includes(app.field) ? [`app.field: ${missing(app.field)}`] : []
  const fields = Object.keys(redact).filter((path) => path !== 'message' && path !== 'event_time')
  return [
    ...appField,
    ...fields.flatMap((path) => {
      if (!known.includes(path)) return [`redact.${path}: ${missing(path)}`]
      if ('message' in redact || path === 'rest') return []
      // What is joined to a line is in message as it is: whoever redacts must know.
      if (groups.includes('message') && joinLines === undefined)
        return [
          `redact.${path}: lines joined to one that matches are in message as they are: set joinLines, to false to keep them apart`,
        ]
      if (groups.includes('message')) return []
      return [
        `redact.${path}: message has the whole line: give the pattern a group message, or redact message too`,
      ]
    }),
  ]
}

/** Columns of every row that are not from its line. */
const origin: ReadonlySet<string> = new Set(['source_uri', 'source_etag', 'source_line', 'loaded_at'])

function typeOf({ mode, type }: Column): string {
  return mode === 'REPEATED' ? `a list of ${type}` : type
}

function noField(name: string, fields: readonly string[]): string {
  return `${name} is none of the source's fields: name it there, or another here${didYouMean(name, fields)}`
}

function noColumn(name: string, format: string, columns: readonly Column[]): string {
  const names = columns.map((column) => column.name)
  return `${format} has no column ${name}${didYouMean(name, names)} (${names.join(', ')})`
}
