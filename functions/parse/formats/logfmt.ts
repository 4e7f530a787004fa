import type { Column } from '../../model/column.ts'
import type { FirstLines, Format } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser, type RowWriter } from '../../model/row-writer.ts'
import { readTime, timeNames } from '../json/event-time.ts'
import { type LogfmtPair, logfmtPairs } from '../text/logfmt-pairs.ts'

/**
 * Lines of `name=value` pairs, as Go kit, Grafana, Heroku and others write them: see `logfmtPairs`. Well-known names
 * have columns; all else is in `rest`, as text, and a list where a name comes more than once. The event_time is that of
 * the first well-known name whose value is a time; it stays in `rest` as well.
 */
const known: readonly { readonly column: Column; readonly names: readonly string[] }[] = [
  wellKnown('level', ['level', 'lvl', 'severity'], 'Severity, as the service names it'),
  wellKnown('message', ['msg', 'message'], 'The message'),
  wellKnown('logger', ['logger', 'component'], 'Name of the logger or component'),
]

function wellKnown(name: string, names: readonly string[], description: string) {
  return { column: { name, type: 'STRING', description } as const, names }
}

const times = [...new Set([...timeNames, 't'])]

export const logfmt: Format = {
  name: 'logfmt',
  delivery: 'none',
  evolves: true,
  about: '`name=value` pairs: Go kit, Grafana, Heroku, any',
  columns: known.map(({ column }) => column),
  paths: known.flatMap(({ column, names }) => names.map((path) => ({ path, column: column.name }))),
  app: { fields: ['app', 'service', 'component', 'logger'] },
  detection: { reads: 'any', share: shareOfPairs },
  parser: parserFor,
}

function parserFor(appFields: readonly string[]): LineParser {
  return (bytes, start, end, row) => {
    const pairs = logfmtPairs(bytes, start, end)
    if ('kind' in pairs) return pairs
    const flags = pairs.filter(({ value }) => value === true).length
    if (flags === pairs.length || flags * 2 > pairs.length)
      return reject('malformed', 'most words are no name=value: another format?')
    const members = membersOf(pairs)
    writeTime(members, row)
    const app = appFields.map((name) => textOf(members, name)).find((text) => text !== undefined)
    if (app !== undefined) row.app(app)
    for (const [index, { names }] of known.entries()) {
      const name = names.find((one) => isText(members.get(one)))
      if (name === undefined) continue
      row.string(index, String(members.get(name)))
      members.delete(name)
    }
    if (members.size > 0) row.rest(JSON.stringify(Object.fromEntries(members)))
    return inRow
  }
}

type Value = LogfmtPair['value']

function membersOf(pairs: readonly LogfmtPair[]): Map<string, Value | Value[]> {
  const members = new Map<string, Value | Value[]>()
  for (const { name, value } of pairs) {
    const before = members.get(name)
    members.set(
      name,
      before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value],
    )
  }
  return members
}

function writeTime(members: ReadonlyMap<string, unknown>, row: RowWriter): void {
  for (const name of times) {
    const micros = readTime(members.get(name))
    if (micros === undefined) continue
    row.eventTime(micros)
    return
  }
}

/** The value of a name, or of any name of the column that is called so. */
function textOf(members: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const column = known.find((one) => one.column.name === name)
  for (const one of column?.names ?? [name]) {
    const value = members.get(one)
    if (isText(value)) return value
  }
  return undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Names that say that a line is one of a log. */
const usual: ReadonlySet<string> = new Set(['level', 'lvl', 'severity', 'msg', 'message', 'ts', 'time'])
const leastPairs = 2
/** Of lines that are so: any text has a few. */
const leastShare = 0.8

/** The share of lines that begin with a pair and have some, one of them usual in logs. */
function shareOfPairs({ lines }: FirstLines): number {
  const read = lines.filter((line) => {
    const pairs = logfmtPairs(line, 0, line.length)
    if (!Array.isArray(pairs) || pairs[0]?.value === true) return false
    const named = pairs.filter(({ value }) => value !== true)
    return (
      named.length >= leastPairs &&
      named.length * 2 >= pairs.length &&
      named.some(({ name }) => usual.has(name))
    )
  })
  return read.length < lines.length * leastShare ? 0 : read.length / lines.length
}
