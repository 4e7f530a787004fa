import { expect, test } from 'vitest'
import { type ObjectLogRow, objectLogTable } from '../../functions/commit/object-table.ts'
import { encodeRow } from '../../functions/split/encode/encode-row.ts'
import { ProtoWriter } from '../../functions/split/encode/proto-writer.ts'
import { type RejectRow, rejectTable } from '../../functions/split/tables/reject-table.ts'

test('a row of a table of ours has its columns by name and type: a misspelt one does not compile', () => {
  const rest: ObjectLogRow = { bytes: 1 }
  const rows: ObjectLogRow[] = [
    { source: 'alb', lines_read: 2, ...rest },
    // @ts-expect-error It is `lines_read`.
    { lines_raed: 2, ...rest },
    // @ts-expect-error It is a number.
    { lines_read: '2' },
  ]
  const rejects: RejectRow[] = [
    { raw_line: 'x' },
    // @ts-expect-error It is `raw_line`.
    { rawLine: 'x' },
  ]
  // What does not compile would be NULL for ever.
  const written = (row: object, columns: Parameters<typeof encodeRow>[1]) =>
    encodeRow(new ProtoWriter(), columns, row as Record<string, string>).length > 0
  const { columns } = objectLogTable({ stateDataset: 'causeway' }).layout
  expect(rows.map((row) => written(row, columns))).toEqual([true, true, true])
  expect(
    rejects.map((row) => written(row, rejectTable({ stateDataset: 'causeway' }).layout.columns)),
  ).toEqual([true, false])
})
