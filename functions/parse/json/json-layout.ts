/** How the JSON objects of a file are laid out. */
import { behindMark } from '../reading/byte-order-mark.ts'
import { JsonMembers } from './json-members.ts'
import { isBlank } from './partial-record.ts'
import { type Framing, RecordCutter } from './record-cutter.ts'

/** A line that goes on for so many bytes is taken for many objects. */
export const longLine = 256 * 1024

const newline = 0x0a
const openObject = 0x7b
const openList = 0x5b
const recordSeparator = 0x1e
const comma = 0x2c

/** `lines`: an object a line. `otlp`: OpenTelemetry's documents. Else documents that need cutting. */
export type JsonLayout = 'lines' | 'otlp' | Framing

/** Documents that hold nothing but a list under one of these names are lists, whoever writes them. */
const wrapper =
  /^\s*\{\s*"(records|Records|logs|events|entries|items|value|values|data|results|logEvents|logEntries|messages)"\s*:\s*\[\s*\{/
/** Names that say it alone: Azure's and AWS's. */
const certain: ReadonlySet<string> = new Set(['records', 'Records'])
/** https://docs.aws.amazon.com/config/latest/developerguide/example-s3-snapshot.html [2026-11] */
const configItems = /^\s*\{\s*"fileVersion"\s*:[^[\]{}]*"configurationItems"\s*:\s*\[/
/** https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding [2026-11] */
const otlp = /^\s*\{\s*"resourceLogs"\s*:\s*\[/

/**
 * The layout of a file that begins with these bytes: up to `longLine` of them, or all.
 * @param list the member that lists the records of a document, where the source names one.
 */
export function layoutOf(first: Buffer, list?: string): JsonLayout {
  const head = withoutLead(first)
  if (list !== undefined) return { list, envelope: false, attach: true }
  const start = head.toString('latin1', 0, 4096)
  if (otlp.test(start)) return 'otlp'
  if (configItems.test(start)) return { list: 'configurationItems', envelope: false, attach: true }
  const name = wrapper.exec(start)?.[1]
  if (name !== undefined && (certain.has(name) || isOneDocument(head)))
    return { list: name, envelope: false, attach: true }
  return isCut(first, head) ? { list: undefined, envelope: false } : 'lines'
}

/** Whether its objects are not one a line. */
function isCut(first: Buffer, head: Buffer): boolean {
  const lead = first.subarray(0, first.length - head.length)
  if (lead.includes(recordSeparator)) return true
  if (head[0] === openList) return /^\[\s*[{\]]/.test(head.toString('latin1', 0, 256))
  if (head[0] !== openObject) return false
  const end = head.indexOf(newline)
  // Firehose writes records one right after the other unless set otherwise, megabytes without a newline.
  if (end < 0 && head.length >= longLine) return true
  const line = trimmed(head.subarray(0, end < 0 ? head.length : end))
  if (isObject(line)) return false
  if (line.at(-1) === comma && isObject(trimmed(line.subarray(0, -1)))) return true
  // The first object ends on a later line.
  const document = firstDocument(head)
  return document !== undefined && document.length > line.length && isObject(document)
}

function isOneDocument(head: Buffer): boolean {
  const document = firstDocument(head)
  return document === undefined || trimmed(head).length === document.length
}

/** The first document that ends within these bytes. */
function firstDocument(head: Buffer): Buffer | undefined {
  const cutter = new RecordCutter({ list: undefined, envelope: false }, head.length)
  const blocks = [...cutter.cut(head), ...cutter.ended()]
  return blocks.flatMap((block) => (block.kind === 'records' ? block.records : []))[0]
}

const members = new JsonMembers()

function isObject(text: Buffer): boolean {
  return members.scan(text, 0, text.length)
}

function withoutLead(first: Buffer): Buffer {
  const text = behindMark(first)
  let at = 0
  while (at < text.length && (isBlank(text[at] ?? 0) || text[at] === recordSeparator)) at++
  return text.subarray(at)
}

function trimmed(text: Buffer): Buffer {
  let end = text.length
  while (end > 0 && isBlank(text[end - 1] ?? 0)) end--
  return text.subarray(0, end)
}
