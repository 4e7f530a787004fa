import type { Random } from '../random.ts'
import { integer } from './draw.ts'

/** Not UTF-8 under any reading, and neither a log entry nor JSON if the bytes are replaced. */
const notUtf8 = Buffer.from([0xff, 0xfe, 0x41, 0xc3, 0x28, 0x80, 0x20, 0xed, 0xa0, 0x80])

/** An entry cut before its status, as after a lost connection. Leaves at least the type. */
export function truncatedEntry(random: Random, line: string): Buffer {
  return Buffer.from(
    line
      .split(' ')
      .slice(0, integer(random, 1, 7))
      .join(' '),
  )
}

/** JSON cut somewhere after its opening brace and before its closing one. */
export function cutJson(random: Random, line: string): Buffer {
  return Buffer.from(line).subarray(0, integer(random, 1, Buffer.byteLength(line) - 1))
}

export function garbage(): Buffer {
  return Buffer.from('}{ )( kernel panic: not a log line')
}

export function invalidUtf8(): Buffer {
  return notUtf8
}
