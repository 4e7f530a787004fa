import type { Cell, Column, TableRow } from '../../model/column.ts'
import type { ProtoWriter } from './proto-writer.ts'

/**
 * Encodes a row given by column name. A column the row does not name is NULL.
 * @returns the row as a protobuf message of `rowDescriptor(columns)`.
 */
export function encodeRow(writer: ProtoWriter, columns: readonly Column[], row: TableRow): Buffer {
  writer.rewind()
  columns.forEach((column, index) => {
    const cell = row[column.name]
    for (const value of isList(cell) ? cell : [cell]) writeCell(writer, column, index + 1, value)
  })
  return writer.endMessage()
}

function isList(cell: Cell): cell is readonly (string | number | bigint)[] {
  return Array.isArray(cell)
}

function writeCell(writer: ProtoWriter, column: Column, field: number, value: Cell): void {
  if (value === null || value === undefined) return
  if (column.type === 'STRING' || column.type === 'JSON') writer.string(field, String(value))
  else if (column.type === 'BOOL') writer.bool(field, value === true)
  else if (column.type === 'FLOAT64') writer.double(field, Number(value))
  else writer.int64(field, typeof value === 'bigint' ? value : Number(value))
}
