import type { Column } from '../../model/column.ts'
import type { FieldPath } from '../../model/format.ts'
import { type Reject, reject } from '../../model/reject.ts'
import { inRow, type LineParser, type ParseResult, type RowWriter } from '../../model/row-writer.ts'
import { NameIndex } from '../text/name-index.ts'
import type { JsonField } from './json-fields.ts'
import { JsonMembers } from './json-members.ts'
import { ScalarPath } from './json-path.ts'
import { RestText } from './rest-text.ts'

/** What the records of a format are made of. */
export interface RecordShape {
  readonly fields: readonly JsonField[]
  /** Paths no record is without: so that other JSON is not taken for one. */
  readonly required: readonly string[]
}

/** What a name stands for in an object: a column, or the object with more of them; and which of `required` it is. */
interface Known {
  readonly field: JsonField | undefined
  readonly column: number
  readonly below: NameIndex<Known> | undefined
  readonly required: number
}

/** A parser for records that are JSON objects, one a line. */
export function recordParser(shape: RecordShape, appFields: readonly string[]): LineParser {
  const writer = new RecordWriter(shape, appFields)
  const record = new JsonMembers()
  return (bytes, start, end, row) => {
    if (!record.scan(bytes, start, end)) return notJson
    writer.begin()
    writer.add(record, row)
    return writer.finish([record], row)
  }
}

/** Writes records, member by member; what has no column, or does not fit it, goes to `rest` where it stood. */
export class RecordWriter {
  readonly #required: readonly string[]
  readonly #known: NameIndex<Known>
  readonly #apps: readonly ScalarPath[]
  readonly #rest = new RestText()
  /** For objects within objects, by depth. */
  readonly #inner: JsonMembers[] = []
  #met = 0

  /** @param appFields columns, or paths into a record; the first that has a value, and not `-`, is the row's app. */
  constructor({ fields, required }: RecordShape, appFields: readonly string[]) {
    this.#required = required
    this.#known = knownOf(fields, required, '')
    this.#apps = appFields.map((name) => new ScalarPath(pathOf(name, fields)))
  }

  begin(): void {
    this.#rest.begin()
    this.#met = 0
  }

  /** Writes the members of an object that are not taken. A column that is null says nothing. */
  add(members: JsonMembers, row: RowWriter): void {
    this.#add(members, this.#known, row, 0)
  }

  /** Puts the members that are not taken into `rest`. */
  keep(members: JsonMembers): void {
    this.#rest.keep(members)
  }

  /** Ends the row, or says what it lacks. The app is looked for in these objects, in their order. */
  finish(objects: readonly JsonMembers[], row: RowWriter): ParseResult {
    const missing = this.#required.find((_, index) => (this.#met & (1 << index)) === 0)
    if (missing !== undefined) return reject('malformed', `the record has no ${missing}: another format?`)
    const app = this.#appOf(objects)
    if (app !== undefined) row.app(app)
    this.#rest.finish(row)
    return inRow
  }

  #add(members: JsonMembers, known: NameIndex<Known>, row: RowWriter, depth: number): void {
    let objects: { index: number; below: NameIndex<Known> }[] | undefined
    for (let index = 0; index < members.count; index++) {
      if (members.taken[index] === 1) continue
      const found = members.lookUp(known, index)
      if (!found) continue
      const { field, column, below, required } = found
      if (members.isNull(index)) {
        members.taken[index] = 1
        continue
      }
      if (required >= 0) this.#met |= 1 << required
      if (field) members.taken[index] = field.write(row, column, members, index) ? 1 : 0
      else if (below && members.isObject(index)) {
        members.taken[index] = 1
        objects ??= []
        objects.push({ index, below })
      }
    }
    this.#rest.keep(members)
    for (const { index, below } of objects ?? [])
      this.#rest.nest(members, index, () =>
        this.#add(this.#within(members, index, depth), below, row, depth + 1),
      )
  }

  #within(members: JsonMembers, index: number, depth: number): JsonMembers {
    this.#inner[depth] ??= new JsonMembers()
    const inner = this.#inner[depth]
    inner.scan(members.bytes, members.start(index), members.end(index))
    return inner
  }

  #appOf(objects: readonly JsonMembers[]): string | undefined {
    for (const path of this.#apps) {
      for (const members of objects) {
        const app = path.textAt(members)
        if (app !== undefined && app !== '-') return app
      }
    }
    return undefined
  }
}

export const notJson: Reject = reject(
  'malformed',
  'the record is no JSON object, or nested too deep: cut off, or another format?',
)

/** Where these fields stand in a record. */
export function pathsOf(fields: readonly JsonField[]): FieldPath[] {
  return fields.map(({ path, column }) => ({ path, column: column.name }))
}

export function columnsOf(fields: readonly JsonField[]): Column[] {
  return fields.map(({ column }) => column)
}

/** The path in a record of a column, or of what is within one. */
function pathOf(name: string, fields: readonly JsonField[]): string {
  const [first, ...rest] = name.split('.')
  const own = fields.find(({ column }) => column.name === first)?.path
  return own === undefined ? name : [own, ...rest].join('.')
}

function knownOf(
  fields: readonly JsonField[],
  required: readonly string[],
  prefix: string,
): NameIndex<Known> {
  const below = fields.filter(({ path }) => path.startsWith(prefix))
  const names = new Set(below.map(({ path }) => path.slice(prefix.length).split('.')[0] ?? ''))
  const known = (name: string): Known => {
    const path = prefix + name
    const column = fields.findIndex((field) => field.path === path)
    return {
      field: fields[column],
      column,
      below: column < 0 ? knownOf(fields, required, `${path}.`) : undefined,
      required: required.indexOf(path),
    }
  }
  return new NameIndex([...names].map((name) => [name, known(name)]))
}
