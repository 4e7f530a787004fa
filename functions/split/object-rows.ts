/**
 * Stages parse and split: the lines of one object become encoded rows, gathered by table.
 *
 * Takes: blocks of lines. Gives: rows per table, rejects among them. Never fails: a line that cannot be a row is
 * a reject. Safe to repeat: the same object gives the same rows in the same order.
 */
import { isUtf8 } from 'node:buffer'
import { encodeRow } from '../append/encode-row.ts'
import { ProtoWriter } from '../append/proto-writer.ts'
import type { Bridge, Source } from '../config/schema.ts'
import { type SourceObject, sourceUri } from '../model/object.ts'
import type { LineCounts } from '../model/outcome.ts'
import type { Reject } from '../model/reject.ts'
import { type Table, type TableLayout, tableKey } from '../model/table.ts'
import { formats } from '../parse/formats.ts'
import { type LineBlock, maxLineBytes } from '../parse/line-blocks.ts'
import type { LineParser, ParseResult } from '../parse/row-writer.ts'
import { type AppFinder, appFinder } from './app-of.ts'
import { EncodingRow, type RowOrigin } from './encoding-row.ts'
import { logTableLayout } from './log-table.ts'
import { rejectTable } from './reject-table.ts'
import { overflowTableName, tableName } from './table-name.ts'
import type { TableRows } from './table-rows.ts'

/** Largest row sent. BigQuery takes requests under 10 MB by its older documentation, 20 MB by its newer. */
const maxRowBytes = 8 * 1024 * 1024
/** Longest raw line kept in a reject, in bytes of UTF-8. */
const maxRawBytes = maxLineBytes
/** What apps past the cap are counted as together. */
const otherApps = '(others)'
const newline = 0x0a
const carriageReturn = 0x0d
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

interface Gathered {
  readonly table: Table
  rows: Buffer[]
  bytes: number
}

interface AppRows {
  readonly gathered: Gathered
  rows: number
}

/** The rows of one object, as they are found. */
export class ObjectRows {
  readonly #source: Source
  readonly #bridge: Pick<Bridge, 'dataset' | 'stateDataset'>
  readonly #origin: RowOrigin
  readonly #layout: TableLayout
  readonly #apps: AppFinder
  readonly #parse: LineParser
  readonly #row: EncodingRow
  readonly #rejects: Table
  readonly #rejectWriter = new ProtoWriter()
  readonly #byApp = new Map<string, AppRows>()
  readonly #byTable = new Map<string, Gathered>()
  #line = 0
  #bytes = 0
  #rejected = 0
  #filtered = 0
  #written = 0

  /** @param now epoch milliseconds: the rows' `loaded_at`. */
  constructor(
    bridge: Pick<Bridge, 'dataset' | 'stateDataset'>,
    source: Source,
    object: SourceObject,
    now: number,
  ) {
    this.#bridge = bridge
    this.#source = source
    this.#origin = { uri: sourceUri(object), etag: object.etag, loadedAt: now * 1000 }
    this.#layout = logTableLayout(source)
    this.#apps = appFinder(source, object.key)
    this.#parse = formats[source.format].parser(this.#apps.fields, { now })
    this.#row = new EncodingRow(this.#layout.columns, this.#origin, now * 1000)
    this.#rejects = rejectTable(bridge)
  }

  /** Bytes of the rows gathered since the last `take`. */
  get bytes(): number {
    return this.#bytes
  }

