import { readdir, readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { blocksOf } from '../../functions/parse/blocks.ts'
import { type FormatName, formatNames, formats } from '../../functions/parse/formats.ts'
import { ObjectRows } from '../../functions/split/object-rows.ts'
import { rowDecoder } from '../../scripts/preview/decode-row.ts'
import { chunksOf, now, sourceOf } from '../split/read-object.ts'

const folder = new URL('../fixtures/', import.meta.url)
const expectations = (await readdir(folder)).filter((name) => name.endsWith('.expected.jsonl'))

/** The rows of a file as `preview` prints them, without what says where and when they were read. */
async function rowsOf(format: FormatName, file: string): Promise<Record<string, unknown>[]> {
  const object = new ObjectRows(
    { dataset: 'logs', stateDataset: 'causeway' },
    sourceOf({ format }),
    { bucket: 'example-logs', key: file, etag: 'abc' },
    now,
  )
  const content = await readFile(new URL(file, folder))
  for await (const block of blocksOf(Readable.from(chunksOf(content, [100])), formats[format]))
    object.add(block)
  const rows = object.take().flatMap((table) => table.rows.map(rowDecoder(table.table.layout.columns)))
  return rows
    .map(({ source_uri, source_etag, loaded_at, ...row }) => row)
    .toSorted((one, other) => Number(one['source_line']) - Number(other['source_line']))
}

test.each(expectations)('%s', async (name) => {
  const stem = name.replace('.expected.jsonl', '')
  const format = formatNames.find((one) => stem === one || stem.startsWith(`${one}.`))
  if (!format) throw new Error(`${name} is named for no format`)
  const expected = await readFile(new URL(name, folder), 'utf8')
  const rows = expected.trimEnd().split('\n')
  expect(await rowsOf(format, `${stem}.log`)).toEqual(rows.map((row) => JSON.parse(row)))
})
