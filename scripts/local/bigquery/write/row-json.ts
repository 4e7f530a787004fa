import protobuf, { type Reader } from 'protobufjs'
import type { FieldPlan, MessagePlan } from './row-plan.ts'
import { ValueFault } from './scalar-json.ts'
import type { RowFault } from './write-error.ts'

const yearMicros = 365.25 * 86_400_000_000

export type DecodedRows =
  | { readonly lines: readonly string[] }
  | { readonly faults: readonly [RowFault, ...RowFault[]] }

/**
 * Decodes rows of protobuf into lines of JSON, all of them or none.
 *
 * Reads the wire itself, because the usual decoders take what BigQuery refuses: text that is not UTF-8, a field with
 * the wrong wire type, a field that is not in the descriptor.
 */
export function decodeRows(plan: MessagePlan, rows: readonly Uint8Array[], now: number): DecodedRows {
  const faults: RowFault[] = []
  const lines: string[] = []
  const decoder = new RowDecoder(now)
  for (const [index, row] of rows.entries()) {
    try {
      lines.push(decoder.message(plan, protobuf.Reader.create(row), row.length))
    } catch (error) {
      // protobufjs throws a plain Error or RangeError on bytes that are not protobuf.
      faults.push({ index, message: error instanceof Error ? error.message : String(error) })
    }
  }
  const [first, ...others] = faults
  return first ? { faults: [first, ...others] } : { lines }
}

/** A fault that already names its field. */
class FieldFault extends Error {
  override readonly name = 'FieldFault'

  constructor(path: string, message: string) {
    super(`Field ${path}: ${message}`)
  }
}

/** The JSON of one field; of all its elements, if it is repeated. */
type FieldJson = string | string[] | undefined

class RowDecoder {
  readonly #earliest: number
  readonly #latest: number

  /** `now` in milliseconds since 1970. */
  constructor(now: number) {
    this.#earliest = now * 1000 - 10 * yearMicros
    this.#latest = now * 1000 + yearMicros
  }

  /** One message as a JSON object. As in protobuf, a field that comes twice counts with its last value. */
  message(plan: MessagePlan, reader: Reader, end: number): string {
    const values: FieldJson[] = new Array(plan.columns.length)
    while (reader.pos < end) {
      const tag = reader.uint32()
      const field = plan.fields.get(tag >>> 3)
      if (!field) throw new FieldFault(`number ${tag >>> 3}`, 'is not in the writer schema')
      try {
        values[field.slot] = field.repeated
          ? this.#elements(field, reader, tag & 7, values[field.slot])
          : this.#value(field, reader, tag & 7)
      } catch (error) {
        throw error instanceof ValueFault ? new FieldFault(field.path, error.message) : error
      }
      if (reader.pos > end) throw new FieldFault(field.path, 'the value runs over the end of its message')
    }
    return objectJson(plan, values)
  }

  #elements(field: FieldPlan, reader: Reader, wireType: number, before: FieldJson): string[] {
    const list = Array.isArray(before) ? before : []
    const packed = wireType === 2 && 'wireType' in field.content && field.content.wireType !== 2
    if (!packed) {
      list.push(this.#value(field, reader, wireType))
      return list
    }
    for (const end = reader.uint32() + reader.pos; reader.pos < end; ) {
      list.push(this.#value(field, reader, field.content.wireType))
    }
    return list
  }

  #value({ content, partitioning }: FieldPlan, reader: Reader, wireType: number): string {
    const expected = 'wireType' in content ? content.wireType : 2
    if (wireType !== expected) throw new ValueFault(`wire type ${wireType} instead of ${expected}`)
    if ('wireType' in content) return content.read(reader, partitioning ? this.#checkPartition : undefined)
    const length = reader.uint32()
    return this.message(content, reader, reader.pos + length)
  }

  /** https://cloud.google.com/bigquery/docs/write-api: from 10 years in the past to 1 year in the future. */
  readonly #checkPartition = (micros: number): void => {
    if (micros < this.#earliest || micros > this.#latest) {
      throw new ValueFault('the partition is outside the range of 10 years past to 1 year future')
    }
  }
}

function objectJson(plan: MessagePlan, values: readonly FieldJson[]): string {
  let json = ''
  for (let slot = 0; slot < plan.columns.length; slot += 1) {
    const [column, value] = [plan.columns[slot], values[slot]]
    // A JSON null is a NULL to DuckDB, which a REQUIRED column cannot hold.
    if (column?.required && (value === undefined || value === 'null')) {
      throw new FieldFault(column.path, 'the value of a required field is missing')
    }
    if (!column || value === undefined) continue
    json += `${json === '' ? '{' : ','}${column.key}${typeof value === 'string' ? value : `[${value}]`}`
  }
  return json === '' ? '{}' : `${json}}`
}
