import type { ParserOptions } from '../../model/format.ts'
import { type Reject, reject } from '../../model/reject.ts'
import { inRow, type ParseResult, type RowWriter, skipped } from '../../model/row-writer.ts'
import { timeNamesIn } from '../json/event-time.ts'
import { byteOrderMark } from '../reading/byte-order-mark.ts'
import { alikeLines } from '../text/alike-lines.ts'
import { readAnyTime } from '../text/any-time.ts'
import { likelyDelimiter, namedDelimiter, type SeparatedKind } from '../text/delimiters.ts'
import { headerNames } from '../text/header-names.ts'
import { isAt } from '../text/name-index.ts'
import { RecentTexts } from '../text/recent-texts.ts'
import { SeparatedValues } from '../text/separated-values.ts'
import { memberPrefix, TextMembers } from '../text/text-members.ts'
import { type ReadTimeText, timeReader } from '../text/time-format.ts'

const newline = 0x0a
const dash = 0x2d

/** A record of so many lines that would all be records is no record: a quote was opened by mistake. */
const doubtfulLines = 5

/** Reads the records of one object into rows, in order: its first may name the others' values. */
export class SeparatedParser {
  readonly #kind: SeparatedKind
  readonly #appFields: readonly string[]
  readonly #options: ParserOptions
  readonly #members = new TextMembers()
  readonly #apps = new RecentTexts()
  /** As the source says that times are written, if it does. */
  readonly #readTime: ReadTimeText | undefined
  #delimiter = 0
  #values: SeparatedValues | undefined
  /** What the members of a row begin with, by the place of their values. Unknown before the first record. */
  #prefixes: readonly Buffer[] | undefined
  #timePlaces: readonly number[] = []
  #appPlaces: readonly number[] = []
  /** Lines that are no rows wherever they stand again, as where files were put together. */
  #headers: Buffer[] = []
  /** Set when nothing names the values. */
  #nameless: Reject | undefined
  /** How many values a record has. One more than names, if all records end in a delimiter. */
  #width: number | undefined
  #isLastUnnamed = false

  constructor(kind: SeparatedKind, appFields: readonly string[], options: ParserOptions) {
    this.#kind = kind
    this.#appFields = appFields
    this.#options = options
    this.#readTime = options.time && timeReader(options.time)
  }

  parse(bytes: Buffer, from: number, end: number, row: RowWriter): ParseResult {
    const start = isAt(bytes, from, byteOrderMark) ? from + byteOrderMark.length : from
    for (const header of this.#headers)
      if (header.length === end - start && isAt(bytes, start, header)) return skipped('header')
    if (!this.#prefixes) {
      const first = this.#begin(bytes.subarray(start, end))
      if (first) return first
    }
    return this.#nameless ?? this.#read(bytes, start, end, row)
  }

  /** Learns from the first record. Gives what becomes of it, unless it is a row. */
  #begin(record: Buffer): ParseResult | undefined {
    const { fields, header = fields === undefined } = this.#options
    const named = this.#values ? undefined : namedDelimiter(record)
    const values = this.#valuesOf(record, named)
    if (named !== undefined) return this.#skipHeader(record)
    const fault = values.split(record, 0, record.length, this.#quotesIn(record, 0, record.length))
    if (header) return this.#beginBelow(record, fault)
    if (!fields) {
      // Nothing but this record tells how many values there are.
      if (fault) return fault
      this.#name(headerNames(values.texts().map(() => '')))
      return undefined
    }
    this.#name(fields)
    const isHeader = !fault && sameTexts(values.texts(), fields)
    return isHeader ? this.#skipHeader(record) : undefined
  }

  /** Names the values by the header, or by the source where that has names. */
  #beginBelow(header: Buffer, fault: Reject | undefined): ParseResult {
    const { fields } = this.#options
    const values = this.#values as SeparatedValues
    if (fault) {
      this.#name([])
      this.#nameless = reject('malformed', `the header of the object cannot be read: ${fault.reason}`)
      return this.#nameless
    }
    this.#name(fields ?? headerNames(values.texts()))
    if (fields && fields.length !== values.count)
      return reject('malformed', `a header of ${values.count} names where ${fields.length} fields are set`)
    this.#isLastUnnamed = !fields && values.text(values.count - 1) === ''
    return this.#skipHeader(header)
  }

  #valuesOf(record: Buffer, named: number | undefined): SeparatedValues {
    if (this.#values) return this.#values
    const { delimiter, fields } = this.#options
    const cut = record.indexOf(newline)
    const line = cut < 0 ? record : record.subarray(0, cut)
    this.#delimiter = named ?? delimiter?.charCodeAt(0) ?? likelyDelimiter(line, this.#kind, fields?.length)
    this.#values = new SeparatedValues(this.#delimiter)
    return this.#values
  }

