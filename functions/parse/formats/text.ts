import type { Format, ParserOptions, TimeSetting } from '../../model/format.ts'
import { inRow, type LineParser } from '../../model/row-writer.ts'
import { firstTime, timeNamesIn } from '../json/event-time.ts'
import { LinePattern } from '../text/line-pattern.ts'
import { timeReader } from '../text/time-format.ts'

/** Any lines, whole in `message`, unless the source says what they look like. */
export const text = textFormat()

/**
 * Lines as a user's expression reads them. It must match from the start of the line. Named groups go to `rest` by
 * their names, but for `message`, which is the column; without such a group the column is the whole line. The
 * event_time is that of the first group with a well-known time name that is a time.
 */
export function textFormat(pattern?: RegExp): Format {
  return {
    name: 'text',
    delivery: 'none',
    settings: ['pattern', 'time'],
    about: 'lines like an expression of yours, `pattern`',
    columns: [{ name: 'message', type: 'STRING', description: 'The message, or the whole line' }],
    app: { fields: ['app', 'service', 'component'] },
    parser: (appFields, options: ParserOptions = {}) =>
      parserFor(options.pattern ?? pattern, appFields, options.time),
  }
}

function parserFor(
  pattern: RegExp | undefined,
  appFields: readonly string[],
  time: TimeSetting | undefined,
): LineParser {
  if (!pattern) {
    return (bytes, start, end, row) => {
      row.text(0, bytes, start, end)
      return inRow
    }
  }
  const expression = new LinePattern(pattern)
  const read = time && timeReader(time)
  const parse: LineParser = (bytes, start, end, row) => {
    const line = bytes.toString('utf8', start, end)
    const match = expression.match(line)
    if (match.kind === 'reject') return match
    const { message, ...others } = match.groups
    const groups = Object.entries(others).filter(([, value]) => value)
    const found = new Map(groups)
    row.string(0, (message ?? line).toWellFormed())
    const micros = time
      ? read?.(found.get(time.field) ?? '')
      : firstTime(timeNamesIn([...found.keys()]).map((name) => found.get(name)))
    if (micros !== undefined) row.eventTime(micros)
    const app = appFields.map((name) => found.get(name)).find((value) => value !== undefined)
    if (app !== undefined) row.app(app.toWellFormed())
    if (groups.length > 0)
      row.rest(
        JSON.stringify(Object.fromEntries(groups.map(([name, value]) => [name, value?.toWellFormed()]))),
      )
    return inRow
  }
  return Object.assign(parse, {
    lookAhead: (bytes: Buffer, first: number) => expression.lookAhead(bytes, first),
  })
}
