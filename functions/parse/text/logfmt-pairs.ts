import { type Reject, reject } from '../../model/reject.ts'

/** A word of a line: `name=value`, or `name` alone, whose value is `true`. */
export interface LogfmtPair {
  readonly name: string
  /** Without its quotes and escapes. */
  readonly value: string | true
}

const tab = 0x09
const space = 0x20
const quote = 0x22
const apostrophe = 0x27
const equals = 0x3d
const backslash = 0x5c
const maxPairs = 1024
const flag = /^[A-Za-z_][\w./@:-]*$/

/**
 * The pairs of a line of logfmt: words between blanks, values in double quotes where they have blanks in them; see
 * https://pkg.go.dev/github.com/go-logfmt/logfmt [2026-11]. Rejected is what may mean something else: a word without `=`
 * behind a value without quotes may be the rest of it; so may a quote, or an apostrophe, that stands within a word.
 */
export function logfmtPairs(bytes: Buffer, start: number, end: number): LogfmtPair[] | Reject {
  const pairs: LogfmtPair[] = []
  let bare = false
  for (let at = start; at < end; ) {
    if (isBlank(bytes[at])) {
      at += 1
      continue
    }
    if (pairs.length === maxPairs) return reject('malformed', `more than ${maxPairs} pairs: another format?`)
    const nameEnd = wordEnd(bytes, at, end, true)
    const name = bytes.toString('utf8', at, nameEnd)
    if (nameEnd === at || bytes[nameEnd] === quote)
      return reject('malformed', `no name at byte ${at - start}: another format?`)
    if (nameEnd === end || bytes[nameEnd] !== equals) {
      if (bare || !flag.test(name))
        return reject('malformed', `the word at byte ${at - start} has no =: a value without quotes?`)
      pairs.push({ name, value: true })
      at = nameEnd
      continue
    }
    at = nameEnd + 1
    const quoted = at < end && bytes[at] === quote
    const valueEnd = quoted ? closingQuote(bytes, at + 1, end) : wordEnd(bytes, at, end, false)
    if (valueEnd < 0) return reject('malformed', `the quote opened at byte ${at - start} is never closed`)
    if (quoted ? valueEnd + 1 < end && !isBlank(bytes[valueEnd + 1]) : !isPlain(bytes, at, valueEnd, end))
      return reject('malformed', `the value at byte ${at - start} has a quote within`)
    const written = bytes.toString('utf8', quoted ? at + 1 : at, valueEnd)
    pairs.push({ name, value: quoted ? unescaped(written) : written })
    bare = !quoted
    at = quoted ? valueEnd + 1 : valueEnd
  }
  return pairs
}

function isBlank(byte: number | undefined): boolean {
  return byte === space || byte === tab
}

/** Where a word ends: at a blank, at a quote, and, in a name, at an equals sign. */
function wordEnd(bytes: Buffer, from: number, end: number, inName: boolean): number {
  let at = from
  while (at < end && !isBlank(bytes[at]) && bytes[at] !== quote && !(inName && bytes[at] === equals)) at++
  return at
}

/** Whether a value without quotes is whole: one that opens with an apostrophe also closes with one. */
function isPlain(bytes: Buffer, from: number, to: number, end: number): boolean {
  if (to < end && bytes[to] === quote) return false
  return bytes[from] !== apostrophe || from >= to || (to > from + 1 && bytes[to - 1] === apostrophe)
}

function closingQuote(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (bytes[at] === backslash) at++
    else if (bytes[at] === quote) return at
  }
  return -1
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Escapes of JSON are taken away; others, as Go writes for bytes that are no text, stay as written. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text
    .replace(/\\(?:u([\da-fA-F]{4})|([^u])|u)/gs, (written, code?: string, one?: string) =>
      code !== undefined
        ? String.fromCharCode(Number.parseInt(code, 16))
        : ((one && escapes[one]) ?? written),
    )
    .toWellFormed()
}
