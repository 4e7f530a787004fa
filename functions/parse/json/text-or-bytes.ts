import { isUtf8 } from 'node:buffer'
import type { JsonField, WriteMember } from './json-fields.ts'

/**
 * A text, or the list of its bytes: `[72,105]`. Bytes that are no UTF-8 become U+FFFD in the column, and the list stays
 * in `rest`.
 */
export function textOrBytes(path: string, description: string, name: string): JsonField {
  return { path, column: { name, type: 'STRING', description }, write }
}

const write: WriteMember = (row, column, members, index) => {
  if (members.isText(index)) {
    members.writeText(row, column, index)
    return true
  }
  const bytes = members.isList(index) ? bytesOf(members.written(index)) : undefined
  if (!bytes) return false
  row.string(column, bytes.toString('utf8'))
  return isUtf8(bytes)
}

function bytesOf(list: string): Buffer | undefined {
  const values: unknown = JSON.parse(list)
  return Array.isArray(values) && values.length > 0 && values.every(isByte) ? Buffer.from(values) : undefined
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255
}
