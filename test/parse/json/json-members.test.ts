import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nullWriter } from '../../../functions/parse/detecting/null-writer.ts'
import { formats } from '../../../functions/parse/formats.ts'
import { JsonMembers } from '../../../functions/parse/json/json-members.ts'
import { RestText } from '../../../functions/parse/json/rest-text.ts'
import { NameIndex } from '../../../functions/parse/text/name-index.ts'
import { recordedRow } from '../recorded-row.ts'

/** What JSON.parse makes of a text, if that is an object no member of which is named twice. */
function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && !Array.isArray(value) && value !== null
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    // No JSON: what the scan must find too.
    return undefined
  }
}

/** The text scanned, with bytes around it that would go on where it ends. */
function scanned(text: string, before = '{"', after = '"}]}, 1'): JsonMembers | undefined {
  const members = new JsonMembers()
  const [head, body] = [Buffer.from(before), Buffer.from(text)]
  const bytes = Buffer.concat([head, body, Buffer.from(after)])
  return members.scan(bytes, head.length, head.length + body.length) ? members : undefined
}

function restOf(members: JsonMembers): unknown {
  const rest = new RestText()
  rest.begin()
  rest.keep(members)
  let text = '{}'
  rest.finish({
    ...nullWriter,
    restText: (bytes: Buffer, start: number, end: number) => {
      text = bytes.toString('utf8', start, end)
    },
  })
  return JSON.parse(text)
}

/** Any JSON value; no -0, which JSON.stringify writes as 0. */
const anyJson = (maxDepth: number) =>
  fc.jsonValue({ maxDepth }).map((value): unknown => JSON.parse(JSON.stringify(value)))
const whole = fc.string({ unit: 'grapheme' })
const json = fc.dictionary(whole, anyJson(3), { noNullPrototype: true })
/** Ways to write the same document. */
const spacing = fc.constantFrom<string | number>(0, 1, '\t', ' \r\n')
const ascii = fc.boolean()

function write(document: unknown, space: string | number, inAscii: boolean): string {
  const text = JSON.stringify(document, null, space)
  if (!inAscii) return text
  return text.replace(
    /[^\x20-\x7e\r\n\t]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

test('what JSON.parse takes for an object is one, member by member', () => {
  fc.assert(
    fc.property(json, spacing, ascii, (document, space, inAscii) => {
      const text = write(document, space, inAscii)
      const members = scanned(text)
      expect(members && restOf(members)).toEqual(JSON.parse(text))
      const names = new NameIndex(Object.keys(document).map((name) => [name, name]))
      const found = Array.from({ length: members?.count ?? 0 }, (_, index) => members?.lookUp(names, index))
      expect(new Set(found)).toEqual(new Set(Object.keys(document)))
      for (const [name, value] of Object.entries(document)) {
        const index = members?.indexOf(Buffer.from(name)) ?? -1
        const written = members?.written(index) ?? ''
        if (typeof value === 'string') expect(written).toBe(value)
        else expect(JSON.parse(written)).toEqual(value)
      }
    }),
    { numRuns: 500 },
  )
})

test('what JSON.parse refuses is refused, wherever a document is broken', () => {
  const piece = fc.constantFrom(
    ...['{', '}', '[', ']', '"', ',', ':', '\\', '-', '.', '0', '1', 'e', '+', 'true', 'nul', ' ', '\n'],
    ...['\u0001', '\\u12', '\\ud800', '\\x', '"a"', '"a":1', '01', '1.', '.5', '1e', '-', 'é', '\u00a0'],
  )
  const start = fc.constantFrom('{"a":1,"b":[true,null,{"c":"d\\n"}],"e":-1.5e3}', '{}', '{"a":{"b":[]}}')
  fc.assert(
    fc.property(start, piece, fc.nat(), fc.nat({ max: 4 }), (text, put, place, cut) => {
      const at = place % (text.length + 1)
      const broken = text.slice(0, at) + put + text.slice(at + cut)
      const object = parsed(broken)
      expect(scanned(broken) !== undefined, broken).toBe(object !== undefined)
    }),
    { numRuns: 5000 },
  )
})

test('random pieces of JSON are an object exactly when JSON.parse says so', () => {
  const token = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"b"', '1', '-0.5', 'null', 'true', ' ')
  fc.assert(
    fc.property(fc.array(token, { maxLength: 9 }), (tokens) => {
      const text = `{${tokens.join('')}`
      expect(scanned(text) !== undefined, text).toBe(parsed(text) !== undefined)
    }),
    { numRuns: 20_000 },
  )
})

test('brackets within brackets are refused beyond what BigQuery takes, and are no burden', () => {
  const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
  expect(scanned(nested(498))).toBeDefined()
  expect(scanned(nested(499))).toBeUndefined()
  expect(scanned(nested(1_000_000))).toBeUndefined()
})

test('more members than any log has are found all the same', () => {
  const document = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`name ${n}`, n]))
  const members = scanned(JSON.stringify(document))
  expect(members && restOf(members)).toEqual(document)
})

