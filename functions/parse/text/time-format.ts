import type { TimeSetting } from '../../model/format.ts'
import { microsOf, type Part, readAnyTime } from './any-time.ts'
import { zoneOffsets } from './time-zone.ts'
import { readEpoch } from './timestamps.ts'

/** Reads a text as microseconds since 1970. */
export type ReadTimeText = (text: string) => number | undefined

/** Decimal places by which numbers of these formats are moved to microseconds. */
const epochs: Readonly<Record<string, number>> = { epoch_s: 1e6, epoch_ms: 1e3, epoch_us: 1, epoch_ns: 1e-3 }

/** What a directive of strptime stands for, and the text it matches. */
const directives: Readonly<Record<string, { readonly part?: Part; readonly pattern: string }>> = {
  Y: { part: 'year', pattern: '(\\d{4})' },
  m: { part: 'month', pattern: '(\\d{1,2})' },
  d: { part: 'day', pattern: ' ?(\\d{1,2})' },
  e: { part: 'day', pattern: ' ?(\\d{1,2})' },
  b: { part: 'month', pattern: '([A-Z][a-z]{2})' },
  H: { part: 'hour', pattern: ' ?(\\d{1,2})' },
  I: { part: 'hour', pattern: ' ?(\\d{1,2})' },
  p: { part: 'half', pattern: '([AaPp][Mm])' },
  M: { part: 'minute', pattern: '(\\d{2})' },
  S: { part: 'second', pattern: '(\\d{2})' },
  f: { part: 'fraction', pattern: '(\\d{1,9})' },
  z: { part: 'zone', pattern: '(Z|UTC|GMT|[+-]\\d\\d:?\\d\\d|[+-]\\d\\d)' },
  a: { pattern: '[A-Z][a-z]{2}' },
  '%': { pattern: '%' },
}

/** What is wrong with a format, in a sentence; undefined when nothing is. */
export function timeFormatFault(format: string): string | undefined {
  if (format === 'any' || format in epochs) return undefined
  const known = `any, ${Object.keys(epochs).join(', ')}, or directives such as %Y-%m-%d %H:%M:%S`
  if (!format.includes('%')) return `is no format of times: write ${known}`
  const unknown = [...format.matchAll(/%(.?)/g)].find(([, name = '']) => !(name in directives))
  if (unknown)
    return `has ${unknown[0]}, which is none of ${Object.keys(directives)
      .map((name) => `%${name}`)
      .join(' ')}`
  const parts = [...format.matchAll(/%(.)/g)].map(([, name = '']) => directives[name]?.part)
  const missing = (['year', 'month', 'day'] as const).find((part) => !parts.includes(part))
  return missing && `names no ${missing}`
}

/** A reader of such times. The setting is sound: see timeFormatFault and isZone. */
export function timeReader({ format = 'any', zone }: Pick<TimeSetting, 'format' | 'zone'>): ReadTimeText {
  const offset = zone === undefined ? undefined : zoneOffsets(zone)
  const factor = epochs[format]
  if (factor !== undefined) return (text) => epochMicros(text, factor)
  if (format !== 'any') return directed(format, offset)
  return (text) => {
    const bytes = Buffer.from(text)
    return readAnyTime(bytes, 0, bytes.length, offset)
  }
}

function epochMicros(text: string, factor: number): number | undefined {
  if (!/^\d{1,19}(\.\d{1,9})?$/.test(text)) return undefined
  // Nanoseconds have more digits than a number keeps.
  const micros =
    factor < 1 ? Number(text.replace(/\..*/, '').slice(0, -3)) : Math.round(Number(text) * factor)
  // Not a time before anything was logged, of which a wrong unit makes one.
  return readEpoch(micros / 1e6) === undefined ? undefined : micros
}

function directed(format: string, offset: ((micros: number) => number) | undefined): ReadTimeText {
  const parts: Part[] = []
  const pattern = format.replace(/%(.)|[\\^$.*+?()[\]{}|/]/g, (all, name: string | undefined) => {
    if (name === undefined) return `\\${all}`
    const directive = directives[name]
    if (directive?.part) parts.push(directive.part)
    return directive?.pattern ?? ''
  })
  const expression = new RegExp(`^${pattern}$`)
  return (text) => {
    const match = text.length > 128 ? null : expression.exec(text)
    return match
      ? microsOf(Object.fromEntries(parts.map((part, index) => [part, match[index + 1]])), offset)
      : undefined
  }
}
