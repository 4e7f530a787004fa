import { type JsonObject, numberText } from './json-document.ts'
import type { FieldFinder } from './named-fields.ts'
import type { RowWriter } from './row-writer.ts'

/**
 * Writes the members of a JSON object that are fields of the format, as if they stood in a line of text: `-` and the
 * empty text are NULL. Gives the members that have no column, or none that takes their value.
 */
export function writeMembers(row: RowWriter, document: JsonObject, find: FieldFinder): [string, unknown][] {
  return Object.entries(document).filter(([name, value]) => {
    const written = typeof value === 'string' ? value.toWellFormed() : numberText(value)
    if (written === '' || written === '-') return false
    const { field, column } = find(name)
    if (!field || written === undefined) return true
    const bytes = Buffer.from(written)
    return !field.write(row, column, bytes, 0, bytes.length)
  })
}
