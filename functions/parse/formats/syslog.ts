import type { Column } from '../../model/column.ts'
import type { FirstLines, Format, ParserOptions } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser, type ParseResult, type RowWriter } from '../../model/row-writer.ts'
import { shareOfRows } from '../detecting/format-sample.ts'
import { type JsonObject, memberAt, toJson } from '../json/json-document.ts'
import { byteOrderMark } from '../reading/byte-order-mark.ts'
import { isDash } from '../text/fields.ts'
import { readStructuredData } from '../text/structured-data.ts'
import { readIsoTime, readYearlessTime } from '../text/timestamps.ts'

/**
 * Syslog messages, one a line: RFC 5424, and RFC 3164 as it is sent and as it is found in files, without priority,
 * without host, or with a time in ISO 8601. The time of RFC 3164 has neither year nor zone: see `readYearlessTime`.
 * Structured data goes to `rest` as `{"structured_data": {"<id>": {"<name>": "<value>"}}}`; a name given more than
 * once has a list of its values.
 */
const columns: readonly Column[] = [
  { name: 'time', type: 'TIMESTAMP', description: 'When the message was written' },
  { name: 'facility', type: 'INT64', description: 'Facility, 0 to 23' },
  { name: 'severity', type: 'INT64', description: 'Severity, from 0 emergency to 7 debug' },
  { name: 'hostname', type: 'STRING', description: 'Host' },
  { name: 'app_name', type: 'STRING', description: 'Program' },
  { name: 'proc_id', type: 'STRING', description: 'Process id, or what the program gives for one' },
  { name: 'msg_id', type: 'STRING', description: 'Type of the message' },
  { name: 'message', type: 'STRING', description: 'The message' },
]

const space = 0x20
const colon = 0x3a
const open = 0x5b
const close = 0x5d

const noSyslog: ParseResult = reject(
  'malformed',
  'no syslog message: a priority and a time are expected at its start',
)

export const syslog: Format = {
  name: 'syslog',
  delivery: 'none',
  about: 'RFC 3164 and RFC 5424',
  columns,
  app: { fields: ['app_name'] },
  detection: { reads: 'kind', share: shareOfMessages },
  parser: (appFields, options) => parserFor(appFields, options),
}

function parserFor(appFields: readonly string[], { now }: ParserOptions = {}): LineParser {
  return (bytes, start, end, row) => {
    const message = new Message(bytes, end, row)
    const afterPriority = message.readPriority(start)
    if (afterPriority < 0) return noSyslog
    const version = afterPriority > start ? versionAt(bytes, afterPriority) : 0
    const read =
      version > 0 ? message.readCurrent(afterPriority + version) : message.readLegacy(afterPriority, now)
    if (!read) return noSyslog
    const app = message.appOf(appFields)
    if (app !== undefined) row.app(app)
    return inRow
  }
}

/** The length of RFC 5424's VERSION, one to three digits, and the blank behind it; 0 if there is none. */
function versionAt(bytes: Buffer, at: number): number {
  return /^[1-9]\d{0,2} /.exec(bytes.toString('latin1', at, at + 4))?.[0].length ?? 0
}

/**
 * A time and a word are in front of any log. Only a priority, the time of RFC 3164, or a host and a tag behind the
 * time say that it is a syslog message.
 */
const ownStart =
  /^(<\d{1,3}>|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\S+ (?!(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL) )[\w.-]+ (?:[\w./-]+\[\d+\]|kernel): )/

function shareOfMessages({ lines }: FirstLines): number {
  return shareOfRows({ parser: parserFor }, lines, (line) => ownStart.test(line.toString('latin1', 0, 512)))
}

/** One message on its way into a row. */
class Message {
  readonly #bytes: Buffer
  readonly #end: number
  readonly #row: RowWriter
  readonly #places = new Map<string, readonly [number, number]>()
  #rest: JsonObject = {}

  constructor(bytes: Buffer, end: number, row: RowWriter) {
    this.#bytes = bytes
    this.#end = end
    this.#row = row
  }