test.each(['cloudtrail', 'waf', 'network-firewall', 'route53-resolver'] as const)(
  'every member of a %s record is in its column or in rest, whatever its value',
  (name) => {
    const format = formats[name]
    const leaf = fc.oneof(anyJson(2), fc.constantFrom('-', 'true', '42', 1e3, 9e15, 'é"\n'))
    const record = fc.record({
      leaf,
      other: fc.dictionary(whole, leaf, { maxKeys: 2, noNullPrototype: true }),
    })
    const required = requiredOf(name)
    fc.assert(
      fc.property(record, fc.nat(), spacing, ({ leaf, other }, pick, space) => {
        const column = format.columns[pick % format.columns.length]
        const member = memberNameOf(name, column?.name ?? '')
        if (member === undefined || member in required) return
        const document = { ...other, ...required, [member]: leaf }
        const {
          result,
          columns,
          rest = {},
        } = recordedRow(format.parser([], { now: 0 }), format.columns, write(document, space, false))
        expect(result).toEqual({ kind: 'row' })
        const kept = (rest as Record<string, unknown>)[member]
        const written = columns[column?.name ?? '']
        if (leaf === null) expect([kept, written]).toEqual([undefined, undefined])
        else if (written === undefined)
          expect(kept).toEqual(
            Array.isArray(leaf) && column?.mode === 'REPEATED' && leaf.length === 0 ? undefined : leaf,
          )
        else expect(kept).toBeUndefined()
        if (column?.type === 'STRING' && column.mode !== 'REPEATED' && typeof leaf === 'string')
          expect(written).toBe(leaf)
        if (column?.type === 'JSON' && written !== undefined)
          expect(JSON.parse(String(written))).toEqual(leaf)
        if (column?.type === 'INT64' && written !== undefined) expect(Number(written)).toBe(Number(leaf))
        for (const [own, value] of Object.entries(other)) {
          if (own in required || own === member) continue
          if (memberNames(name).has(own)) continue
          expect((rest as Record<string, unknown>)[own]).toEqual(value)
        }
      }),
      { numRuns: 300 },
    )
  },
)

test('every member of a JSON line is in a column, the event time or rest, and so is what FireLens wraps', () => {
  const name = fc.constantFrom(
    'level',
    'severity',
    'message',
    'msg',
    'source',
    'time',
    'date',
    'service',
    'x',
    'y',
  )
  const value = fc.oneof(
    anyJson(2),
    fc.constantFrom('stdout', 'warn', '2026-11-20T10:15:00.123Z', 1_763_633_700.123, '\ud83d\ude00', 'a"b\\'),
  )
  const document = fc.dictionary(name, value, { maxKeys: 6, noNullPrototype: true })
  const { columns, parser } = formats['json-lines']
  fc.assert(
    fc.property(document, fc.option(document), spacing, ascii, (outer, inner, space, inAscii) => {
      const line = inner ? { ...outer, log: write(inner, space, inAscii) } : outer
      const row = recordedRow(parser([], { now: 0 }), columns, write(line, 0, inAscii))
      const rest = (row.rest ?? {}) as Record<string, unknown>
      const inRest = inner ? ((rest['log'] ?? {}) as Record<string, unknown>) : {}
      const placed = new Set(Object.values(row.columns))
      for (const [layer, kept] of [
        [outer, rest],
        [inner ?? {}, inRest],
      ] as const) {
        for (const [name, value] of Object.entries(layer)) {
          if (name in kept) expect(kept[name]).toEqual(value)
          else if (name === 'time' || name === 'date')
            expect(row.eventTime).toSatisfy((micros) => isTime(value, micros))
          else expect(placed).toContain(value)
        }
      }
    }),
    { numRuns: 1000 },
  )
})

/** Numbers are in whatever unit makes a time of our days. */
function isTime(value: unknown, micros: number): boolean {
  if (typeof value === 'string') return micros === Date.parse(value) * 1000
  return [1e6, 1e3, 1, 1e-3].some(
    (unit) => Math.abs(Number(value) * unit - micros) <= Math.abs(micros) * 1e-15 + 1,
  )
}

/** The least a record of a format has. */
function requiredOf(format: string): Record<string, unknown> {
  const records: Record<string, Record<string, unknown>> = {
    cloudtrail: { eventVersion: '1.11', eventTime: '2026-11-20T10:15:00Z' },
    waf: { timestamp: 1_700_000_000_000, webaclId: 'a', httpRequest: {} },
    'network-firewall': { firewall_name: 'f', event: { timestamp: '2026-11-20T10:15:00.000000+0000' } },
    'route53-resolver': { query_timestamp: '2026-11-20T10:15:00Z', query_name: 'example.com.' },
  }
  return records[format] ?? {}
}

/** Names of top-level members as the services document them, of those that become a column. */
const documented: Readonly<Record<string, readonly string[]>> = {
  cloudtrail: [
    ...['userIdentity', 'eventSource', 'eventName', 'awsRegion', 'sourceIPAddress', 'userAgent', 'errorCode'],
    ...[
      'requestParameters',
      'responseElements',
      'requestID',
      'eventID',
      'readOnly',
      'resources',
      'eventType',
    ],
  ],
  waf: [
    'formatVersion',
    'action',
    'ruleGroupList',
    'responseCodeSent',
    'labels',
    'oversizeFields',
    'requestBodySize',
  ],
  'network-firewall': ['availability_zone'],
  'route53-resolver': ['version', 'account_id', 'srcport', 'answers', 'rcode'],
}

function memberNames(format: string): ReadonlySet<string> {
  return new Set(documented[format])
}

function memberNameOf(format: string, column: string): string | undefined {
  return documented[format]?.find((name) => name.toLowerCase() === column)
}
