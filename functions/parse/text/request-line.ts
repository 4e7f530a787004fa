import type { RowWriter } from '../../model/row-writer.ts'
import { type Field, type FieldSpan, isDash } from './fields.ts'

const space = 0x20
const slash = 0x2f
const dash = 0x2d
const underscore = 0x5f
const quote = 0x22
/** None is longer than `HTTP/1.1` by much. */
const longestVersion = 16

/** `GET url HTTP/1.1` as three columns. What is no request line is all in the URL. */
export function request(verb = 'request_verb', url = 'request_url', proto = 'request_proto'): Field {
  return {
    columns: [
      { name: verb, type: 'STRING', description: 'HTTP method' },
      { name: url, type: 'STRING', description: 'URL as the client asked for it' },
      { name: proto, type: 'STRING', description: 'HTTP version' },
    ],
    write: writeRequest,
  }
}

/**
 * The same in quotes, of a load balancer: it may have quotes as they are. It ends at one before the user agent, which is
 * in quotes too, or at the line's end. Behind a version it has to end.
 */
export function quotedRequest(verb?: string, url?: string, proto?: string): Field {
  const span: FieldSpan = (bytes, start, end) => {
    if (bytes[start] !== quote) return -1
    for (let at = start + 1; at < end; at++) {
      if (bytes[at] !== quote) continue
      if (at + 1 === end || (bytes[at + 1] === space && bytes[at + 2] === quote)) return at + 1
      if (endsWithVersion(bytes, start, at)) return -1
    }
    return -1
  }
  return { ...request(verb, url, proto), span }
}

function endsWithVersion(bytes: Buffer, start: number, end: number): boolean {
  let word = end
  while (word > start && word > end - longestVersion && bytes[word - 1] !== space) word--
  return bytes[word - 1] === space && isVersion(bytes, word, end)
}

/**
 * A request without a version is of HTTP/0.9 (https://www.rfc-editor.org/rfc/rfc1945#section-4.1) or, of load
 * balancers, one they know little of: those write `-` for what they lack, or nothing behind a space.
 */
function writeRequest(row: RowWriter, column: number, bytes: Buffer, start: number, end: number): boolean {
  let first = start
  while (first < end && bytes[first] !== space) first++
  const trimmed = bytes[end - 1] === space ? end - 1 : end
  let last = trimmed - 1
  while (last > first && bytes[last] !== space) last--
  const versioned = last > first && isVersion(bytes, last + 1, trimmed)
  if (first >= trimmed || !(isDash(bytes, start, first) || versioned || isMethod(bytes, start, first))) {
    writeText(row, column + 1, bytes, start, trimmed)
    return true
  }
  writeText(row, column, bytes, start, first)
  writeText(row, column + 1, bytes, first + 1, versioned ? last : trimmed)
  if (versioned) writeText(row, column + 2, bytes, last + 1, trimmed)
  return true
}

function writeText(row: RowWriter, column: number, bytes: Buffer, start: number, end: number): void {
  if (end > start && !isDash(bytes, start, end)) row.text(column, bytes, start, end)
}

/** As `HTTP/1.1`, or `-`. */
function isVersion(bytes: Buffer, start: number, end: number): boolean {
  if (isDash(bytes, start, end)) return true
  let at = start
  while (at < end && isLetter(bytes[at] as number)) at++
  const digit = bytes[at + 1] as number
  return at > start && at + 1 < end && bytes[at] === slash && digit >= 0x30 && digit <= 0x39
}

/** Methods are words of capitals, with dashes or underscores as in `VERSION-CONTROL`. */
function isMethod(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    const isCapital = byte >= 0x41 && byte <= 0x5a
    if (!isCapital && byte !== dash && byte !== underscore) return false
  }
  return end > start
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
}
