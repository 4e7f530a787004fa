import type { Column, ColumnType } from '../../model/column.ts'

/** The subset of protobuf's DescriptorProto that says what the rows of a table look like. */
export interface RowDescriptor {
  readonly name: string
  readonly field: readonly {
    readonly name: string
    readonly number: number
    readonly label: 'LABEL_OPTIONAL' | 'LABEL_REPEATED'
    readonly type: 'TYPE_STRING' | 'TYPE_INT64' | 'TYPE_DOUBLE' | 'TYPE_BOOL'
  }[]
}

/** Wire types per https://docs.cloud.google.com/bigquery/docs/supported-data-types: TIMESTAMP as int64 micros, JSON as string. */
const protoTypes = {
  STRING: 'TYPE_STRING',
  JSON: 'TYPE_STRING',
  INT64: 'TYPE_INT64',
  TIMESTAMP: 'TYPE_INT64',
  FLOAT64: 'TYPE_DOUBLE',
  BOOL: 'TYPE_BOOL',
} as const satisfies Record<ColumnType, string>

/** The descriptor of rows with these columns: the field number of a column is its place, from 1. */
export function rowDescriptor(columns: readonly Column[]): RowDescriptor {
  return {
    name: 'Row',
    field: columns.map((column, index) => ({
      name: column.name,
      number: index + 1,
      label: column.mode === 'REPEATED' ? 'LABEL_REPEATED' : 'LABEL_OPTIONAL',
      type: protoTypes[column.type],
    })),
  }
}
