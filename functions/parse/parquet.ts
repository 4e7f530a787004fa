import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { Failure, messageOf } from '../model/failure.ts'
import { type LineBlock, maxLineBytes } from '../model/line-block.ts'
import { parseJsonObject } from './json/json-document.ts'

export const parquetMagic = Buffer.from('PAR1')

/**
 * Largest Parquet object that is read, and largest decompressed size of one of its row groups, in bytes. Both are held
 * in memory, and a group's rows take several times its size. CloudFront and VPC flow logs stay far below.
 */
export const maxParquetBytes = 256 * 1024 * 1024

/** The same limit where the format is detected. Logs stay below it; other Parquet may lie beside them. */
export const maxDetectedParquetBytes = 32 * 1024 * 1024

/** Rows whose text is held at once. */
const batchRows = 500

/** A Parquet object that is held: its table of contents stands at its end. */
export interface ParquetObject {
  /** The names of its columns, in order. */
  readonly columns: readonly string[]
  /**
   * Its rows as records, a row group at a time: JSON objects, which formats that are written as JSON read alike.
   * Integers of 64 bits keep all digits, times become ISO 8601 to the digit they have, bytes base64.
   * May fail with a terminal Failure when the object is damaged or too large.
   */
  records(): AsyncGenerator<LineBlock>
}

/**
 * Reads a Parquet object, and its table of contents.
 * May fail with a terminal Failure when it is damaged or too large.
 */
export async function openParquet(
  source: AsyncIterable<Buffer>,
  limit = maxParquetBytes,
): Promise<ParquetObject> {
  const bytes = await wholeObject(source, limit)
  const file = {
    byteLength: bytes.length,
    slice: (start: number, end?: number) => Uint8Array.from(bytes.subarray(start, end)).buffer,
  }
  const metadata = await undamaged(parquetMetadataAsync(file, { geoparquet: false }))
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name)
  return { columns, records: () => recordsOf(file, metadata, limit) }
}

async function* recordsOf(
  file: AsyncBuffer,
  metadata: FileMetaData,
  limit: number,
): AsyncGenerator<LineBlock> {
  let rowStart = 0
  for (const group of metadata.row_groups) {
    if (group.total_byte_size > limit) throw tooLarge('one of its row groups', limit)
    const rowEnd = rowStart + Number(group.num_rows)
    const rows = await undamaged(
      parquetReadObjects({ file, metadata, compressors, parsers, rowStart, rowEnd, geoparquet: false }),
    )
    for (let from = 0; from < rows.length; from += batchRows)
      yield* blocksOfRows(rows.slice(from, from + batchRows))
    rowStart = rowEnd
  }
}

async function wholeObject(source: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of source) {
    chunks.push(chunk)
    length += chunk.length
    if (length > limit) throw tooLarge('the Parquet object', limit)
  }
  return Buffer.concat(chunks)
}

function tooLarge(what: string, limit: number): Failure {
  const more = limit < maxParquetBytes ? `, or name its format: then ${maxParquetBytes} are` : ''
  const reason = `${what} has more than the ${limit} bytes that are read: write smaller ones${more}`
  return new Failure('object', 'parse', 'object_too_large', reason)
}

/** Whatever the library makes of bytes it cannot read is a fault of the object. */
async function undamaged<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    const reason = `the Parquet data is damaged or of a kind that is not read: ${messageOf(error)}`
    throw new Failure('object', 'parse', 'corrupt_parquet', reason, error)
  }
}

function blocksOfRows(rows: readonly object[]): LineBlock[] {
  const records = rows.map((row) => Buffer.from(JSON.stringify(row, jsonValue)))
  if (records.every(({ length }) => length <= maxLineBytes)) return [{ kind: 'records', records }]
  return records.map((record) =>
    record.length > maxLineBytes
      ? { kind: 'overlong', head: record.subarray(0, maxLineBytes), length: record.length }
      : { kind: 'records', records: [record] },
  )
}

function jsonValue(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return JSON.rawJSON(String(value))
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return value
}

const parsers = {
  timestampFromMilliseconds: (millis: bigint) => isoTime(millis, 3),
  timestampFromMicroseconds: (micros: bigint) => isoTime(micros, 6),
  timestampFromNanoseconds: (nanos: bigint) => isoTime(nanos, 9),
  dateFromDays: (days: number) => isoTime(BigInt(days) * 86_400n, 0)?.slice(0, 10),
  jsonFromBytes: (bytes: Uint8Array) => {
    const text = bytes && Buffer.from(bytes).toString()
    return text && (parseJsonObject(text) ?? text)
  },
}

/** @param digits how many decimals of a second the count has. A time no Date holds stays the count. */
function isoTime(count: bigint | null | undefined, digits: number): string | undefined {
  if (count === null || count === undefined) return undefined
  const unit = 10n ** BigInt(digits)
  const fraction = ((count % unit) + unit) % unit
  const seconds = new Date(Number((count - fraction) / unit) * 1000)
  if (Number.isNaN(seconds.getTime())) return String(count)
  const decimals = digits === 0 ? '' : `.${String(fraction).padStart(digits, '0')}`
  return `${seconds.toISOString().slice(0, -5)}${decimals}Z`
}
