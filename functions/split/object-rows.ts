/**
 * Stages parse and split: the lines of one object become encoded rows, gathered by table.
 *
 * Takes: blocks of lines. Gives: rows per table, rejects among them. A line that cannot be a row is a reject. An object
 * fails only when its source has functions that do not return. Safe to repeat: the same object gives the same
 * rows in the same order.
 */
import { isUtf8 } from 'node:buffer'
import { formatSettingsOf } from '../config/format-settings.ts'
import type { Bridge } from '../config/schema.ts'
import type { Format } from '../model/format.ts'
import { type LineBlock, maxLineBytes } from '../model/line-block.ts'
import { type SourceObject, sourceUri } from '../model/object.ts'
import type { FilterReason, LineCounts, ShapeCounts } from '../model/outcome.ts'
import { type Reject, reject } from '../model/reject.ts'
import { type LineParser, skipped } from '../model/row-writer.ts'
import { nullWriter } from '../parse/detecting/null-writer.ts'
import { formats } from '../parse/formats.ts'
import { behindMark } from '../parse/reading/byte-order-mark.ts'
import { EncodingRow } from './encode/encoding-row.ts'
import { type RejectedLine, RejectRows } from './encode/reject-rows.ts'
import { GatheredRows } from './gathered-rows.ts'
import { type AppFinder, appFinder } from './shape/app-of.ts'
import { MatchedLines } from './shape/matched-lines.ts'
import { type Sample, sampleOf } from './shape/sample.ts'
import { isShaped, type ShapedLine, ShapedLines } from './shape/shaped-lines.ts'
import { type LineResult, taken, type WaitingLines, waitingLines } from './shape/waiting-lines.ts'
import type { TableRows } from './table-rows.ts'
import { LearnedSchemas } from './tables/learned-columns.ts'
import type { LogSource } from './tables/log-source.ts'
import { logTableLayout } from './tables/log-table.ts'

/** Largest row sent. BigQuery takes requests under 10 MB by its older documentation, 20 MB by its newer. */
const maxRowBytes = 8 * 1024 * 1024
const newline = 0x0a
const carriageReturn = 0x0d

/** What became of an object's lines. */
export interface ObjectCounts {
  readonly counts: LineCounts
  /** Lines filtered, by why. */
  readonly filteredBy: ReadonlyMap<FilterReason, number>
  /** What shaping did to rows. */
  readonly shapeCounts: ShapeCounts
  /** Rows that have no event_time. */
  readonly rowsWithoutTime: number
  /** Lines with bytes that are no UTF-8: these are U+FFFD in their rows. */
  readonly linesNotUtf8: number
  /** Rows written, by app. */
  readonly rowsByApp: ReadonlyMap<string, number>
}

/** Lines of an object that are to become rows, when the others did before. */
export interface ChosenLines {
  /** @param line its number. @param bytes the line, which may be another now than the one of that number was. */
  has(line: number, bytes: Buffer): boolean
}

/** The rows of one object, as they are found. A source's own code runs as lines are added, taken or finished. */
export class ObjectRows {
  readonly #apps: AppFinder
  readonly #parse: LineParser
  readonly #recordsOfLine: Format['recordsOfLine']
  readonly #row: EncodingRow
  /** Where the source has code of its own. */
  readonly #waiting: WaitingLines | undefined
  readonly #sample: Sample | undefined
  readonly #rejects: RejectRows
  readonly #gathered: GatheredRows
  readonly #chosen: ChosenLines | undefined
  /** Of the chosen lines: those that are no rejects. */
  readonly #resolved = new Set<number>()
  /** The number of the line at hand. */
  #line = 0
  /** Lines or records so far. A line that holds several records counts as so many. */
  #read = 0
  /** Whether the block at hand was cut into records. */
  #isCut = false
  #rejected = 0
  #rowsWithoutTime = 0
  #linesNotUtf8 = 0
  #filtered = 0
  readonly #filteredBy = new Map<FilterReason, number>()
  #written = 0
  #shapeCounts: ShapeCounts = { extraRows: 0, misfits: 0, discarded: 0 }

