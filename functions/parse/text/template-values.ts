import { type Reject, reject } from '../../model/reject.ts'
import { isBlank, type Place } from './log-template.ts'
import { isAt } from './name-index.ts'

const space = 0x20
const quote = 0x22
const comma = 0x2c
const backslash = 0x5c

/** Finds the values of the line `bytes[start, end)`. Looks at each byte a bounded number of times. */
export function findValues(
  places: readonly Place[],
  bytes: Buffer,
  start: number,
  end: number,
  starts: Int32Array,
  ends: Int32Array,
): Reject | undefined {
  const byte = (at: number) => `byte ${at - start + 1}`
  let at = start
  for (let index = 0; index < places.length; index++) {
    const place = places[index] as Place
    const { variable, before, after } = place
    if (index === 0) {
      if (!isText(bytes, at, end, before)) return malformed(`${byte(at)}: no ${shown(before)} in front`)
      at += before.length
    }
    const to = endOf(place, bytes, at, end)
    if (to < 0 || !isText(bytes, to, end, after)) {
      const last = to < 0 ? at : to
      return malformed(`${byte(last)}: no ${shown(after)} behind ${variable.written}: another format?`)
    }
    if (!place.isQuoted && holdsOthers(place, bytes, at, to))
      return malformed(`${byte(at)}: ${variable.written} holds what stands between values: another format?`)
    starts[index] = at
    ends[index] = to
    at = to + after.length
  }
  return at === end ? undefined : malformed(`${byte(at)}: more than the format has: another format?`)
}

/** Where a value ends; -1 if what is behind it never comes. */
function endOf(
  { variable, after, isQuoted, isList }: Place,
  bytes: Buffer,
  start: number,
  end: number,
): number {
  const { spaces } = variable
  if (after.length === 0) return end
  if (isQuoted) return indexOf(after.subarray(0, 1), bytes, start, end)
  let from = start
  if (typeof spaces === 'number') {
    for (let left = spaces; left > 0; left--) {
      const next = indexOf(oneSpace, bytes, from, end)
      if (next < 0) return -1
      from = next + 1
    }
  }
  let to = indexOf(after, bytes, from, end)
  if (!isList || after[0] !== space) return to
  while (to > 0) {
    if (bytes[to - 1] === comma) to = indexOf(after, bytes, to + 1, end)
    else if (isText(bytes, to, end, betweenGroups)) to = indexOf(after, bytes, to + betweenGroups.length, end)
    else return to
  }
  return to
}

const oneSpace = Buffer.from(' ')
/** Between the servers of one request and those it was redirected to within nginx. */
const betweenGroups = Buffer.from(' : ')

/** A space, or the text before it, within a value: then values may have moved. */
function holdsOthers(
  { variable, before, noSpaces, isList }: Place,
  bytes: Buffer,
  start: number,
  end: number,
): boolean {
  if (typeof variable.spaces === 'number') return false
  if (noSpaces && hasSpace(bytes, start, end, isList)) return true
  // What begins in the text before it and ends in the value counts too.
  const from = start - before.length + 1
  return before.length > 0 && !isBlank(before) && indexOf(before, bytes, from, end) >= 0
}

/** Other than those of a list, if it is one. */
function hasSpace(bytes: Buffer, start: number, end: number, isList: boolean): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== space) continue
    if (isList && isText(bytes, at, end, betweenGroups)) at += betweenGroups.length - 1
    else if (!isList || at === start || bytes[at - 1] !== comma) return true
  }
  return false
}

/** The first place of a text from `start` on; -1 if there is none. A quote with a backslash before it is none. */
function indexOf(text: Buffer, bytes: Buffer, start: number, end: number): number {
  const escapes = text[0] === quote
  for (let at = start; at < end; at++) {
    if (bytes[at] === text[0] && isText(bytes, at, end, text)) return at
    if (escapes && bytes[at] === backslash) at++
  }
  return -1
}

function isText(bytes: Buffer, start: number, end: number, text: Buffer): boolean {
  return start + text.length <= end && isAt(bytes, start, text)
}

/** Short, as in the reason of a reject. */
function shown(text: Buffer): string {
  return JSON.stringify(text.toString('utf8'))
}

function malformed(reason: string): Reject {
  return reject('malformed', reason)
}
