import type { RowWriter } from '../../model/row-writer.ts'
import type { FieldFinder } from '../text/named-fields.ts'
import { type JsonObject, memberAt, numberText } from './json-document.ts'

/**
 * Writes the members of a JSON object that are fields of the format, as if they stood in a line of text: `-` and the
 * empty text are NULL, as null is. Gives the members that have no column, or none that takes their value.
 */
export function writeMembers(row: RowWriter, document: JsonObject, find: FieldFinder): [string, unknown][] {
  return Object.entries(document).filter(([name, value]) => {
    const written = typeof value === 'string' ? value.toWellFormed() : numberText(value)
    if (written === '' || written === '-') return false
    const { field, column } = find(name)
    if (field && value === null) return false
    if (!field || written === undefined) return true
    const bytes = Buffer.from(written)
    return !field.write(row, column, bytes, 0, bytes.length)
  })
}

/** The text of the first of these members, or members within members, that says anything. */
export function firstMember(document: JsonObject, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const text = memberText(memberAt(document, path))
    if (text !== undefined) return text
  }
  return undefined
}

/** A text or number as it is written; undefined for any other, `-` and the empty text. */
export function memberText(value: unknown): string | undefined {
  const written = typeof value === 'string' ? value.toWellFormed() : numberText(value)
  return written === '' || written === '-' ? undefined : written
}