  /**
   * @param now epoch milliseconds: the rows' `loaded_at`.
   * @param hashKey of the values the source redacts to hashes.
   * @param learnedSchemas of the process, where sources learn columns.
   * @param chosen only these lines become rows, and rejects among them are not written again.
   */
  constructor(
    bridge: Pick<Bridge, 'dataset' | 'stateDataset'>,
    source: LogSource,
    object: SourceObject,
    now: number,
    hashKey?: string,
    learnedSchemas = new LearnedSchemas(),
    chosen?: ChosenLines,
  ) {
    this.#chosen = chosen
    const format = formats[source.format]
    const layout = logTableLayout(source)
    const { columns } = layout
    const learned = learnedSchemas.of(source)
    const origin = { uri: sourceUri(object), etag: object.etag, loadedAt: now * 1000 }
    const apps = appFinder(source, object.key)
    const parse = format.parser(apps.fields, { now: object.uploadedAt ?? now, ...formatSettingsOf(source) })
    this.#apps = apps
    this.#parse = parse
    this.#recordsOfLine = format.recordsOfLine
    const appColumn = format.columns.findIndex(({ name }) => name === apps.column)
    this.#row = new EncodingRow(columns, origin, appColumn)
    if (source.sample !== undefined) this.#sample = sampleOf(origin.uri, source.sample)
    if (isShaped(source)) {
      const shaper = new ShapedLines({ source, columns, learned, origin, parse, apps, hashKey })
      this.#waiting = waitingLines(shaper, this.#sample)
    } else if (apps.limited)
      this.#waiting = waitingLines(new MatchedLines(this.#row, parse, apps), this.#sample)
    this.#rejects = new RejectRows(bridge, source, origin)
    this.#gathered = new GatheredRows(bridge, source, () => learned?.layout ?? layout)
  }

  /** Bytes of the rows gathered since the last `takeTables`. */
  get bytes(): number {
    return this.#gathered.bytes
  }

  /** The numbers of those chosen lines that became rows, or are left out on purpose. */
  resolvedLines(): ReadonlySet<number> {
    this.#settle()
    return this.#resolved
  }

  /** The rows gathered since the last call, by table; forgets them. */
  takeTables(): TableRows[] {
    this.#settle()
    return this.#gathered.takeTables()
  }

  /** What became of all lines, once they are added. Rows that nobody took can still be taken. */
  finish(): ObjectCounts {
    this.#settle()
    return {
      counts: {
        read: this.#read,
        written: this.#written,
        filtered: this.#filtered,
        rejected: this.#rejected,
      },
      filteredBy: this.#filteredBy,
      shapeCounts: this.#shapeCounts,
      rowsWithoutTime: this.#rowsWithoutTime,
      linesNotUtf8: this.#linesNotUtf8,
      rowsByApp: this.#gathered.rowsByApp,
    }
  }

  /** Adds the lines of a block. */
  add(block: LineBlock): void {
    if (block.kind === 'overlong') {
      this.#line += 1
      this.#read += 1
      this.#rejectOverlong(block.head, block.length)
      this.#line += (block.lines ?? 1) - 1
      return
    }
    if (block.kind === 'records') {
      const before = this.#line
      this.#isCut = true
      for (const [index, record] of block.records.entries()) {
        this.#line = block.at?.[index] ?? this.#line + 1
        this.#read += 1
        this.#addDoubtfulLine(record)
      }
      // A record of several lines has the number of its first.
      this.#line = before + (block.lines ?? block.records.length)
      return
    }
    this.#isCut = false
    this.#addLines(block.bytes)
  }

