import type { Format, ParserOptions } from '../../model/format.ts'
import { inRow, type LineParser } from '../../model/row-writer.ts'
import { firstTime, timeNamesIn } from '../json/event-time.ts'
import { recordBlocks } from '../reading/record-blocks.ts'
import { leadingTime } from '../text/leading-time.ts'
import { LinePattern } from '../text/line-pattern.ts'
import { timeReader } from '../text/time-format.ts'

/** Any lines, whole in `message`, unless the source says what they look like. */
export const text = textFormat()

const newline = 0x0a

/**
 * Lines as they are, with the time they begin with. Where lines begin with times, those that do not belong to the one before,
 * as a stack trace does.
 *
 * Or lines as a user's expression reads them. It must match from the start of a record's first line. Named groups go to
 * `rest` by their names, but for `message`, which is the column, with the record's further lines; without such a group the
 * column is the whole record. The event_time is that of the first group with a well-known time name that is a time.
 */
export function textFormat(pattern?: RegExp): Format {
  return {
    name: 'text',
    delivery: 'none',
    settings: ['pattern', 'time', 'joinLines'],
    about: 'any lines, with those that belong to them; or lines like an expression of yours, `pattern`',
    columns: [{ name: 'message', type: 'STRING', description: 'The message, or the whole line' }],
    app: { fields: ['app', 'service', 'component'] },
    blocks: (bytes, { joinLines }) => recordBlocks(bytes, beginsWithTime, joinLines),
    parser: (appFields, options: ParserOptions = {}) => {
      const expression = options.pattern ?? pattern
      return expression ? patternParser(expression, appFields, options) : plainParser(options)
    },
  }
}

function beginsWithTime(bytes: Buffer, start: number, end: number): boolean {
  return leadingTime(bytes, start, end) !== undefined
}

function plainParser({ now }: ParserOptions): LineParser {
  return (bytes, start, end, row) => {
    const micros = leadingTime(bytes, start, end, now)?.micros
    if (micros !== undefined) row.eventTime(micros)
    row.text(0, bytes, start, end)
    return inRow
  }
}

function patternParser(pattern: RegExp, appFields: readonly string[], { time }: ParserOptions): LineParser {
  const expression = new LinePattern(pattern)
  const read = time && timeReader(time)
  const parse: LineParser = (bytes, start, end, row) => {
    const cut = bytes.indexOf(newline, start)
    const firstEnd = cut < 0 || cut > end ? end : cut
    const line = bytes.toString('utf8', start, firstEnd)
    const further = bytes.toString('utf8', firstEnd, end)
    const match = expression.match(line)
    if (match.kind === 'reject') return match
    const { message, ...others } = match.groups
    const groups = Object.entries(others).filter(([, value]) => value)
    const found = new Map(groups)
    row.string(0, ((message ?? line) + further).toWellFormed())
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
