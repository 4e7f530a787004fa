import {
  isNode,
  listOf,
  type Node,
  nameOf,
  ofKind,
  parseDuckDb,
  quoteIdentifier,
  quoteString,
  walk,
} from './ast.ts'
import type { Catalog, TablePath } from './catalog.ts'
import { InvalidQuery, NotFoundInQuery, Untranslatable } from './untranslatable.ts'

/** How a statement's table names are understood. */
export interface TableScope {
  readonly catalog: Catalog
  readonly defaultDataset?: string
  /** Whether the statement mentions `_TABLE_SUFFIX`. */
  readonly wantsSuffix: boolean
  /** The DuckDB SQL of a view's own query. */
  viewSql(googleSql: string): string
}

const suffixColumn = '_TABLE_SUFFIX'

/** Replaces every table in a parsed DuckDB statement by what it names: table, view or wildcard. */
export function resolveTables(statement: Node, scope: TableScope): void {
  const locals = localNames(statement)
  walk(statement, (node) => hideSuffix(node, scope))
  walk(statement, (node) => {
    const table = ofKind(node, 'table')
    if (!table || !nameOf(table['name'])) return
    const replacement = resolveTable(table, scope, locals)
    if (!replacement) return
    delete node['table']
    Object.assign(node, replacement)
  })
}

/** Names of common table expressions and range variables, which are no tables of the catalog. */
function localNames(statement: Node): { ctes: ReadonlySet<string>; variables: ReadonlySet<string> } {
  const ctes = new Set<string>()
  const variables = new Set<string>()
  walk(statement, (node) => {
    for (const cte of listOf(node['ctes']))
      if (isNode(cte)) ctes.add(nameOf(cte['alias'])?.toLowerCase() ?? '')
    const alias = nameOf(ofKind(node, 'table')?.['alias'])
    if (alias) variables.add(alias.toLowerCase())
  })
  return { ctes, variables }
}

function resolveTable(
  table: Node,
  scope: TableScope,
  locals: ReturnType<typeof localNames>,
): Node | undefined {
  const parts = tableParts(table)
  const [first = ''] = parts
  if (parts.length === 1 && locals.ctes.has(first.toLowerCase())) return undefined
  if (parts.length === 2 && locals.variables.has(first.toLowerCase()) && !scope.catalog.tables(first)) {
    throw new Untranslatable(`the array ${parts.join('.')} as a table`, `Write UNNEST(${parts.join('.')})`)
  }
  const path = tablePath(parts, scope.catalog, scope.defaultDataset)
  const alias = nameOf(table['alias']) ?? path.tableId
  return fromItem(`${tableSql(path, scope)} AS ${quoteIdentifier(alias)}`)
}

function tableParts(table: Node): string[] {
  const names = [table['catalog'], table['schema'], table['name']].map(nameOf)
  return names.flatMap((name) => name?.split('.') ?? [])
}

/** Checks and drops the project. Throws in BigQuery's words when the path cannot name a table. */
export function tablePath(parts: readonly string[], catalog: Catalog, defaultDataset?: string): TablePath {
  const name = parts.join('.')
  if (parts.some((part) => part.toUpperCase() === 'INFORMATION_SCHEMA')) throw new Untranslatable(name)
  if (parts.length > 3) throw new InvalidQuery(`Invalid project ID or dataset in table name "${name}"`)
  const [tableId = '', datasetId = defaultDataset, projectId = catalog.projectId] = parts.toReversed()
  if (datasetId === undefined) {
    throw new InvalidQuery(`Table "${name}" must be qualified with a dataset (e.g. dataset.table).`)
  }
  if (projectId !== catalog.projectId || !catalog.tables(datasetId)) {
    throw new NotFoundInQuery(
      `Not found: Dataset ${projectId}:${datasetId} was not found in location ${catalog.location}`,
    )
  }
  return { datasetId, tableId }
}

function tableSql(path: TablePath, scope: TableScope): string {
  if (path.tableId.endsWith('*')) return wildcardSql(path, scope)
  const { catalog } = scope
  if (!catalog.tables(path.datasetId)?.includes(path.tableId)) {
    const name = `${catalog.projectId}:${path.datasetId}.${path.tableId}`
    throw new NotFoundInQuery(`Not found: Table ${name} was not found in location ${catalog.location}`)
  }
  const view = catalog.viewQuery(path.datasetId, path.tableId)
  if (view !== undefined) return `(${scope.viewSql(view)})`
  return `${quoteIdentifier(path.datasetId)}.${quoteIdentifier(path.tableId)}`
}

/** All tables that begin with the prefix, columns matched by name. As in BigQuery, views do not match. */
function wildcardSql(path: TablePath, scope: TableScope): string {
  const { catalog, wantsSuffix } = scope
  const prefix = path.tableId.slice(0, -1)
  const matches = (catalog.tables(path.datasetId) ?? []).filter(
    (table) => table.startsWith(prefix) && catalog.viewQuery(path.datasetId, table) === undefined,
  )
  if (matches.length === 0) {
    const name = `${catalog.projectId}:${path.datasetId}.${path.tableId}`
    throw new InvalidQuery(`${name} does not match any table.`)
  }
  const selects = matches.map((table) => {
    const suffix = wantsSuffix ? `, ${quoteString(table.slice(prefix.length))} AS ${suffixColumn}` : ''
    return `SELECT *${suffix} FROM ${quoteIdentifier(path.datasetId)}.${quoteIdentifier(table)}`
  })
  return `(${selects.join(' UNION ALL BY NAME ')})`
}

/** `SELECT *` over a wildcard table does not show the pseudo column. */
function hideSuffix(node: Node, scope: TableScope): void {
  const select = ofKind(node, 'select')
  if (!select || !scope.wantsSuffix) return
  const wildcards = wildcardAliases(select)
  if (wildcards.length === 0) return
  for (const expression of listOf(select['expressions'])) {
    const star = ofKind(expression, 'star')
    const of = nameOf(star?.['table'])
    if (!star || (of !== undefined && !wildcards.includes(of))) continue
    star['except'] = [...listOf(star['except']), identifier(suffixColumn)]
  }
}

function wildcardAliases(select: Node): string[] {
  const from = isNode(select['from']) ? listOf(select['from']['expressions']) : []
  const joined = listOf(select['joins']).map((join) => (isNode(join) ? join['this'] : undefined))
  return [...from, ...joined].flatMap((item) => {
    const table = ofKind(item, 'table')
    const name = nameOf(table?.['name'])
    return table && name?.endsWith('*') ? [nameOf(table['alias']) ?? name] : []
  })
}

/** The parser's node of a name, as a star's EXCLUDE list holds it. */
function identifier(name: string): unknown {
  const [star] = listOf(ofKind(parseDuckDb(`SELECT * EXCLUDE (${name}) FROM t`), 'select')?.['expressions'])
  return listOf(ofKind(star, 'star')?.['except'])[0]
}

function fromItem(sql: string): Node {
  const from = ofKind(parseDuckDb(`SELECT * FROM ${sql}`), 'select')?.['from']
  const item = isNode(from) ? listOf(from['expressions'])[0] : undefined
  if (!isNode(item)) throw new Untranslatable(`the table ${sql}`)
  return item
}
