import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Source } from '../../functions/config/schema.ts'
import { standardColumns } from '../../functions/model/standard-columns.ts'
import { openObject } from '../../functions/parse/open-object.ts'
import { ObjectRows } from '../../functions/split/object-rows.ts'
import { logSource } from '../../functions/split/tables/log-source.ts'
import { rowDecoder } from '../preview/decode-row.ts'

const folder = new URL('../../test/fixtures/kinds/', import.meta.url)

const kindSchema = z.strictObject({
  /** Which files, for people. */
  kind: z.string(),
  file: z.string(),
  /** The key it is usually under, where that matters. */
  key: z.string().optional(),
  /** What it is to be detected as, and what is to come of it: its rows, and the first one's event_time. */
  format: z.string(),
  rows: z.int().optional(),
  time: z.string().nullable().optional(),
})

export type Kind = z.output<typeof kindSchema>

/** The kinds of files there are fixtures of. */
export async function readKinds(): Promise<Kind[]> {
  return z.array(kindSchema).parse(JSON.parse(await readFile(new URL('index.json', folder), 'utf8')))
}

/** What became of a file in a source that names no format. */
export interface ReadKind {
  readonly format: string
  /** Decoded rows of log tables, in order. */
  readonly rows: readonly Record<string, unknown>[]
  readonly rejected: number
}

const source: Source = {
  name: 'any',
  bucket: 'example-logs',
  prefix: '',
  suffix: '',
  defaultApp: 'unknown',
  split: 'tables',
  maxTables: 200,
}

/** Reads a kind's file as the function would. */
export async function readKind({ file, key = file }: Kind): Promise<ReadKind> {
  const stream = Readable.from([await readFile(new URL(file, folder))])
  const { format, blocks } = await openObject(stream, key)
  const object = { bucket: source.bucket, key, etag: 'abc', uploadedAt: Date.UTC(2026, 10, 21) }
  const datasets = { dataset: 'logs', stateDataset: 'causeway' }
  const rows = new ObjectRows(datasets, logSource(source, format), object, Date.UTC(2026, 10, 21))
  for await (const block of blocks) rows.add(block)
  const tables = rows.takeTables().filter(({ table }) => table.dataset === datasets.dataset)
  const decoded = tables.flatMap(({ table, rows }) => rows.map(rowDecoder(table.layout.columns)))
  return {
    format,
    rows: decoded.toSorted((a, b) => Number(a['source_line']) - Number(b['source_line'])),
    rejected: rows.finish().counts.rejected,
  }
}

/** Columns named in the table; the rest are counted. */
const shown = 5

/** The kinds as a Markdown table. */
export async function kindsTable(): Promise<string> {
  const lines = await Promise.all(
    (await readKinds()).map(async (kind) => {
      const { format, rows } = await readKind(kind)
      const timed = rows.filter((row) => row['event_time'] != null).length
      const time = timed === rows.length ? 'yes' : timed > 0 ? 'some' : 'none'
      return `| ${kind.kind} | \`${format}\` | ${columnsOf(rows)} | ${time} |`
    }),
  )
  return ['| what | detected as | columns | `event_time` |', '| --- | --- | --- | --- |', ...lines].join('\n')
}

function columnsOf(rows: readonly Record<string, unknown>[]): string {
  const own = (name: string) => !standardColumns.some((standard) => standard === name)
  const filled = new Set(
    rows.flatMap((row) => Object.keys(row).filter((name) => row[name] != null && own(name))),
  )
  const names = [...filled].slice(0, shown).map((name) => `\`${name}\``)
  const more = filled.size > names.length ? `${filled.size}: ` : ''
  const all = [`${more}${names.join(', ')}${more && ', ...'}`]
  if (rows.some((row) => row['rest'] != null)) all.push('`rest`')
  return all.filter(Boolean).join('; ')
}
