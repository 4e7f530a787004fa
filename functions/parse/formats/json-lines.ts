import type { Column } from '../../model/column.ts'
import { documentsOnLine } from '../documents-on-line.ts'
import { readTime, timeNames } from '../event-time.ts'
import type { Format } from '../format.ts'
import {
  firstScalar,
  isObject,
  type JsonObject,
  memberAt,
  numberText,
  parseJsonObject,
  toJson,
} from '../json-document.ts'
import type { LineParser, RowWriter } from '../row-writer.ts'

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
  wellKnown('stream', ['source', 'stream'], 'stdout or stderr', /^std(out|err)$/),
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
  /** Only values like this; others of that name mean something else. */
  readonly like: RegExp | undefined
}

function wellKnown(name: string, names: readonly string[], description: string, like?: RegExp): Known {
  return { column: { name, type: 'STRING', description }, names, like }
}

export const jsonLines: Format = {
  name: 'json-lines',
  about: 'one JSON object a line: ECS, FireLens, any',
  columns: known.map(({ column }) => column),
  app: { fields: appNames },
  detection: { reads: 'any' },
  recordsOfLine: documentsOnLine,
  parser: (appFields) => parserFor(appFields),
}

function parserFor(appFields: readonly string[]): LineParser {
  const found = new FoundMembers()
  return (bytes, start, end, row) => {
    const document = parseJsonObject(bytes.toString('utf8', start, end))
    if (!document)
      return {
        errorClass: 'malformed',
        reason: 'the line is no JSON object, or nested too deep: cut off, or another format?',
      }
    const inner = innerDocument(document)
    const app = appOf(inner, document, appFields)
    if (app !== undefined) row.app(app)
    found.clear()
    const innerRest = inner && readLayer(inner, undefined, found, row)
    const rest = readLayer(document, inner && 'log', found, row)
    const whole = innerRest ? { ...rest, log: innerRest } : rest
    if (whole) row.rest(toJson(whole))
    return undefined
  }
}

/** The object a service wrote as JSON into FireLens's `log`. */
function innerDocument(document: JsonObject): JsonObject | undefined {
  const { log } = document
  return typeof log === 'string' && log.startsWith('{') ? parseJsonObject(log) : undefined
}

function appOf(
  inner: JsonObject | undefined,
  document: JsonObject,
  appFields: readonly string[],
): string | undefined {
  for (const name of appFields) {
    const value = (inner && firstScalar(inner, [name])) ?? firstScalar(document, [name])
    if (value !== undefined) return value
  }
  return undefined
}

/** Which column a member's name stands for, and how it ranks among that column's names: the lowest wins. */
interface Role {
  readonly column: number
  readonly rank: number
}

const roles: ReadonlyMap<string, Role> = new Map(
  known.flatMap(({ names }, column) => names.map((name, rank) => [name, { column, rank }] as const)),
)
const timeRanks: ReadonlyMap<string, number> = new Map(timeNames.map((name, rank) => [name, rank]))
/** Names such as `log.level`, which may also stand for a member within a member. */
const paths = [...roles].filter(([name]) => name.includes('.'))
const unranked = 1_000

/** Which columns have a value, over the layers of one line. Used again for every line. */
class FoundMembers {
  readonly columns: boolean[] = new Array(known.length).fill(false)
  readonly ranks: number[] = new Array(known.length).fill(unranked)
  readonly names: (string | undefined)[] = new Array(known.length).fill(undefined)
  hasTime = false

  clear(): void {
    this.columns.fill(false)
    this.hasTime = false
  }
}

/**
 * Writes what one object of the line has for columns that have nothing yet, and gives what is left of it; undefined
 * when nothing is. Members are looked at once each: looking for every known name costs twice as much.
 */
function readLayer(
  layer: JsonObject,
  without: string | undefined,
  found: FoundMembers,
  row: RowWriter,
): JsonObject | undefined {
  found.ranks.fill(unranked)
  found.names.fill(undefined)
  let time: { name: string; rank: number; micros: number } | undefined
  for (const name in layer) {
    if (name === without) continue
    const role = roles.get(name)
    if (role) consider(name, role, layer[name], found)
    const rank = found.hasTime ? undefined : timeRanks.get(name)
    if (rank === undefined || rank > (time?.rank ?? unranked)) continue
    const micros = readTime(layer[name])
    if (micros !== undefined) time = { name, rank, micros }
  }
  const taken = writeFound(layer, without, found, row)
  if (time) found.hasTime = true
  const timeTaken = time && row.eventTime(time.micros) && isExact(layer[time.name]) ? time.name : undefined
  return leftOf(layer, (name) => name === without || name === timeTaken || taken(name))
}

function consider(
  name: string,
  { column, rank }: Role,
  value: unknown,
  { columns, ranks, names }: FoundMembers,
): void {
  if (typeof value !== 'string' || columns[column] || rank > (ranks[column] ?? 0)) return
  if (known[column]?.like?.test(value) === false) return
  ranks[column] = rank
  names[column] = name
}

/** Writes the columns found in a layer. Gives which of its members are in them whole. */
function writeFound(
  layer: JsonObject,
  without: string | undefined,
  found: FoundMembers,
  row: RowWriter,
): (name: string) => boolean {
  for (const [path, role] of paths) {
    const root = path.slice(0, path.indexOf('.'))
    if (root !== without && isObject(layer[root])) consider(path, role, memberAt(layer, path), found)
  }
  for (const [column, name] of found.names.entries()) {
    if (name === undefined) continue
    found.columns[column] = true
    row.string(column, String(memberAt(layer, name)).toWellFormed())
  }
  return (name) => {
    const role = roles.get(name)
    return role !== undefined && found.names[role.column] === name
  }
}

/** Nothing of a time to the microsecond is lost in a TIMESTAMP; a finer one stays in `rest` as well. */
function isExact(value: unknown): boolean {
  const written = typeof value === 'string' ? value : (numberText(value) ?? '')
  return !/[.,]\d{7}|\d{13}\.\d{4}|\d{16}\.\d|\d{17}/.test(written)
}

function leftOf(layer: JsonObject, isTaken: (name: string) => boolean): JsonObject | undefined {
  // Only without a prototype is `__proto__` a name like any other.
  const left: Record<string, unknown> = Object.hasOwn(layer, '__proto__') ? Object.create(null) : {}
  let any = false
  for (const name in layer) {
    if (isTaken(name)) continue
    left[name] = layer[name]
    any = true
  }
  return any ? left : undefined
}
