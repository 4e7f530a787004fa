import { protos } from '@google-cloud/bigquery-storage'
import { columnType } from '../store/column-type.ts'
import type { ColumnResource } from '../store/resources.ts'
import { type ScalarReader, scalarReader } from './scalar-json.ts'
import { invalidArgument } from './write-error.ts'

type Descriptor = protos.google.protobuf.IDescriptorProto
type FieldDescriptor = protos.google.protobuf.IFieldDescriptorProto
const { Type, Label } = protos.google.protobuf.FieldDescriptorProto

/** What to do with one field of a message on the wire. */
export interface FieldPlan {
  /** Position in {@link MessagePlan.columns}. */
  readonly slot: number
  /** Path of the column, for messages. */
  readonly path: string
  readonly repeated: boolean
  readonly content: ScalarReader | MessagePlan
  /** Whether the column decides the partition of the row. */
  readonly partitioning: boolean
}

/** How a message becomes a JSON object with the names of the columns. */
export interface MessagePlan {
  readonly fields: ReadonlyMap<number, FieldPlan>
  readonly columns: readonly { readonly key: string; readonly path: string; readonly required: boolean }[]
}

/**
 * Matches a writer's descriptor with a table's columns, by name without case, or by the `column_name` annotation.
 * Throws INVALID_ARGUMENT where they do not fit: with SCHEMA_MISMATCH_EXTRA_FIELDS for a field without a column.
 */
export function planRows(
  descriptor: Descriptor,
  columns: readonly ColumnResource[],
  options: { readonly table: string; readonly partitionColumn?: string | undefined },
): MessagePlan {
  const planner = new Planner(descriptor, options.table, options.partitionColumn?.toLowerCase())
  return planner.plan(descriptor, columns, '')
}

class Planner {
  readonly #root: Descriptor
  readonly #table: string
  readonly #partitionColumn: string | undefined

  constructor(root: Descriptor, table: string, partitionColumn: string | undefined) {
    this.#root = root
    this.#table = table
    this.#partitionColumn = partitionColumn
  }

  plan(descriptor: Descriptor, columns: readonly ColumnResource[], parent: string): MessagePlan {
    const slots = new Map(columns.map((column, slot) => [column.name.toLowerCase(), { column, slot }]))
    const required = new Set<string>()
    const fields = new Map<number, FieldPlan>()
    for (const field of descriptor.field ?? []) {
      const name = columnName(field)
      const target = slots.get(name.toLowerCase())
      if (!target) throw this.#extraField(parent + name)
      slots.delete(name.toLowerCase())
      if (field.label === Label.LABEL_REQUIRED) required.add(target.column.name)
      const number = field.number ?? 0
      if (number < 1 || fields.has(number))
        throw invalidArgument(`Invalid proto schema: field number ${number} of ${name}`)
      fields.set(number, this.#field(field, target.column, target.slot, parent))
    }
    return {
      fields,
      columns: columns.map(({ name, mode }) => ({
        key: `${JSON.stringify(name)}:`,
        path: parent + name,
        required: mode === 'REQUIRED' || required.has(name),
      })),
    }
  }

  #field(field: FieldDescriptor, column: ColumnResource, slot: number, parent: string): FieldPlan {
    const path = parent + column.name
    const repeated = field.label === Label.LABEL_REPEATED
    if (repeated !== (column.mode === 'REPEATED')) {
      throw invalidArgument(
        `The proto field mismatched with BigQuery field at ${path}, the proto field is ${repeated ? '' : 'not '}repeated, the BigQuery field is ${column.mode ?? 'NULLABLE'}.`,
        { entity: this.#table },
      )
    }
    const partitioning = parent === '' && column.name.toLowerCase() === this.#partitionColumn
    return { slot, path, repeated, partitioning, content: this.#content(field, column, path) }
  }

  #content(field: FieldDescriptor, column: ColumnResource, path: string): FieldPlan['content'] {
    const type = columnType(column)
    if (type === 'STRUCT') {
      const nested = field.type === Type.TYPE_MESSAGE ? this.#message(field.typeName ?? '') : undefined
      if (nested) return this.plan(nested, column.fields ?? [], `${path}.`)
    } else {
      const reader = scalarReader(Number(field.type), type)
      if (reader) return reader
    }
    throw invalidArgument(
      `The proto field mismatched with BigQuery field at ${path}, the proto field type ${Type[Number(field.type)]}, BigQuery field type ${type}.`,
      { entity: this.#table },
    )
  }

  /** A descriptor is self-contained, so a type name can only mean a message nested somewhere in it. */
  #message(typeName: string): Descriptor | undefined {
    const wanted = typeName.split('.').at(-1)
    const search = (within: Descriptor): Descriptor | undefined => {
      for (const nested of within.nestedType ?? []) {
        const found = nested.name === wanted ? nested : search(nested)
        if (found) return found
      }
      return undefined
    }
    return search(this.#root)
  }

  #extraField(path: string) {
    return invalidArgument(`Input schema has more fields than BigQuery schema, extra fields: '${path}'`, {
      storage: 'SCHEMA_MISMATCH_EXTRA_FIELDS',
      entity: this.#table,
    })
  }
}

function columnName({ name, options }: FieldDescriptor): string {
  return options?.['.google.cloud.bigquery.storage.v1.columnName'] ?? name ?? ''
}
