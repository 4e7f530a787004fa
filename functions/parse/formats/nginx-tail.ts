import { isForwardedFor } from '../text/addresses.ts'
import type { LineTail } from '../text/delimited.ts'
import { isDash } from '../text/fields.ts'
import { forwardedFor, gzipRatio, referer, requestLength, requestTime, userAgent } from './nginx-fields.ts'

const quote = 0x22
const point = 0x2e
const bracket = 0x5b

/**
 * What stands behind the size of an answer. In `combined` that is referer and user agent, which are always in quotes.
 * Behind them may stand one more that says what it is: a list of addresses or a compression ratio in quotes, as in the
 * formats of nginx's own configuration and manual; or, as ingress-nginx has it
 * (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/ [2026-11]), the request's
 * length and time and a name in brackets. A number alone does not say what it is.
 */
export const nginxTail: LineTail = {
  variants: [
    [],
    [referer, userAgent],
    [referer, userAgent, forwardedFor],
    [referer, userAgent, gzipRatio],
    [referer, userAgent, requestLength, requestTime],
  ],
  choose(bytes, starts, ends, first, count) {
    const isQuoted = (index: number) => index < count && bytes[(starts[index] ?? 0) - 1] === quote
    const isNull = (index: number) => isDash(bytes, starts[index] ?? 0, ends[index] ?? 0)
    const isAbsent = count === first + 2 && isNull(first) && isNull(first + 1)
    if (!isAbsent && !(isQuoted(first) && isQuoted(first + 1))) return 0
    const third = first + 2
    if (count === third) return 1
    const [start, end] = [starts[third] ?? 0, ends[third] ?? 0]
    if (!isQuoted(third)) return isOfIngress(bytes, starts, ends, third, count) ? 4 : 1
    if (start === end || isDash(bytes, start, end) || isForwardedFor(bytes, start, end)) return 2
    return decimals(bytes, start, end) === 2 ? 3 : 1
  },
}

function isOfIngress(
  bytes: Buffer,
  starts: Int32Array,
  ends: Int32Array,
  first: number,
  count: number,
): boolean {
  const decimalsOf = (index: number) => decimals(bytes, starts[index] ?? 0, ends[index] ?? 0)
  const isName = first + 2 < count && bytes[starts[first + 2] ?? 0] === bracket
  return isName && decimalsOf(first) === 0 && decimalsOf(first + 1) === 3
}

/** How many digits a number has behind its point; -1 if it is none. nginx writes two of a ratio, three of a time. */
function decimals(bytes: Buffer, start: number, end: number): number {
  let pointAt = -1
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === point && pointAt < 0 && at > start) pointAt = at
    else if (byte < 0x30 || byte > 0x39) return -1
  }
  return end === start ? -1 : pointAt < 0 ? 0 : end - pointAt - 1
}
