import type { Column } from '../../model/column.ts'
import { readTime, timeNames } from '../event-time.ts'
import type { Format } from '../format.ts'
import {
  firstScalar,
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
  columns: known.map(({ column }) => column),
  app: { fields: appNames },
  detection: { reads: 'any' },
  parser: (appFields) => parserFor(appFields),
}

function parserFor(appFields: readonly string[]): LineParser {
  return (bytes, start, end, row) => {
    const document = parseJsonObject(bytes.toString('utf8', start, end))
    if (!document)
      return {
        errorClass: 'malformed',
        reason: 'the line is no JSON object, or nested too deep: cut off, or another format?',
      }
    const inner = innerDocument(document)
    const outer = inner ? without(document, 'log') : document
    const layers = inner ? [inner, outer] : [outer]
    const app = appOf(layers, appFields)
    if (app !== undefined) row.app(app)
    const taken = new Set<string>()
    writeTime(row, layers, taken)
    known.forEach((field, column) => {
      writeKnown(row, column, field, layers, taken)
    })
    writeRest(row, outer, inner, taken)
    return undefined
  }
}

/** The object a service wrote as JSON into FireLens's `log`. */
function innerDocument(document: JsonObject): JsonObject | undefined {
  const { log } = document
  return typeof log === 'string' && log.startsWith('{') ? parseJsonObject(log) : undefined
}

function appOf(layers: readonly JsonObject[], appFields: readonly string[]): string | undefined {
  for (const name of appFields) {
    for (const layer of layers) {
      const value = firstScalar(layer, [name])
      if (value !== undefined) return value
    }
  }
  return undefined
}

/** A layer's member is known by the layer's number and its name. */
function memberId(layer: number, name: string): string {
  return `${layer}/${name}`
}

function writeTime(row: RowWriter, layers: readonly JsonObject[], taken: Set<string>): void {
  for (const [index, layer] of layers.entries()) {
    for (const name of timeNames) {
      const micros = readTime(layer[name])
      if (micros === undefined) continue
      if (row.eventTime(micros) && isExact(layer[name])) taken.add(memberId(index, name))
      return
    }
  }
}

/** Nothing of a time to the microsecond is lost in a TIMESTAMP; a finer one stays in `rest` as well. */
function isExact(value: unknown): boolean {
  const written = typeof value === 'string' ? value : (numberText(value) ?? '')
  return !/[.,]\d{7}|\d{13}\.\d{4}|\d{16}\.\d|\d{17}/.test(written)
}

function writeKnown(
  row: RowWriter,
  column: number,
  { names, like }: Known,
  layers: readonly JsonObject[],
  taken: Set<string>,
): void {
  for (const [index, layer] of layers.entries()) {
    for (const name of names) {
      const value = memberAt(layer, name)
      if (typeof value !== 'string' || like?.test(value) === false) continue
      row.string(column, value.toWellFormed())
      if (Object.hasOwn(layer, name)) taken.add(memberId(index, name))
      return
    }
  }
}

/** What was not taken: the outer members, with what FireLens's `log` held as an object in its place. */
function writeRest(
  row: RowWriter,
  outer: JsonObject,
  inner: JsonObject | undefined,
  taken: ReadonlySet<string>,
): void {
  const innerRest = inner && leftOf(inner, 0, taken)
  const rest = leftOf(outer, inner ? 1 : 0, taken)
  if (innerRest && Object.keys(innerRest).length > 0) rest['log'] = innerRest
  if (Object.keys(rest).length > 0) row.rest(toJson(rest))
}

function without(document: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([member]) => member !== name))
}

function leftOf(document: JsonObject, layer: number, taken: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !taken.has(memberId(layer, name))))
}