  /** `<34>`. Where it ends, which is where it would start if there is none; -1 if it is no priority. */
  readPriority(start: number): number {
    if (this.#bytes[start] !== 0x3c) return start
    const written = /^<(\d{1,3})>/.exec(this.#bytes.toString('latin1', start, Math.min(start + 5, this.#end)))
    const priority = Number(written?.[1] ?? 192)
    if (priority > 191) return -1
    this.#row.integer(1, priority >> 3)
    this.#row.integer(2, priority & 7)
    return start + (written?.[0].length ?? 0)
  }

  /** RFC 5424 from its time on: `2026-11-20T10:15:00Z host app pid id [data] message`. */
  readCurrent(start: number): boolean {
    const timeEnd = this.#tokenEnd(start)
    if (!isDash(this.#bytes, start, timeEnd) && !this.#writeTime(readIsoTime(this.#bytes, start, timeEnd)))
      return false
    let at = timeEnd + 1
    for (const column of [3, 4, 5, 6]) {
      if (at >= this.#end) return false
      const tokenEnd = this.#tokenEnd(at)
      this.#write(column, at, tokenEnd)
      at = tokenEnd + 1
    }
    const dataEnd = this.#readData(at)
    this.#write(7, this.#afterMark(this.#bytes[dataEnd] === space ? dataEnd + 1 : dataEnd), this.#end)
    return true
  }

  /** RFC 3164 from its time on: `Nov 20 10:15:00 host app[pid]: message`. */
  readLegacy(start: number, now: number | undefined): boolean {
    const isoEnd = this.#tokenEnd(start)
    const iso = readIsoTime(this.#bytes, start, isoEnd)
    const timeEnd = iso === undefined ? this.#yearlessEnd(start) : isoEnd
    // Without a clock the time is only looked at, not written.
    const micros = iso ?? readYearlessTime(this.#bytes, start, timeEnd, now ?? 0)
    if (micros === undefined) return false
    if (iso !== undefined || now !== undefined) this.#writeTime(micros)
    const hostEnd = this.#tokenEnd(timeEnd + 1)
    const hasHost = this.#bytes[hostEnd - 1] !== colon
    if (hasHost) this.#write(3, timeEnd + 1, hostEnd)
    const tag = hasHost ? hostEnd + 1 : timeEnd + 1
    this.#write(7, this.#readTag(tag), this.#end)
    return true
  }

  /** `Nov 20 10:15:00` and `Nov  3 10:15:00` take 15 bytes, `Nov 3 10:15:00` 14. */
  #yearlessEnd(start: number): number {
    const longer = this.#tokenEnd(start + 14) === start + 15
    return Math.min(start + (longer ? 15 : 14), this.#end)
  }

  /** The first of these columns, or paths into the structured data, that has a value: its first, where it is a list. */
  appOf(fields: readonly string[]): string | undefined {
    for (const field of fields) {
      const place = this.#places.get(field)
      if (place) return this.#bytes.toString('utf8', ...place)
      const found = memberAt(this.#rest, field)
      const member: unknown = Array.isArray(found) ? found[0] : found
      if (typeof member === 'string' && member !== '') return member
    }
    return undefined
  }

  /** `app[pid]: `, `app: `; where the message starts, which is where the tag would if there is none. */
  #readTag(start: number): number {
    let at = start
    while (at < this.#end && !isTagEnd(this.#bytes[at])) at++
    const nameEnd = at
    if (this.#bytes[at] === open && at < this.#end) {
      while (at < this.#end && this.#bytes[at] !== close && this.#bytes[at] !== space) at++
      if (at >= this.#end || this.#bytes[at] !== close) return start
      this.#write(5, nameEnd + 1, at)
      at += 1
      if (this.#bytes[at] === colon) at += 1
    } else if (this.#bytes[at] === colon && at < this.#end) at += 1
    else return start
    this.#write(4, start, nameEnd)
    return this.#bytes[at] === space ? at + 1 : at
  }

  /** Where the structured data ends, or starts if it is none: it then is part of the message. */
  #readData(start: number): number {
    const tokenEnd = this.#tokenEnd(start)
    if (isDash(this.#bytes, start, tokenEnd)) return tokenEnd
    const read = readStructuredData(this.#bytes, start, this.#end)
    if (!read || read.next === start) return start
    this.#rest = { structured_data: read.data }
    this.#row.rest(toJson(this.#rest))
    return read.next
  }

  /** RFC 5424, 6.4: a byte order mark says that the message is UTF-8, and is no part of it. */
  #afterMark(start: number): number {
    const end = start + byteOrderMark.length
    return end <= this.#end && byteOrderMark.equals(this.#bytes.subarray(start, end)) ? end : start
  }

  #writeTime(micros: number | undefined): boolean {
    if (micros === undefined) return false
    this.#row.timestamp(0, micros)
    this.#row.eventTime(micros)
    return true
  }

  #write(column: number, start: number, end: number): void {
    if (start >= end || isDash(this.#bytes, start, end)) return
    this.#row.text(column, this.#bytes, start, end)
    this.#places.set(columns[column]?.name ?? '', [start, end])
  }

  #tokenEnd(start: number): number {
    let at = start
    while (at < this.#end && this.#bytes[at] !== space) at++
    return at
  }
}

function isTagEnd(byte: number | undefined): boolean {
  return byte === space || byte === colon || byte === open
}
