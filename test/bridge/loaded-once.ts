import { expect } from 'vitest'
import type { TrafficObject } from './traffic.ts'

type Query = (sql: string) => Promise<Record<string, unknown>[]>

/** Every good line in one row and every bad one in one reject, each object committed once, with its counts. */
export async function expectLoadedOnce(
  query: Query,
  bucket: string,
  objects: readonly TrafficObject[],
): Promise<void> {
  const uri = ({ key }: TrafficObject) => `s3://${bucket}/${key}`
  const rows = await query('SELECT source_uri, source_line, app, message FROM `logs.ecs_*`')
  const expectedRows = objects.flatMap((object) =>
    object.rows.map(({ line, app, message }) => `${uri(object)} ${line} ${app} ${message}`),
  )
  const found = rows.map(
    (row) => `${row['source_uri']} ${row['source_line']} ${row['app']} ${row['message']}`,
  )
  expectSame(found, expectedRows)

  const rejects = await query('SELECT source_uri, source_line FROM causeway.rejects')
  const expectedRejects = objects.flatMap((object) => object.badLines.map((line) => `${uri(object)} ${line}`))
  expectSame(
    rejects.map((row) => `${row['source_uri']} ${row['source_line']}`),
    expectedRejects,
  )

  const record =
    await query(`SELECT source_uri, outcome, lines_read, rows_written, rows_filtered, rows_rejected
    FROM causeway.objects`)
  expectSame(
    record.map((row) => Object.values(row).join(' ')),
    objects.map((object) => {
      const [good, bad] = [object.rows.length, object.badLines.length]
      return `${uri(object)} committed ${good + bad} ${good} 0 ${bad}`
    }),
  )
}

/** Compared as bags: what is missing, what is too much, by name. */
function expectSame(found: readonly string[], expected: readonly string[]): void {
  const left = new Map<string, number>()
  for (const one of expected) left.set(one, (left.get(one) ?? 0) + 1)
  for (const one of found) left.set(one, (left.get(one) ?? 0) - 1)
  const differing = [...left].filter(([, count]) => count !== 0)
  expect({
    missing: differing.filter(([, count]) => count > 0),
    tooMany: differing.filter(([, count]) => count < 0),
  }).toEqual({ missing: [], tooMany: [] })
}
