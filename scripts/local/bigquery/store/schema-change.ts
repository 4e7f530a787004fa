import { columnType } from './column-type.ts'
import type { ColumnResource } from './resources.ts'
import { invalid } from './store-error.ts'

/**
 * Checks that a table may go from one set of columns to another: columns added are NULLABLE or REPEATED, REQUIRED may
 * become NULLABLE, descriptions may change, order is kept. Anything else is refused
 * (https://cloud.google.com/bigquery/docs/managing-table-schemas).
 */
export function checkSchemaChange(
  table: string,
  before: readonly ColumnResource[],
  after: readonly ColumnResource[],
  parent = '',
): void {
  const refuse = (detail: string) => invalid(`Provided Schema does not match Table ${table}. ${detail}`)
  const wanted = new Map(after.map((column) => [column.name.toLowerCase(), column]))
  for (const old of before) {
    const path = parent + old.name
    const column = wanted.get(old.name.toLowerCase())
    if (!column) throw refuse(`Field ${path} is missing in new schema`)
    wanted.delete(old.name.toLowerCase())
    if (column.name !== old.name) throw refuse(`Field ${path} cannot be renamed to ${column.name}`)
    if (columnType(column) !== columnType(old)) {
      throw refuse(`Field ${path} has changed type from ${old.type} to ${column.type}`)
    }
    const [oldMode, mode] = [old.mode ?? 'NULLABLE', column.mode ?? 'NULLABLE']
    if (mode !== oldMode && !(oldMode === 'REQUIRED' && mode === 'NULLABLE')) {
      throw refuse(`Field ${path} has changed mode from ${oldMode} to ${mode}`)
    }
    checkSchemaChange(table, old.fields ?? [], column.fields ?? [], `${path}.`)
  }
  for (const { name, mode } of wanted.values()) {
    if (mode === 'REQUIRED')
      throw refuse(`Cannot add required fields to an existing schema. (field: ${parent}${name})`)
  }
}
