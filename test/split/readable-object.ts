import { Readable } from 'node:stream'
import type { LineCounts } from '../../functions/model/outcome.ts'
import type { FormatName } from '../../functions/parse/formats.ts'
import { openObject } from '../../functions/parse/open-object.ts'
import { ObjectRows } from '../../functions/split/object-rows.ts'
import { rowDecoder } from '../../scripts/preview/decode-row.ts'
import { now, sourceOf } from './read-object.ts'

/** Cells that are the same for all rows of an object, or only say where it came from. */
const constant = ['source_uri', 'source_etag', 'loaded_at']

/** What becomes of an object, line by line: rows as `preview` prints them, and the class of rejects. */
export async function readable(format: FormatName, content: Buffer): Promise<Record<string, unknown>[]> {
  return (await readCounted(format, content)).outcomes
}

/** The same, with the counts of lines. */
export async function readCounted(
  format: FormatName,
  content: Buffer,
): Promise<{ outcomes: Record<string, unknown>[]; counts: LineCounts }> {
  const source = sourceOf({ format })
  const object = new ObjectRows(
    { dataset: 'logs', stateDataset: 'causeway' },
    source,
    { bucket: source.bucket, key: 'logs/one.log', etag: 'abc' },
    now,
  )
  const { blocks } = await openObject(Readable.from([content]), 'logs/one.log', { format })
  for await (const block of blocks) object.add(block)
  const outcomes = object
    .takeTables()
    .flatMap(({ table, rows }) => rows.map(rowDecoder(table.layout.columns)))
    .map((row) => ('error_class' in row ? reject(row) : without(row, constant)))
    .toSorted((a, b) => Number(a['source_line']) - Number(b['source_line']))
  return { outcomes, counts: object.finish().counts }
}

function reject(row: Record<string, unknown>): Record<string, unknown> {
  return { error_class: row['error_class'], source_line: row['source_line'] }
}

function without(row: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))
}
