import type { BigQuery } from '@google-cloud/bigquery'
import { knownTables } from '../../cdktf/google/known-tables.ts'
import { asColumn } from '../../functions/clients/bigquery-catalog.ts'
import type { Column } from '../../functions/model/column.ts'
import type { Table } from '../../functions/model/table.ts'
import type { About } from './about.ts'
import { type Check, fail, finding, type Problem, pass, warn } from './check.ts'

/** Datasets, and the tables and the view that are there before any log arrives. */
export function tableChecks(
  { bridge, sources, clients: { bigquery }, deploy }: About,
  caller: Check,
): Check[] {
  const fix = deploy('google')
  const { log, rejects, view, clustered } = knownTables({ ...bridge, sources })
  const datasets = new Map(
    [bridge.stateDataset, bridge.dataset].map((name) => [
      name,
      datasetCheck(bigquery, name, bridge.google.location, fix, caller),
    ]),
  )
  const within = (dataset: string, what: string, run: Check['run']): Check => ({
    group: 'bigquery',
    what,
    make: fix,
    after: datasets.get(dataset) ?? caller,
    run,
    asks: `bigquery.tables.get on ${dataset}`,
  })
  const tables = [log, rejects, ...clustered].map((table) =>
    within(table.dataset, `table ${table.dataset}.${table.name}`, async () => {
      const [metadata] = await bigquery.dataset(table.dataset).table(table.name).getMetadata()
      return finding(
        judgeColumns(metadata.schema?.fields ?? [], table, fix),
        `${table.layout.columns.length} columns`,
      )
    }),
  )
  const objects = within(view.dataset, `view ${view.dataset}.${view.name}`, async () => {
    const [{ view: made }] = await bigquery.dataset(view.dataset).table(view.name).getMetadata()
    if (!made) return fail('it is a table, not a view', `rename it, then ${fix}`)
    return made.query === view.query
      ? pass('one row an object')
      : warn('it says something else than this release', fix)
  })
  return [...datasets.values(), ...tables, objects]
}

function datasetCheck(bigquery: BigQuery, name: string, location: string, make: string, after: Check): Check {
  return {
    group: 'bigquery',
    what: `dataset ${name}`,
    asks: `bigquery.datasets.get on ${name}`,
    make,
    after,
    run: async () => {
      const [{ location: actual = '' }] = await bigquery.dataset(name).getMetadata()
      return actual.toUpperCase() === location.toUpperCase()
        ? pass(actual)
        : fail(
            `it is in ${actual}, not ${location}`,
            `set google.location: '${actual}', or choose another dataset`,
          )
    },
  }
}

interface Field {
  readonly name: string
  readonly type: string
  readonly mode?: string
}

/**
 * A table may have more columns than this release knows, and not others. Those it lacks the function adds when it has
 * rows for it.
 */
export function judgeColumns(
  fields: readonly Field[],
  { layout }: Pick<Table, 'layout'>,
  fix: string,
): Problem[] {
  const actual = new Map(fields.map((field) => [field.name, asColumn(field)]))
  const lacking = layout.columns.filter(({ name }) => !actual.has(name))
  const other = layout.columns.filter((column) => {
    const has = actual.get(column.name)
    return has !== undefined && (has.type !== column.type || isList(has) !== isList(column))
  })
  const names = (columns: readonly Column[]) => columns.map(({ name }) => name).join(', ')
  return [
    ...(lacking.length > 0
      ? [
          warn(
            `it has no ${names(lacking)} yet`,
            `nothing, when this release is deployed: the function adds them with its next rows; else ${fix}`,
          ),
        ]
      : []),
    ...(other.length > 0
      ? [fail(`of another type than this release writes: ${names(other)}`, `rename the table, then ${fix}`)]
      : []),
  ]
}

function isList({ mode }: { readonly mode?: string }): boolean {
  return mode === 'REPEATED'
}
