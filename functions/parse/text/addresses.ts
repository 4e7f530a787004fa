import type { RowWriter } from '../../model/row-writer.ts'
import type { Field } from './fields.ts'
import { readInteger } from './numbers.ts'

const bracket = 0x5b
const closingBracket = 0x5d
const colon = 0x3a
const dot = 0x2e
const dash = 0x2d
const underscore = 0x5f
const percent = 0x25
const comma = 0x2c
const space = 0x20

/**
 * Whether text has the form of an IPv4 or IPv6 address: three dots or two colons, or more, between letters and digits.
 * What stands for digits is not checked: addresses may be made unrecognisable, as in `x.x.x.0`.
 */
export function isAddress(bytes: Buffer, start: number, end: number): boolean {
  let dots = 0
  let colons = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === dot) dots++
    else if (byte === colon) colons++
    else if (!isLetterOrDigit(byte) && byte !== percent) return false
  }
  return colons >= 2 || (dots >= 3 && colons === 0)
}

/** An address of a host. */
export function address(name: string, description: string): Field {
  return {
    columns: [{ name, type: 'STRING', description }],
    expects: 'address',
    write: (row, column, bytes, start, end) => {
      if (!isAddress(bytes, start, end)) return false
      row.text(column, bytes, start, end)
      return true
    },
  }
}

/** `address:port`, the address in brackets or not, as `<name>_ip` and `<name>_port`. */
export function endpoint(name: string, description: string): Field {
  return {
    columns: [
      { name: `${name}_ip`, type: 'STRING', description: `Address of ${description}` },
      { name: `${name}_port`, type: 'INT64', description: `Port of ${description}` },
    ],
    expects: 'address with a port',
    write: writeEndpoint,
  }
}

function writeEndpoint(row: RowWriter, column: number, bytes: Buffer, start: number, end: number): boolean {
  let split = end - 1
  while (split > start && bytes[split] !== colon) split--
  const bracketed = bytes[start] === bracket && bytes[split - 1] === closingBracket
  const [from, to] = bracketed ? [start + 1, split - 1] : [start, split]
  const port = readInteger(bytes, split + 1, end)
  if (port === undefined || !isAddress(bytes, from, to)) return false
  row.text(column, bytes, from, to)
  row.integer(column + 1, port)
  return true
}

/**
 * Whether text can be a client of a web server: an address, with a port or not, the name of a host, or `unix:`.
 * A number is none, nor is a list.
 */
export function isClient(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] === bracket) return isBracketed(bytes, start, end)
  let dots = 0
  let colons = 0
  let lastColon = -1
  let isName = false
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === dot) dots++
    else if (byte === colon) {
      colons++
      lastColon = at
    } else if (byte === dash || byte === underscore || isLetter(byte)) isName = true
    else if (!isDigit(byte) && byte !== percent) return false
  }
  if (colons >= 2) return isAddress(bytes, start, end)
  if (!isName && dots < 3) return false
  return colons === 0 || (lastColon > start && isPort(bytes, lastColon + 1, end)) || isUnix(bytes, start, end)
}

/** Whether text is a list of addresses, with ports or not, as in a header X-Forwarded-For. Proxies may not know one. */
export function isForwardedFor(bytes: Buffer, start: number, end: number): boolean {
  for (let from = start; ; ) {
    let to = from
    while (to < end && bytes[to] !== comma) to++
    if (!isAddressWithPort(bytes, from, to) && bytes.toString('latin1', from, to) !== 'unknown') return false
    if (to === end) return true
    from = to + 1
    while (from < end && bytes[from] === space) from++
  }
}

/** Whether text is an address, with a port or not. */
function isAddressWithPort(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] === bracket) return isBracketed(bytes, start, end)
  let split = end - 1
  while (split > start && bytes[split] !== colon) split--
  return isAddress(bytes, start, end) || (isAddress(bytes, start, split) && isPort(bytes, split + 1, end))
}

function isBracketed(bytes: Buffer, start: number, end: number): boolean {
  let close = end - 1
  while (close > start && bytes[close] !== closingBracket) close--
  if (!isAddress(bytes, start + 1, close)) return false
  return close + 1 === end || (bytes[close + 1] === colon && isPort(bytes, close + 2, end))
}

function isPort(bytes: Buffer, start: number, end: number): boolean {
  return end > start && end - start <= 5 && readInteger(bytes, start, end) !== undefined
}

function isUnix(bytes: Buffer, start: number, end: number): boolean {
  return end - start === 5 && bytes.toString('latin1', start, end) === 'unix:'
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
}

function isLetterOrDigit(byte: number): boolean {
  return isDigit(byte) || isLetter(byte)
}
