import type { Bridge, Source } from '../../config/schema.ts'
import { maxLineBytes } from '../../model/line-block.ts'
import type { Reject } from '../../model/reject.ts'
import type { Table } from '../../model/table.ts'
import { type RejectRow, rejectTable } from '../tables/reject-table.ts'
import { encodeRow } from './encode-row.ts'
import type { RowOrigin } from './encoding-row.ts'
import { ProtoWriter } from './proto-writer.ts'

/** Longest raw line kept in a reject, in bytes of UTF-8. */
const maxRawBytes = maxLineBytes

/** Where in an object a line is, and how it looks there. */
export interface RejectedLine {
  /** Its number, from 1. */
  readonly line: number
  readonly bytes: Buffer
  /** Its whole length in bytes, as delivered. */
  readonly length: number
}

/** Makes rows of `rejects` of one object's lines. */
export class RejectRows {
  readonly table: Table
  readonly #source: Source
  readonly #origin: RowOrigin
  readonly #writer = new ProtoWriter()

  constructor(bridge: Pick<Bridge, 'stateDataset'>, source: Source, origin: RowOrigin) {
    this.table = rejectTable(bridge)
    this.#source = source
    this.#origin = origin
  }

  /** A source that redacts keeps no rejected lines: where its secret values stand in them is unknown. */
  encode(reject: Reject, { line, bytes, length }: RejectedLine): Buffer {
    const row: RejectRow = {
      rejected_at: this.#origin.loadedAt,
      source: this.#source.name,
      error_class: reject.errorClass,
      reason: reject.reason,
      raw_line: this.#source.redact ? undefined : readable(bytes),
      raw_bytes: length,
      source_uri: this.#origin.uri,
      source_etag: this.#origin.etag,
      source_line: line,
    }
    return encodeRow(this.#writer, this.table.layout.columns, row)
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