  #skipHeader(record: Buffer): ParseResult {
    this.#headers.push(Buffer.from(record))
    return skipped('header')
  }

  #name(names: readonly string[]): void {
    const placesOf = (wanted: readonly string[]) =>
      wanted.map((name) => names.indexOf(name)).filter((place) => place >= 0)
    this.#prefixes = names.map(memberPrefix)
    this.#timePlaces = placesOf(this.#options.time ? [this.#options.time.field] : timeNamesIn(names))
    this.#appPlaces = placesOf(this.#appFields)
  }

  #read(bytes: Buffer, start: number, end: number, row: RowWriter): ParseResult {
    const values = this.#values as SeparatedValues
    const prefixes = this.#prefixes as readonly Buffer[]
    const fault = this.#split(values, bytes, start, end)
    if (fault) return fault
    const named = Math.min(values.count, prefixes.length)
    this.#members.begin()
    for (let place = 0; place < named; place++) {
      if (this.#isNull(values, bytes, place)) continue
      const prefix = prefixes[place] as Buffer
      if (values.isDoubled(place)) this.#members.addText(prefix, values.text(place))
      else this.#members.add(prefix, bytes, values.start(place), values.end(place))
    }
    this.#members.finish(row)
    this.#tellTime(values, bytes, row)
    this.#tellApp(values, bytes, row)
    return inRow
  }

  /** Finds as many values as there are names, or says why not. */
  #split(values: SeparatedValues, bytes: Buffer, start: number, end: number): Reject | undefined {
    const isOneLine = this.#isOneLine(bytes, start, end)
    const fault = values.split(bytes, start, end, this.#quotesIn(bytes, start, end))
    if (fault) return fault
    if (!isOneLine) {
      const { lines, alike } = alikeLines(bytes, start, end, this.#delimiter, values.count)
      if (lines >= doubtfulLines && lines === alike)
        return reject('malformed', `${lines} lines between quotes, each like a record: a quote too many?`)
    }
    const { count } = values
    if (this.#fits(values)) return undefined
    // A quote may be a letter: then a delimiter behind it is one.
    if (!this.#kind.strict && isOneLine && !values.split(bytes, start, end, 'none') && this.#fits(values))
      return undefined
    return reject('malformed', `${count} values where ${this.#prefixes?.length} are named`)
  }

  #quotesIn(bytes: Buffer, start: number, end: number): 'strict' | 'lenient' {
    return this.#kind.strict || !this.#isOneLine(bytes, start, end) ? 'strict' : 'lenient'
  }

  #isOneLine(bytes: Buffer, start: number, end: number): boolean {
    const cut = bytes.indexOf(newline, start)
    return cut < 0 || cut >= end
  }

  /** The first record may have a delimiter at its end that the names have not, or the other way round. So have all then. */
  #fits(values: SeparatedValues): boolean {
    const named = this.#prefixes?.length ?? 0
    const last = values.count - 1
    const isOneMore = values.count === named + 1 && values.start(last) === values.end(last)
    const isOneLess = values.count === named - 1 && this.#isLastUnnamed
    if (values.count !== named && !isOneMore && !isOneLess) return false
    this.#width ??= values.count
    return values.count === this.#width
  }

  #isNull(values: SeparatedValues, bytes: Buffer, place: number): boolean {
    const length = values.end(place) - values.start(place)
    return length === 0 || (length === 1 && bytes[values.start(place)] === dash)
  }

  #tellTime(values: SeparatedValues, bytes: Buffer, row: RowWriter): void {
    for (const place of this.#timePlaces) {
      if (place >= values.count || this.#isNull(values, bytes, place)) continue
      const micros = this.#readTime
        ? this.#readTime(values.text(place))
        : readAnyTime(bytes, values.start(place), values.end(place))
      if (micros === undefined) continue
      row.eventTime(micros)
      return
    }
  }

  #tellApp(values: SeparatedValues, bytes: Buffer, row: RowWriter): void {
    const place = this.#appPlaces.find((at) => at < values.count && !this.#isNull(values, bytes, at))
    if (place === undefined) return
    row.app(
      values.isDoubled(place)
        ? values.text(place)
        : this.#apps.text(bytes, values.start(place), values.end(place)),
    )
  }
}

function sameTexts(texts: readonly string[], others: readonly string[]): boolean {
  return texts.length === others.length && texts.every((text, index) => text === others[index])
}
