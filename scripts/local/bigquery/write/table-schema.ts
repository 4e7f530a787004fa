import { protos } from '@google-cloud/bigquery-storage'
import { columnType } from '../store/column-type.ts'
import type { ColumnResource, TableResource } from '../store/resources.ts'

const { Type, Mode } = protos.google.cloud.bigquery.storage.v1.TableFieldSchema
type Field = protos.google.cloud.bigquery.storage.v1.ITableFieldSchema

/** A table's schema as the Write API words it. */
export function tableSchema(table: TableResource): protos.google.cloud.bigquery.storage.v1.ITableSchema {
  return { fields: (table.schema?.fields ?? []).map(fieldSchema) }
}

function fieldSchema(column: ColumnResource): Field {
  const type = columnType(column)
  return {
    name: column.name,
    type: type === 'FLOAT64' ? Type.DOUBLE : Type[type],
    mode: Mode[column.mode ?? 'NULLABLE'],
    description: column.description ?? '',
    fields: (column.fields ?? []).map(fieldSchema),
  }
}
