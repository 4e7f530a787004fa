import type { Column } from '../../model/column.ts'
import type { FirstLines, Format, TimeSetting } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser, type RowWriter } from '../../model/row-writer.ts'
import { firstRecords } from '../detecting/record-detection.ts'
import { documentsOnLine } from '../json/documents-on-line.ts'
import { readMemberTime, timeNames, timeRank } from '../json/event-time.ts'
import { memberAt, parseJsonObject } from '../json/json-document.ts'
import { layoutOf } from '../json/json-layout.ts'
import { jsonLineBlocks } from '../json/json-line-blocks.ts'
import { JsonMembers } from '../json/json-members.ts'
import { ScalarPath } from '../json/json-path.ts'
import { wholeDocuments } from '../json/json-records.ts'
import { withoutNotNumbers } from '../json/not-numbers.ts'
import { RestText } from '../json/rest-text.ts'
import { NameIndex } from '../text/name-index.ts'
import { timeReader } from '../text/time-format.ts'

/**
 * One JSON object a line, as services in containers write them and FireLens delivers them (see
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html): the well-known fields have
 * columns, under whichever of their names they come; all else is in `rest` as it stood.
 * What a service wrote as JSON into FireLens's `log` is read as if it stood there itself.
 */
const known: readonly Known[] = [
  wellKnown('level', ['level', 'log.level', 'severity', 'levelname'], 'Severity, as the service names it'),
  wellKnown('message', ['message', 'msg', 'log'], 'The message'),
  wellKnown('logger', ['logger', 'log.logger'], 'Name of the logger'),
  wellKnown('trace_id', ['trace_id', 'traceId', 'trace.id'], 'Trace the line belongs to'),
  wellKnown('stream', ['source', 'stream'], 'stdout or stderr', ['stdout', 'stderr']),
  wellKnown('container_id', ['container_id'], 'Container id'),
  wellKnown('container_name', ['container_name'], 'Container name'),
  wellKnown('ecs_cluster', ['ecs_cluster'], 'ECS cluster'),
  wellKnown('ecs_task_arn', ['ecs_task_arn'], 'ARN of the ECS task'),
  wellKnown('ecs_task_definition', ['ecs_task_definition'], 'ECS task definition and revision'),
]

const appNames = ['app', 'service', 'service.name', 'component', 'container_name']

interface Known {
  readonly column: Column
  readonly names: readonly string[]
  /** Only these values; others of that name mean something else. */
  readonly only: NameIndex<true> | undefined
}

function wellKnown(
  name: string,
  names: readonly string[],
  description: string,
  values?: readonly string[],
): Known {
  const only = values && new NameIndex(values.map((value) => [value, true] as const))
  return { column: { name, type: 'STRING', description }, names, only }
}

export const jsonLines: Format = {
  name: 'json-lines',
  delivery: 'none',
  evolves: true,
  about: 'one JSON object a line: ECS, FireLens, any',
  columns: known.map(({ column }) => column),
  paths: known.flatMap(({ column, names }) => names.map((path) => ({ path, column: column.name }))),
  wrapper: 'log',
  app: { fields: appNames },
  detection: { reads: 'any', share: shareOfObjects },
  blocks: jsonLineBlocks,
  recordsOfLine: documentsOnLine,
  settings: ['records', 'time'],
  parser: (appFields, options) => parserFor(appFields, options?.time),
}

const noObject = reject(
  'malformed',
  'the line is no JSON object, or nested too deep: cut off, or another format?',
)

/** Lines that go on with others, as those of a stack trace, are no objects: they count. */
function shareOfObjects({ lines, head }: FirstLines): number {
  const layout = layoutOf(head)
  const records = layout === 'lines' ? lines : firstRecords(head, layout === 'otlp' ? wholeDocuments : layout)
  const members = new JsonMembers()
  const objects = records.filter((record) => {
    const isWhole = members.scan(record, 0, record.length)
    return isWhole || withoutNotNumbers(record) !== undefined || documentsOnLine(record) !== undefined
  })
  // The first object may be longer than what is looked at.
  if (records.length === 0) return layout === 'lines' ? 0 : 1
  return objects.length / records.length
}

function parserFor(appFields: readonly string[], time?: TimeSetting): LineParser {
  const line = new JsonMembers()
  const inner = new JsonMembers()
  const found = new FoundMembers()
  const rest = new RestText()
  const apps = appFields.map((path) => new ScalarPath(path))
  const timePath = time && new ScalarPath(time.field)
  const readSaid = time && timeReader(time)
  return (bytes, start, end, row) => {
    if (!line.scan(bytes, start, end)) {
      const readable = withoutNotNumbers(bytes.subarray(start, end))
      if (!readable || !line.scan(readable, 0, readable.length)) return noObject
    }
    const log = scanLog(line, inner)
    const app = appOf(apps, log < 0 ? undefined : inner, line)
    if (app !== undefined) row.app(app)
    found.clear()
    if (timePath) {
      // Where the source says which field is the time, no other is.
      found.hasTime = true
      const micros = readSaid?.((log < 0 ? undefined : timePath.textAt(inner)) ?? timePath.textAt(line) ?? '')
      if (micros !== undefined) row.eventTime(micros)
    }
    rest.begin()
    if (log >= 0) {
      readLayer(inner, found, row)
      line.taken[log] = 1
    }
    readLayer(line, found, row)
    rest.keep(line)
    if (log >= 0) rest.nest(line, log, () => rest.keep(inner))
    rest.finish(row)
    return inRow
  }
}

const logName = Buffer.from('log')
const openObject = 0x7b

