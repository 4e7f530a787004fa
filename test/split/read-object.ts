import { Readable } from 'node:stream'
import type { Source } from '../../functions/config/schema.ts'
import type { FilterReason, LineCounts, ShapeCounts } from '../../functions/model/outcome.ts'
import type { FormatName } from '../../functions/parse/formats.ts'
import { openObject } from '../../functions/parse/open-object.ts'
import { ObjectRows } from '../../functions/split/object-rows.ts'
import { type LogSource, logSource } from '../../functions/split/tables/log-source.ts'
import { decodeRows } from './decode-rows.ts'

/** The moment the objects of these tests are read. */
export const now = Date.UTC(2026, 10, 21)

export interface ReadObject {
  readonly counts: LineCounts
  readonly filteredBy: Readonly<Partial<Record<FilterReason, number>>>
  readonly shapeCounts: ShapeCounts
  readonly rowsWithoutTime: number
  readonly linesNotUtf8: number
  readonly rowsByApp: Readonly<Record<string, number>>
  /** Decoded rows by `dataset.table`, rejects among them. */
  readonly tables: Readonly<Record<string, readonly Record<string, unknown>[]>>
  /** Those of the log tables, by line. */
  readonly rows: readonly Record<string, unknown>[]
  readonly rejects: readonly Record<string, unknown>[]
}

/** A source whose objects tell their formats. */
export const anySource: Source = {
  name: 'web',
  bucket: 'example-logs',
  prefix: '',
  suffix: '',
  defaultApp: 'unknown',
  split: 'tables',
  maxTables: 200,
}

/** A source of a format. */
export function sourceOf(changes: Partial<Source> & { readonly format: FormatName }): LogSource {
  return logSource({ ...anySource, ...changes }, changes.format)
}

/** Bytes cut into chunks of the given sizes, over and over. */
export function chunksOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let from = 0; from < bytes.length; ) {
    const size = sizes[chunks.length % sizes.length] ?? bytes.length
    chunks.push(bytes.subarray(from, from + size))
    from += size
  }
  return chunks
}

/** An object through openObject and ObjectRows, and its rows decoded by another implementation. */
export async function readObject(
  source: Source,
  content: Buffer | string,
  {
    sizes = [64 * 1024],
    key = 'logs/one.log',
    hashKey,
    uploadedAt,
  }: { sizes?: readonly number[]; key?: string; hashKey?: string; uploadedAt?: number } = {},
): Promise<ReadObject> {
  const stream = Readable.from(chunksOf(Buffer.from(content), sizes))
  const { format, blocks } = await openObject(stream, key, source)
  const object = new ObjectRows(
    { dataset: 'logs', stateDataset: 'causeway' },
    logSource(source, format),
    { bucket: source.bucket, key, etag: 'abc', ...(uploadedAt && { uploadedAt }) },
    now,
    hashKey,
  )
  for await (const block of blocks) object.add(block)
  const tables = Object.fromEntries(
    object
      .takeTables()
      .map(({ table, rows }) => [`${table.dataset}.${table.name}`, decodeRows(table.layout.columns, rows)]),
  )
  const rejects = tables['causeway.rejects'] ?? []
  const rows = Object.values(tables)
    .flatMap((table) => (table === rejects ? [] : table))
    .sort((one, other) => Number(one['source_line']) - Number(other['source_line']))
  const { counts, shapeCounts, rowsWithoutTime, linesNotUtf8, ...read } = object.finish()
  const rowsByApp = Object.fromEntries(read.rowsByApp)
  const filteredBy = Object.fromEntries(read.filteredBy)
  return { counts, filteredBy, shapeCounts, rowsWithoutTime, linesNotUtf8, rowsByApp, tables, rows, rejects }
}