  #addLines(bytes: Buffer): void {
    this.#parse.lookAhead?.(bytes, this.#line + 1)
    const valid = isUtf8(bytes)
    const mark = this.#line === 0 ? bytes.length - behindMark(bytes).length : 0
    let start = 0
    while (start < bytes.length) {
      const cut = bytes.indexOf(newline, start)
      const next = cut < 0 ? bytes.length : cut
      const end = next > start && bytes[next - 1] === carriageReturn ? next - 1 : next
      const first = start === 0 ? mark : start
      this.#line += 1
      this.#read += 1
      // Measured as lineBlocks does, mark and carriage return included: chunks must not decide.
      if (next - start > maxLineBytes)
        this.#rejectOverlong(bytes.subarray(start, start + maxLineBytes), next - start)
      else if (valid) this.#addLine(bytes, first, end, end - first)
      else this.#addDoubtfulLine(bytes.subarray(first, end))
      start = next + 1
    }
  }

  /** Bytes that are no UTF-8 are read as U+FFFD: the row is kept, and its line number leads to the original. */
  #addDoubtfulLine(line: Buffer): void {
    const isReadable = isUtf8(line)
    if (!isReadable) this.#linesNotUtf8 += 1
    const readable = isReadable ? line : Buffer.from(line.toString('utf8'))
    this.#addLine(readable, 0, readable.length, line.length)
  }

  /** @param length that of the line as it was delivered, in bytes. */
  #addLine(bytes: Buffer, start: number, end: number, length: number): void {
    if (this.#chosen && !this.#isChosen(bytes.subarray(start, end))) {
      // It may say what those mean that follow, as a header does.
      if (start < end) this.#parse(bytes, start, end, nullWriter)
      return
    }
    this.#addChosen(bytes, start, end, length)
  }

  /** Notes that the line at hand is tried. */
  #isChosen(line: Buffer): boolean {
    if (this.#chosen?.has(this.#line, line)) {
      this.#resolved.add(this.#line)
      return true
    }
    this.#read -= 1
    return false
  }

  #addChosen(bytes: Buffer, start: number, end: number, length: number): void {
    if (start === end) {
      // A blank line says nothing.
      this.#filter('blank')
      return
    }
    const result = this.#waiting
      ? this.#waiting.add(bytes, start, end, this.#line, length)
      : this.#encode(bytes, start, end)
    if (result.kind === 'skipped') this.#filter(result.reason)
    else if (result.kind === 'reject' && !this.#addRecordsOf(bytes.subarray(start, end), result))
      this.#reject(result, { line: this.#line, bytes: bytes.subarray(start, end), length })
    if (this.#waiting?.isFull) this.#settle()
  }

  /** Adds the records in a line that is not one record itself. False when there are none. */
  #addRecordsOf(line: Buffer, { errorClass }: Reject): boolean {
    // What was cut as records and is none was damaged: parts of it are none either.
    if (this.#isCut || errorClass !== 'malformed') return false
    const records = this.#recordsOfLine?.(line)
    if (!records) return false
    this.#read += records.length - 1
    for (const record of records) this.#addChosen(record, 0, record.length, record.length)
    return true
  }

  /** Encodes and gathers a line's row. Gives the reason when there is none. */
  #encode(bytes: Buffer, start: number, end: number): LineResult {
    this.#row.begin()
    const result = this.#parse(bytes, start, end, this.#row)
    if (result.kind !== 'row') return result
    if (this.#sample?.(this.#line) === false) return skipped('sample')
    const app = this.#apps.nameOf(this.#row.reportedApp)
    const row = this.#row.finish(app, this.#line)
    if (row.length > maxRowBytes) return tooLarge(row)
    this.#gathered.add(app, row)
    if (!this.#row.hasTime) this.#rowsWithoutTime += 1
    this.#written += 1
    return taken
  }

  /** Turns the lines that wait into rows. */
  #settle(): void {
    for (const { line, result } of this.#waiting?.shape() ?? []) {
      if (result.kind === 'reject') {
        this.#reject(result, line)
        continue
      }
      const large = result.rows.find(({ row }) => row.length > maxRowBytes)
      if (large) this.#reject(tooLarge(large.row), line)
      else this.#addShaped(result)
    }
  }

  #addShaped({ rows, misfits, discarded }: ShapedLine): void {
    for (const { app, row, hasTime } of rows) {
      this.#gathered.add(app, row)
      if (!hasTime) this.#rowsWithoutTime += 1
    }
    if (rows.length === 0) this.#filter('filter')
    else this.#written += 1
    this.#shapeCounts = {
      extraRows: this.#shapeCounts.extraRows + Math.max(0, rows.length - 1),
      misfits: this.#shapeCounts.misfits + misfits,
      discarded: this.#shapeCounts.discarded + discarded,
    }
  }

  #filter(reason: FilterReason): void {
    this.#filtered += 1
    this.#filteredBy.set(reason, (this.#filteredBy.get(reason) ?? 0) + 1)
  }

  #rejectOverlong(head: Buffer, length: number): void {
    if (this.#chosen && !this.#isChosen(head)) return
    const reason = `the line has ${length} bytes, at most ${maxLineBytes} are read; the start of it is kept here`
    this.#reject(reject('line_too_long', reason), { line: this.#line, bytes: head, length })
  }

  #reject(reject: Reject, line: RejectedLine): void {
    if (this.#chosen) this.#resolved.delete(line.line)
    else this.#gathered.addTo(this.#rejects.table, this.#rejects.encode(reject, line))
    this.#rejected += 1
  }
}

function tooLarge(row: Buffer): Reject {
  const reason = `the row takes ${row.length} bytes of at most ${maxRowBytes}`
  return reject('row_too_large', reason)
}
