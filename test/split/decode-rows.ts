import protobuf from 'protobufjs'
import type { Column } from '../../functions/model/column.ts'
import { rowDescriptor } from '../../functions/split/encode/descriptor.ts'

/** Rows as protobufjs reads them, by the descriptor that goes to BigQuery: INT64 and TIMESTAMP as decimal text. */
export function decodeRows(
  columns: readonly Column[],
  rows: readonly Uint8Array[],
): Record<string, unknown>[] {
  const type = new protobuf.Type('Row')
  for (const { name, number, type: fieldType, label } of rowDescriptor(columns).field) {
    const rule = label === 'LABEL_REPEATED' ? 'repeated' : 'optional'
    type.add(new protobuf.Field(name, number, fieldType.replace('TYPE_', '').toLowerCase(), rule))
  }
  new protobuf.Root().add(type)
  return rows.map((row) => type.toObject(type.decode(row), { longs: String }))
}
