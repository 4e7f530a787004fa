import { isDeepStrictEqual } from 'node:util'
import { checkColumnNames } from './names.ts'
import type { ColumnResource, KeptTable, TableResource } from './resources.ts'
import { checkSchemaChange } from './schema-change.ts'
import { invalid } from './store-error.ts'

const freelyChanged = new Set(['description', 'friendlyName', 'expirationTime', 'requirePartitionFilter'])
const outputOnly = new Set(['kind', 'id', 'selfLink', 'etag', 'type', 'creationTime', 'lastModifiedTime'])

/**
 * A table's resource with a patch applied, the way `tables.patch` merges: null removes. Schema (see
 * {@link checkSchemaChange}), labels, description, expiration and partition expiration may change; a field that
 * comes back as it is is no change; anything else is refused.
 */
export function patchedResource(
  table: string,
  kept: KeptTable,
  patch: Partial<TableResource>,
): TableResource {
  const result: Record<string, unknown> = { ...kept }
  for (const [field, value] of Object.entries(patch)) {
    if (outputOnly.has(field) || isDeepStrictEqual(value, kept[field])) continue
    if (field === 'schema') result['schema'] = patchedSchema(table, kept, patch)
    else if (field === 'labels') result['labels'] = merged(kept[field], value)
    else if (field === 'timePartitioning') result[field] = patchedPartitioning(table, kept, patch)
    else if (!freelyChanged.has(field)) throw invalid(`Cannot change ${field} of table ${table}`)
    else if (value === null) delete result[field]
    else result[field] = value
  }
  return { ...result, tableReference: kept.tableReference }
}

function patchedSchema(table: string, kept: KeptTable, patch: Partial<TableResource>) {
  const fields: readonly ColumnResource[] = patch.schema?.fields ?? []
  checkColumnNames(fields)
  checkSchemaChange(table, kept.schema?.fields ?? [], fields)
  return patch.schema
}

function patchedPartitioning(table: string, kept: KeptTable, patch: Partial<TableResource>) {
  const [before, after] = [kept.timePartitioning, patch.timePartitioning]
  const layout = (of: typeof before) => of && { type: of.type, field: of.field }
  if (!isDeepStrictEqual(layout(before), layout(after))) {
    throw invalid(`Cannot change partitioning spec for table ${table}`)
  }
  return after
}

function merged(before: unknown, patch: unknown): Record<string, unknown> {
  const all = { ...Object(before), ...Object(patch) }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
}
