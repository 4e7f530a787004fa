const zero = 0x30
const minus = 0x2d
const dot = 0x2e

/** Powers of ten that a double holds exactly. */
const powersOfTen = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

/** Digits that always fit a double exactly. */
const safeDigits = 15

/** The decimal integer in `bytes[start, end)`, exact at any size BigQuery's INT64 holds; undefined if it is none. */
export function readInteger(bytes: Buffer, start: number, end: number): number | bigint | undefined {
  const first = bytes[start] === minus ? start + 1 : start
  if (first >= end) return undefined
  let value = 0
  for (let at = first; at < end; at++) {
    const digit = (bytes[at] ?? 0) - zero
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  if (end - first <= safeDigits) return first === start ? value : -value
  return readBigInteger(bytes.toString('latin1', start, end))
}

function readBigInteger(text: string): number | bigint | undefined {
  if (text.length > 40) return undefined
  const exact = BigInt(text)
  if (BigInt.asIntN(64, exact) !== exact) return undefined
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact
}

/**
 * The decimal fraction in `bytes[start, end)`, correctly rounded; undefined if it is none.
 * Up to 15 digits it is a division of two numbers doubles hold exactly, which rounds once; others go to Number.
 */
export function readFloat(bytes: Buffer, start: number, end: number): number | undefined {
  const first = bytes[start] === minus ? start + 1 : start
  let value = 0
  let point = -1
  for (let at = first; at < end; at++) {
    const byte = bytes[at] ?? 0
    const digit = byte - zero
    if (digit >= 0 && digit <= 9) value = value * 10 + digit
    else if (byte === dot && point < 0) point = at
    else return readUnusualFloat(bytes.toString('latin1', start, end))
  }
  const digits = end - first - (point < 0 ? 0 : 1)
  if (digits < 1) return undefined
  if (digits > safeDigits) return readUnusualFloat(bytes.toString('latin1', start, end))
  const fraction = point < 0 ? value : value / (powersOfTen[end - point - 1] ?? 1)
  return first === start ? fraction : -fraction
}

/** Bounded, so that a line of digits costs nothing. */
function readUnusualFloat(text: string): number | undefined {
  if (!/^-?\d{1,40}(\.\d{0,40})?(e[+-]?\d{1,3})?$/i.test(text)) return undefined
  return Number(text)
}
