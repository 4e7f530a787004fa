import { lanesOf } from '../../cdktf/google/lanes.ts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { formatNames } from '../../functions/parse/formats.ts'

/**
 * Tables that an instance of each lane writes, of those there are: those of the lane's sources, and the rejects.
 * @param names tables of the logs' dataset.
 */
export function tablesByLane(
  bridge: Bridge,
  names: readonly string[],
): { readonly tables: number; readonly instances: number }[] {
  return lanesOf(bridge).map(({ name, capacity }) => {
    const own = bridge.sources.filter(({ lane }) => lane === name)
    const tables = names.filter((id) => own.some((source) => isOf(source, id))).length + 1
    return { tables, instances: capacity.maxInstances }
  })
}

function isOf({ name }: DeployedSource, table: string): boolean {
  return table === name || table.startsWith(`${name}_`)
}

/** The same of the tables there may be, however few there are. */
export function mostByLane(bridge: Bridge): number[] {
  return lanesOf(bridge).map(({ name }) =>
    bridge.sources.filter(({ lane }) => lane === name).reduce((sum, source) => sum + mostTables(source), 1),
  )
}

/** Tables a source may have: those of its apps, and one for all others, or for all, of each format. */
function mostTables({ split, maxTables, format }: DeployedSource): number {
  return (split === 'tables' ? maxTables : 0) + (format ? 1 : formatNames.length)
}