  /** What became of the lines so far. */
  get counts(): LineCounts {
    return { read: this.#line, written: this.#written, filtered: this.#filtered, rejected: this.#rejected }
  }

  /** Rows written so far, by app. */
  get rowsByApp(): ReadonlyMap<string, number> {
    return new Map([...this.#byApp].map(([app, { rows }]) => [app, rows]))
  }

  /** Adds the lines of a block. */
  add(block: LineBlock): void {
    if (block.kind === 'overlong') {
      this.#line += 1
      this.#rejectOverlong(block.head, block.length)
      return
    }
    if (block.kind === 'records') {
      for (const record of block.records) {
        this.#line += 1
        this.#addDoubtfulLine(record)
      }
      return
    }
    this.#addLines(block.bytes)
  }

  #addLines(bytes: Buffer): void {
    const valid = isUtf8(bytes)
    const mark = this.#line === 0 && bytes.subarray(0, 3).equals(byteOrderMark) ? byteOrderMark.length : 0
    let start = 0
    while (start < bytes.length) {
      const cut = bytes.indexOf(newline, start)
      const next = cut < 0 ? bytes.length : cut
      const end = next > start && bytes[next - 1] === carriageReturn ? next - 1 : next
      const first = start === 0 ? mark : start
      this.#line += 1
      // Measured as lineBlocks does, mark and carriage return included: chunks must not decide.
      if (next - start > maxLineBytes)
        this.#rejectOverlong(bytes.subarray(start, start + maxLineBytes), next - start)
      else if (valid) this.#addLine(bytes, first, end, end - first)
      else this.#addDoubtfulLine(bytes.subarray(first, end))
      start = next + 1
    }
  }

  /** The rows gathered since the last call, by table; forgets them. */
  take(): TableRows[] {
    const taken = [...this.#byTable.values()]
      .filter(({ rows }) => rows.length > 0)
      .map((gathered) => ({ ...gathered }))
    for (const gathered of this.#byTable.values()) Object.assign(gathered, { rows: [], bytes: 0 })
    this.#bytes = 0
    return taken
  }

  /** Bytes that are no UTF-8 are read as U+FFFD: the row is kept, and its line number leads to the original. */
  #addDoubtfulLine(line: Buffer): void {
    const readable = isUtf8(line) ? line : Buffer.from(line.toString('utf8'))
    this.#addLine(readable, 0, readable.length, line.length)
  }

  /** @param length that of the line as it was delivered, in bytes. */
  #addLine(bytes: Buffer, start: number, end: number, length: number): void {
    if (start === end) {
      // A blank line says nothing.
      this.#filtered += 1
      return
    }
    const row = this.#encode(bytes, start, end)
    if (row === 'skipped') this.#filtered += 1
    else if (Buffer.isBuffer(row)) this.#written += 1
    else this.#reject(row, bytes.subarray(start, end), length)
  }

  /** Encodes and gathers a line's row; the row, or why there is none. */
  #encode(bytes: Buffer, start: number, end: number): Buffer | Exclude<ParseResult, undefined> {
    this.#row.begin()
    const fault = this.#parse(bytes, start, end, this.#row)
    if (fault) return fault
    const app = this.#apps.find(this.#row.reportedApp)
    const row = this.#row.finish(app, this.#line)
    if (row.length > maxRowBytes) {
      const reason = `the row takes ${row.length} bytes of at most ${maxRowBytes}`
      return { errorClass: 'row_too_large', reason }
    }
    const appRows = this.#ofApp(app)
    appRows.rows += 1
    this.#gather(appRows.gathered, row)
    return row
  }

  #rejectOverlong(head: Buffer, length: number): void {
    const reason = `the line has ${length} bytes, at most ${maxLineBytes} are read; the start of it is kept here`
    this.#reject({ errorClass: 'line_too_long', reason }, head, length)
  }

  #reject(reject: Reject, line: Buffer, length: number): void {
    const row = encodeRow(this.#rejectWriter, this.#rejects.layout.columns, {
      rejected_at: this.#origin.loadedAt,
      source: this.#source.name,
      error_class: reject.errorClass,
      reason: reject.reason,
      raw_line: readable(line),
      raw_bytes: length,
      source_uri: this.#origin.uri,
      source_etag: this.#origin.etag,
      source_line: this.#line,
    })
    this.#gather(this.#ofTable(this.#rejects), row)
    this.#rejected += 1
  }

  #gather(gathered: Gathered, row: Buffer): void {
    gathered.rows.push(row)
    gathered.bytes += row.length
    this.#bytes += row.length
  }

  /** Past the cap on tables apps are told apart by their rows only, however many an object names. */
  #ofApp(app: string): AppRows {
    const full = this.#byApp.size >= this.#source.maxTables
    const known = this.#byApp.get(app) ?? (full ? this.#byApp.get(otherApps) : undefined)
    if (known) return known
    const overflows = full && this.#source.split === 'tables'
    const name = overflows ? overflowTableName(this.#source) : tableName(this.#source, app)
    const gathered = this.#ofTable({ dataset: this.#bridge.dataset, name, layout: this.#layout })
    const appRows = { gathered, rows: 0 }
    this.#byApp.set(full ? otherApps : app, appRows)
    return appRows
  }

  #ofTable(table: Table): Gathered {
    const known = this.#byTable.get(tableKey(table))
    if (known) return known
    const gathered = { table, rows: [], bytes: 0 }
    this.#byTable.set(tableKey(table), gathered)
    return gathered
  }
}

/** A line as text of at most `maxRawBytes` bytes of UTF-8. */
function readable(line: Buffer): string {
  const text = line.toString('utf8')
  if (Buffer.byteLength(text) <= maxRawBytes) return text
  const bytes = Buffer.from(text)
  let end = maxRawBytes
  // Not within a character: those bytes start with the bits 10.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
