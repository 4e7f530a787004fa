import { Dialect, transpile } from '@polyglot-sql/sdk'
import { generateDuckDb, type Node, parseDuckDb } from './ast.ts'
import type { Catalog } from './catalog.ts'
import { nameColumns } from './column-names.ts'
import { type ParameterSql, rewriteTokens } from './rewrite.ts'
import { quoteWildcards } from './table-paths.ts'
import { resolveTables } from './tables.ts'
import { is, tokenize } from './tokens.ts'
import { InvalidQuery, Untranslatable } from './untranslatable.ts'

export interface TranslateOptions {
  /** Dataset of tables that are named without one. */
  readonly defaultDataset?: string
  /** The GoogleSQL expression a parameter becomes. Without it a statement with parameters is refused. */
  readonly parameterSql?: ParameterSql
}

/** Nesting of views that BigQuery allows. https://docs.cloud.google.com/bigquery/quotas#view_limits [2026-11] */
const deepestView = 16

/**
 * Translates one GoogleSQL query into DuckDB SQL: datasets are schemas, wildcard tables unions, views their queries.
 * The result relies on the macros of `prelude()` and a session in UTC.
 *
 * Not modelled, and laxer than BigQuery: comparisons between types that GoogleSQL refuses, errors of division by
 * zero and of offsets out of range (here NULL), and the schema of a wildcard table (here the union of all columns).
 */
export function translate(googleSql: string, catalog: Catalog, options: TranslateOptions = {}): string {
  return translateQuery(googleSql, catalog, options, 0)
}

function translateQuery(
  googleSql: string,
  catalog: Catalog,
  options: TranslateOptions,
  depth: number,
): string {
  if (depth > deepestView) throw new InvalidQuery(`Views are nested deeper than ${deepestView} levels.`)
  const tokens = tokenize(quoteWildcards(googleSql))
  const first = tokens.find((token) => token.kind !== 'space' && !is(token, '('))
  if (!is(first, 'SELECT', 'WITH')) {
    throw new Untranslatable(
      `${first?.text.toUpperCase() ?? 'an empty statement'}`,
      'It runs queries and view DDL',
    )
  }
  const statement = parseDuckDb(transpiled(rewriteTokens(tokens, options.parameterSql ?? refuseParameter)))
  resolveTables(statement, {
    catalog,
    wantsSuffix: tokens.some((token) => token.text.toUpperCase() === '_TABLE_SUFFIX'),
    viewSql: (query) => translateQuery(query, catalog, {}, depth + 1),
    ...(options.defaultDataset === undefined ? {} : { defaultDataset: options.defaultDataset }),
  })
  return generateQuery(statement)
}

function generateQuery(statement: Node): string {
  nameColumns(statement)
  return generateDuckDb(statement)
}

function transpiled(googleSql: string): string {
  const result = transpile(googleSql, Dialect.BigQuery, Dialect.DuckDB, { unsupportedLevel: 'raise' })
  if (!result.success) throw new InvalidQuery(`Syntax error: ${result.error}`)
  const [sql, second] = result.sql ?? []
  if (sql === undefined) throw new InvalidQuery('Syntax error: Unexpected end of statement')
  if (second !== undefined) throw new Untranslatable('several statements in one query')
  return withStringAgg(sql)
}

/** The translator writes STRING_AGG as LISTAGG, whose order it cannot read back. DuckDB has both names. */
function withStringAgg(duckSql: string): string {
  return duckSql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\bLISTAGG\(/g, (match) =>
    match === 'LISTAGG(' ? 'STRING_AGG(' : match,
  )
}

function refuseParameter(parameter: string | number): string {
  const name = typeof parameter === 'string' ? `Query parameter '${parameter}'` : 'Positional query parameter'
  throw new InvalidQuery(`${name} not found`)
}
