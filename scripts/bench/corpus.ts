import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { FormatName } from '../../functions/parse/formats.ts'
import { type Random, seededRandom } from '../random.ts'
import { sampleObjects } from '../samples/sample-objects.ts'

const fixtures = join(import.meta.dirname, '../../test/fixtures')

/**
 * Text of a format, about `bytes` long: the sample logs where there are some, else the format's fixtures with the long
 * numbers in them drawn anew for every line, so that it compresses as a log does and not as a repetition.
 */
export function corpus(format: FormatName, bytes: number): Buffer {
  const random = seededRandom(1)
  const sampled = sampleLines(format)
  const isTrail = format === 'cloudtrail'
  const lines = sampled.length > 0 ? sampled : isTrail ? trailEvents() : fixtureLines(format)
  const out: string[] = []
  for (let length = 0; length < bytes; ) {
    for (const line of lines) {
      const varied = sampled.length > 0 ? line : vary(line, random)
      out.push(varied)
      length += varied.length + 1
    }
  }
  return Buffer.from(isTrail ? `{"Records":[${out.join(',')}]}` : `${out.join('\n')}\n`)
}

/** Events such as fill a trail. The fixtures are rare ones. */
function trailEvents(): string[] {
  return readFileSync(join(import.meta.dirname, 'cloudtrail.jsonl'), 'utf8')
    .trim()
    .split('\n')
}

function sampleLines(format: FormatName): string[] {
  const source = { alb: 'alb', 'json-lines': 'ecs' }[format as string]
  return sampleObjects({ now: Date.UTC(2026, 0, 1) })
    .filter((object) => object.source === source)
    .flatMap(({ key, body }) => (key.endsWith('.gz') ? gunzipSync(body) : body).toString('utf8').split('\n'))
    .filter(Boolean)
}

function fixtureLines(format: FormatName): string[] {
  return readdirSync(fixtures)
    .filter((name) => name.startsWith(`${format}.`) && name.endsWith('.log'))
    .slice(0, 1)
    .flatMap((name) => readFileSync(join(fixtures, name), 'utf8').split(/\r?\n/))
    .filter(Boolean)
}

/**
 * Draws anew what differs from line to line in a log: the digits of long numbers but the first, the letters and digits
 * of ids, the last part of addresses. All keep their length and kind, a time its day, and JSON its names.
 */
function vary(line: string, random: Random): string {
  const digit = () => String(Math.floor(random() * 10))
  const letter = (old: string) => (/\d/.test(old) ? digit() : 'abcdef'[Math.floor(random() * 6)]) ?? old
  return line.replace(/(?<![\w-])(?!(?:19|20)\d\d-)[\w-]{8,}\b(?!":)|\b(\d{1,3}\.){3}\d{1,3}\b/g, (token) => {
    if (/^\d+$/.test(token)) return token.slice(0, 1) + token.slice(1).replace(/\d/g, digit)
    if (/^[\d.]+$/.test(token)) return token.replace(/\d+$/, () => String(1 + Math.floor(random() * 254)))
    return /\d/.test(token) ? token.replace(/[a-f\d]/g, letter) : token
  })
}
