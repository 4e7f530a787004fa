import { objectLogTable, objectView } from '../../functions/commit/object-table.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Table } from '../../functions/model/table.ts'
import { logTableLayout } from '../../functions/split/log-table.ts'
import { rejectTable } from '../../functions/split/reject-table.ts'
import { tableName } from '../../functions/split/table-name.ts'

/**
 * The tables that are known before any log arrives, from the layouts the function fills them by. A table for each
 * app is made by the function when the app is first seen.
 */
export function knownTables(bridge: Bridge): {
  readonly log: Table
  readonly rejects: Table
  readonly view: ReturnType<typeof objectView>
  readonly clustered: readonly Table[]
} {
  const clustered = bridge.sources
    .filter(({ split }) => split === 'cluster')
    .map((source) => ({
      dataset: bridge.dataset,
      name: tableName(source, ''),
      layout: logTableLayout(source),
    }))
  return { log: objectLogTable(bridge), rejects: rejectTable(bridge), view: objectView(bridge), clustered }
}
