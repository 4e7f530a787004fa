import type { Column } from '../../functions/model/column.ts'
import type { LineParser, ParseResult } from '../../functions/model/row-writer.ts'

export interface RecordedRow {
  readonly result: ParseResult
  readonly columns: Readonly<Record<string, unknown>>
  readonly eventTime?: number
  readonly app?: string
  readonly rest?: unknown
}

/** What a parser reports of one line, by column name; lists as arrays. */
export function recordedRow(parse: LineParser, columns: readonly Column[], line: string): RecordedRow {
  const cells: Record<string, unknown> = {}
  const others: Record<string, unknown> = {}
  const put = (column: number, value: unknown) => {
    const { name, mode } = columns[column] ?? { name: `no column ${column}` }
    const before = cells[name]
    cells[name] = mode === 'REPEATED' ? [...(Array.isArray(before) ? before : []), value] : value
  }
  const bytes = Buffer.from(line)
  const result = parse(bytes, 0, bytes.length, {
    text: (column, from, start, end) => put(column, from.toString('utf8', start, end)),
    string: put,
    integer: put,
    float: put,
    boolean: put,
    timestamp: put,
    eventTime: (micros) => {
      others['eventTime'] = micros
      return true
    },
    app: (value) => {
      others['app'] = value
    },
    rest: (json) => {
      others['rest'] = JSON.parse(json)
    },
    restText: (from, start, end) => {
      others['rest'] = JSON.parse(from.toString('utf8', start, end))
    },
  })
  return { result, columns: cells, ...others }
}