/** Scans the object a service wrote as JSON into FireLens's `log`; the member, or -1 if there is none. */
function scanLog(line: JsonMembers, inner: JsonMembers): number {
  const log = line.indexOf(logName)
  if (log < 0 || !line.isText(log) || line.bytes[line.start(log) + 1] !== openObject) return -1
  const { bytes, start, end } = line.textBytes(log)
  return inner.scan(bytes, start, end) ? log : -1
}

function appOf(
  paths: readonly ScalarPath[],
  inner: JsonMembers | undefined,
  line: JsonMembers,
): string | undefined {
  for (const path of paths) {
    const app = (inner && path.textAt(inner)) ?? path.textAt(line)
    if (app !== undefined) return app
  }
  return undefined
}

/** What a member's name may stand for: a column or the time. Of several names for one, the lowest rank wins. */
interface Role {
  /** -1 for none. */
  readonly column: number
  readonly rank: number
  /** -1 for none. */
  readonly timeRank: number
  /** Columns that may stand within it: `log.level` may be `level` within `log`. */
  readonly within: readonly { readonly column: number; readonly rank: number; readonly path: string }[]
}

const unranked = 1_000
const roles = new NameIndex(roleEntries())

function roleEntries(): [string, Role][] {
  const ranked = known.flatMap(({ names }, column) => names.map((name, rank) => ({ name, column, rank })))
  const outer = (name: string) => name.slice(0, Math.max(0, name.indexOf('.')))
  const names = new Set([...ranked.flatMap(({ name }) => [name, outer(name)]), ...timeNames])
  return [...names].map((name) => {
    const { column, rank } = ranked.find((one) => one.name === name) ?? { column: -1, rank: unranked }
    const within = ranked
      .filter((one) => name !== '' && outer(one.name) === name)
      .map((one) => ({ ...one, path: one.name.slice(name.length + 1) }))
    return [name, { column, rank, timeRank: timeRank(name), within }]
  })
}

/** Which columns have a value, over the layers of one line. Used again for every line. */
class FoundMembers {
  readonly columns = new Uint8Array(known.length)
  /** Of the layer at hand: the rank for each column, and its member, or its text from within one. */
  readonly ranks = new Int16Array(known.length)
  readonly members = new Int32Array(known.length)
  readonly texts: string[] = known.map(() => '')
  hasTime = false

  clear(): void {
    this.columns.fill(0)
    this.hasTime = false
  }

  clearLayer(): void {
    this.ranks.fill(unranked)
  }
}

/**
 * Writes the values that one object of the line has for columns still empty, and takes those that fit whole. Each member is
 * looked at once: looking for every known name costs twice as much.
 */
function readLayer(layer: JsonMembers, found: FoundMembers, row: RowWriter): void {
  found.clearLayer()
  let time: { index: number; rank: number; micros: number } | undefined
  for (let index = 0; index < layer.count; index++) {
    if (layer.taken[index] === 1) continue
    const role = layer.lookUp(roles, index)
    if (!role) continue
    consider(role, layer, index, found)
    if (found.hasTime || role.timeRank < 0 || role.timeRank > (time?.rank ?? unranked)) continue
    const micros = readMemberTime(layer, index)
    if (micros !== undefined) time = { index, rank: role.timeRank, micros }
  }
  writeFound(layer, found, row)
  if (!time) return
  found.hasTime = true
  if (row.eventTime(time.micros) && isExact(layer, time.index)) layer.taken[time.index] = 1
}

function consider(role: Role, layer: JsonMembers, index: number, found: FoundMembers): void {
  const { column, rank, within } = role
  if (layer.isText(index)) {
    if (column < 0 || found.columns[column] === 1 || rank > (found.ranks[column] as number)) return
    const only = known[column]?.only
    if (only && layer.lookUpText(only, index) === undefined) return
    found.ranks[column] = rank
    found.members[column] = index
  } else if (within.length > 0 && layer.isObject(index)) {
    const object = parseJsonObject(layer.written(index))
    for (const { column, rank, path } of within) {
      const text = object && memberAt(object, path)
      if (typeof text !== 'string' || found.columns[column] === 1) continue
      if (rank >= (found.ranks[column] as number)) continue
      found.ranks[column] = rank
      found.members[column] = -1
      found.texts[column] = text
    }
  }
}

function writeFound(layer: JsonMembers, found: FoundMembers, row: RowWriter): void {
  for (let column = 0; column < known.length; column++) {
    if (found.ranks[column] === unranked) continue
    found.columns[column] = 1
    const index = found.members[column] as number
    if (index >= 0) {
      layer.writeText(row, column, index)
      layer.taken[index] = 1
    } else row.string(column, (found.texts[column] as string).toWellFormed())
  }
}

/** Nothing of a time to the microsecond is lost in a TIMESTAMP; a finer one stays in `rest` as well. */
function isExact(layer: JsonMembers, index: number): boolean {
  if (layer.isObject(index)) return false
  const [start, end] = [layer.start(index), layer.end(index)]
  let [run, before] = [0, 0]
  for (let at = start; at <= end; at++) {
    const byte = at < end ? (layer.bytes[at] as number) : 0
    if (byte >= 0x30 && byte <= 0x39) {
      run += 1
      continue
    }
    // Seven decimals of seconds, four of milliseconds, one of microseconds; nanoseconds.
    if (run >= 17 || (before > 0 && (run >= 7 || (before >= 13 && run >= 4) || (before >= 16 && run >= 1))))
      return false
    before = byte === 0x2e || byte === 0x2c ? run : 0
    run = 0
  }
  return true
}
