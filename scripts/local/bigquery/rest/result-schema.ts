import { Untranslatable } from '../sql/untranslatable.ts'
import type { ColumnResource } from '../store/resources.ts'

/** REST's names, which are those of legacy SQL, of DuckDB's types. */
const scalars: Readonly<Record<string, string>> = {
  BIGINT: 'INTEGER',
  INTEGER: 'INTEGER',
  SMALLINT: 'INTEGER',
  TINYINT: 'INTEGER',
  HUGEINT: 'INTEGER',
  UBIGINT: 'INTEGER',
  UINTEGER: 'INTEGER',
  DOUBLE: 'FLOAT',
  FLOAT: 'FLOAT',
  VARCHAR: 'STRING',
  UUID: 'STRING',
  BOOLEAN: 'BOOLEAN',
  BLOB: 'BYTES',
  JSON: 'JSON',
  DATE: 'DATE',
  TIME: 'TIME',
  TIMESTAMP: 'DATETIME',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
  '"NULL"': 'INTEGER',
}

/** The column that a DuckDB type, in the words of DESCRIBE, is in BigQuery. */
export function resultColumn(name: string, type: string): ColumnResource {
  if (type.endsWith('[]')) return { ...element(name, type.slice(0, -2)), mode: 'REPEATED' }
  return { ...element(name, type), mode: 'NULLABLE' }
}

function element(name: string, type: string): ColumnResource {
  if (type.startsWith('STRUCT(') && type.endsWith(')')) {
    const fields = splitFields(type.slice('STRUCT('.length, -1)).map(field)
    return { name, type: 'RECORD', fields }
  }
  const scalar = type.startsWith('DECIMAL(') ? 'NUMERIC' : scalars[type]
  if (scalar === undefined) throw new Untranslatable(`a result of DuckDB's type ${type} (column ${name})`)
  return { name, type: scalar }
}

function field(definition: string): ColumnResource {
  const match = /^(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>\w+)) (?<type>.*)$/s.exec(definition)
  const { quoted, plain = '', type = '' } = match?.groups ?? {}
  return resultColumn(quoted?.replaceAll('""', '"') ?? plain, type)
}

/** Splits at the commas that are in neither quotes nor parentheses. */
function splitFields(definitions: string): string[] {
  const fields = ['']
  let depth = 0
  for (const [piece] of definitions.matchAll(/"(?:[^"]|"")*"|, |[\s\S]/g)) {
    if (piece === '(') depth += 1
    if (piece === ')') depth -= 1
    if (piece === ', ' && depth === 0) fields.push('')
    else fields.push((fields.pop() ?? '') + piece)
  }
  return fields
}
