import { Dialect, generate, parse } from '@polyglot-sql/sdk'
import { Untranslatable } from './untranslatable.ts'

/** A node of the parser's tree: plain JSON. An expression is a node with one field, named for its kind. */
export interface Node {
  [field: string]: unknown
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The content of an expression when it is of this kind. */
export function ofKind(expression: unknown, kind: string): Node | undefined {
  const content = isNode(expression) ? expression[kind] : undefined
  return isNode(content) ? content : undefined
}

/** The text of an identifier node. */
export function nameOf(identifier: unknown): string | undefined {
  return isNode(identifier) && typeof identifier['name'] === 'string' ? identifier['name'] : undefined
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** Visits every node below and including `value`, parents first. */
export function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const each of value) walk(each, visit)
  else if (isNode(value)) {
    visit(value)
    for (const each of Object.values(value)) walk(each, visit)
  }
}

/** Parses one DuckDB statement. */
export function parseDuckDb(sql: string): Node {
  const parsed = parse(sql, Dialect.DuckDB)
  const statement: unknown = parsed.success ? parsed.ast[0] : undefined
  if (!isNode(statement)) throw new Untranslatable(`this statement (${parsed.error ?? 'no statement'})`)
  return statement
}

export function generateDuckDb(statement: Node): string {
  const generated = generate([statement], Dialect.DuckDB)
  const sql = generated.success ? generated.sql?.[0] : undefined
  if (sql === undefined)
    throw new Untranslatable(`this statement (${generated.error ?? 'nothing generated'})`)
  return sql
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
