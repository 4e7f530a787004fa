import { objectLogTable, objectView } from '../../functions/commit/object-table.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Table } from '../../functions/model/table.ts'
import { logSource } from '../../functions/split/tables/log-source.ts'
import { logTableLayout } from '../../functions/split/tables/log-table.ts'
import { rejectTable } from '../../functions/split/tables/reject-table.ts'
import { tableName } from '../../functions/split/tables/table-name.ts'

/**
 * The tables that are known before any log arrives, from the layouts the function fills them by. A table for an app,
 * or for a format that is detected in the objects, is made by the function when that is first seen.
 */
export function knownTables(bridge: Bridge): {
  readonly log: Table
  readonly rejects: Table
  readonly view: ReturnType<typeof objectView>
  readonly clustered: readonly Table[]
} {
  const clustered = bridge.sources.flatMap((source) => {
    if (source.split !== 'cluster' || !source.format) return []
    const log = logSource(source, source.format)
    return [{ dataset: bridge.dataset, name: tableName(log, ''), layout: logTableLayout(log) }]
  })
  return { log: objectLogTable(bridge), rejects: rejectTable(bridge), view: objectView(bridge), clustered }
}
