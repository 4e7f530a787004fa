import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Column } from '../../../functions/model/column.ts'
import type { Format } from '../../../functions/model/format.ts'
import { albHealthCheck } from '../../../functions/parse/formats/alb-health-check.ts'
import { apiGatewayClf } from '../../../functions/parse/formats/api-gateway-clf.ts'
import { cloudfrontRealtime } from '../../../functions/parse/formats/cloudfront-realtime.ts'
import { globalAccelerator } from '../../../functions/parse/formats/global-accelerator.ts'
import { logfmt } from '../../../functions/parse/formats/logfmt.ts'
import { route53Query } from '../../../functions/parse/formats/route53-query.ts'
import { w3c } from '../../../functions/parse/formats/w3c.ts'
import { recordedRow } from '../recorded-row.ts'

/** A record is printed by what the vendor's page says, and read back. What comes back is the record, or none. */
type Printed = readonly [text: string, value: unknown]

const word = fc.stringMatching(/^[\w./:+]{1,12}$/).filter((text) => !text.startsWith('arn:'))
const texts = word.map((text): Printed => [text, text])
const integers = fc.nat().map((value): Printed => [String(value), value])
const floats = fc.nat({ max: 1e6 }).map((value): Printed => [(value / 1000).toFixed(3), value / 1000])
const nothing = fc.constant<Printed>(['-', undefined])
const seconds = fc.integer({ min: 1e9, max: 2e9 })
const isoTimes = seconds.map((at): Printed => [new Date(at * 1000).toISOString(), at * 1e6])
const epochTimes = seconds.map((at): Printed => [`${at}`, at * 1e6])
const addresses = fc.oneof(fc.ipV4(), fc.ipV6()).map((text): Printed => [text, text])

function valuesOf({ type }: Column): fc.Arbitrary<Printed> {
  if (type === 'INT64') return fc.oneof(integers, nothing)
  if (type === 'FLOAT64') return fc.oneof(floats, nothing)
  return type === 'TIMESTAMP' ? epochTimes : fc.oneof(texts, nothing)
}

type Record = { readonly [column: string]: Printed }

/** Records of some columns, of all unless said otherwise. */
function records(
  columns: readonly Column[],
  special: { readonly [column: string]: fc.Arbitrary<Printed> },
): fc.Arbitrary<Record> {
  return fc.record(
    Object.fromEntries(columns.map((column) => [column.name, special[column.name] ?? valuesOf(column)])),
  )
}

function textsOf(record: Record, names = Object.keys(record)): string[] {
  return names.map((name) => record[name]?.[0] ?? '-')
}

function cellsOf(record: Record): { [column: string]: unknown } {
  const cells = Object.entries(record).map(([name, [, value]]) => [name, value] as const)
  return Object.fromEntries(cells.filter(([, value]) => value !== undefined))
}

function read(format: Format, line: string, fields?: readonly string[]) {
  return recordedRow(format.parser([], { fields }), format.columns, line)
}

test('alb-health-check: a record is read as it was printed', () => {
  const [type, time, latency, , , ...others] = albHealthCheck.columns as [Column, Column, Column, ...Column[]]
  const record = records([type, time, latency, ...others], { time: isoTimes, type: texts })
  const endpoints = fc.oneof(
    fc.tuple(fc.ipV4(), fc.nat({ max: 65535 })).map(([ip, port]) => [`${ip}:${port}`, ip, port] as const),
    fc
      .nat()
      .map((version) => `arn:aws:lambda:us-east-1:123456789012:function:f:${version}`)
      .map((arn) => [arn, arn, undefined] as const),
  )
  fc.assert(
    fc.property(record, endpoints, (one, [target, target_addr, target_port]) => {
      const values = textsOf(one)
      const line = [...values.slice(0, 3), target, ...values.slice(3)].join(' ')
      const expected = { ...cellsOf(one), target_addr, ...(target_port !== undefined && { target_port }) }
      expect(read(albHealthCheck, line).columns).toEqual(expected)
    }),
  )
})

test('api-gateway-clf: a record is read as it was printed, with a blank before the request or without', () => {
  const record = records(apiGatewayClf.columns, {
    source_ip: addresses,
    request_time: seconds.map((at): Printed => [clockOf(at), at * 1e6]),
    http_method: fc.oneof(fc.constantFrom<Printed>(['GET', 'GET'], ['PATCH', 'PATCH']), nothing),
    protocol: fc.oneof(fc.constantFrom<Printed>(['HTTP/1.1', 'HTTP/1.1'], ['HTTP/2.0', 'HTTP/2.0']), nothing),
    request_id: fc.uuid().map((id): Printed => [id, id]),
    extended_request_id: fc.constant(['JKJaXmPLvHcESHA=', 'JKJaXmPLvHcESHA=']),
  })
  fc.assert(
    fc.property(record, fc.constantFrom(' ', ''), (one, blank) => {
      const [ip, caller, user, time, method, path, protocol, ...others] = textsOf(one)
      const line = `${ip} ${caller} ${user} [${time}]${blank}"${method} ${path} ${protocol}" ${others.join(' ')}`
      expect(read(apiGatewayClf, line).columns).toEqual(cellsOf(one))
      for (const other of [`${line} x`, `x ${line}`, line.replace(' [', ' x [')])
        expect(read(apiGatewayClf, other).result.kind).toBe('reject')
    }),
  )
})

function clockOf(at: number): string {
  const [, , day, month, year, clock] =
    /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(new Date(at * 1000).toUTCString()) ?? []
  return `${day}/${month}/${year}:${clock} +0000`
}

test('route53-query: a record is read as it was printed', () => {
  const record = records(route53Query.columns, {
    version: fc.constant(['1.0', '1.0']),
    query_timestamp: isoTimes,
    hosted_zone_id: fc.constant(['Z0123456789EXAMPLE', 'Z0123456789EXAMPLE']),
    query_name: fc.oneof(texts, fc.constant<Printed>(['"quoted"', '"quoted"'])),
    query_type: fc.constant(['TYPE65', 'TYPE65']),
    response_code: fc.constant(['NXDOMAIN', 'NXDOMAIN']),
    layer_4_protocol: fc.constantFrom<Printed>(['UDP', 'UDP'], ['TCP', 'TCP']),
  })
  fc.assert(
    fc.property(record, (one) => {
      const values = textsOf(one)
      expect(read(route53Query, values.join(' ')).columns).toEqual(cellsOf(one))
      expect(read(route53Query, values.slice(1).join(' ')).result.kind).toBe('reject')
      expect(read(route53Query, values.slice(0, -1).join(' ')).result.kind).toBe('reject')
    }),
  )
})

test('global-accelerator: a record is read as it was printed, and less of one is none', () => {
  const record = records(globalAccelerator.columns, {
    version: fc.constant(['2.0', '2.0']),
    account: fc.constant(['123456789012', '123456789012']),
    acceleratorid: fc.uuid().map((id): Printed => [id, id]),
  })
  fc.assert(
    fc.property(record, fc.integer({ min: 1, max: 22 }), (one, length) => {
      const values = textsOf(one)
      expect(read(globalAccelerator, values.join(' ')).columns).toEqual(cellsOf(one))
      expect(read(globalAccelerator, values.slice(0, length).join(' ')).result.kind).toBe('reject')
    }),
  )
})

const realtime = records(cloudfrontRealtime.columns.slice(0, 69), {
  c_ip: addresses,
  s_ip: addresses,
  cs_method: fc.constantFrom<Printed>(['GET', 'GET'], ['POST', 'POST']),
  cs_protocol: fc.constant(['https', 'https']),
  cs_protocol_version: fc.constant(['HTTP/2.0', 'HTTP/2.0']),
  c_ip_version: fc.constantFrom<Printed>(['IPv4', 'IPv4'], ['IPv6', 'IPv6']),
  x_edge_response_result_type: fc.constantFrom<Printed>(['Hit', 'Hit'], ['Miss', 'Miss']),
  x_edge_result_type: fc.constantFrom<Printed>(['Hit', 'Hit'], ['Error', 'Error']),
  x_edge_detailed_result_type: fc.constantFrom<Printed>(
    ['Hit', 'Hit'],
    ['ClientCommError', 'ClientCommError'],
  ),
  c_country: fc.constantFrom<Printed>(['DE', 'DE'], ['-', undefined]),
})

test('cloudfront-realtime: all fields, and some in whatever order they are named', () => {
  const names = cloudfrontRealtime.columns.slice(0, 69).map(({ name }) => name)
  const chosen = fc.shuffledSubarray(names, { minLength: 2 })
  fc.assert(
    fc.property(realtime, chosen, (one, some) => {
      expect(read(cloudfrontRealtime, textsOf(one).join('\t')).columns).toEqual(cellsOf(one))
      const inOrder = names.filter((name) => some.includes(name))
      const line = textsOf(one, inOrder).join('\t')
      const part = Object.fromEntries(Object.entries(cellsOf(one)).filter(([name]) => some.includes(name)))
      const fields = some.map((name) => name.replaceAll('_', '-').replace('referrer', 'referer'))
      expect(read(cloudfrontRealtime, line, fields).columns).toEqual(part)
      expect(read(cloudfrontRealtime, `${line}\tx`, fields).result.kind).toBe('reject')
      if (some.length < 69) expect(read(cloudfrontRealtime, line).result.kind).toBe('reject')
    }),
  )
})

test('cloudfront-realtime: a field whose place is not known leaves the order as it is given', () => {
  const fields = ['c-ip', 'timestamp', 'new-field']
  expect(read(cloudfrontRealtime, '192.0.2.1\t1795169700.5\tx', fields)).toEqual({
    result: { kind: 'row' },
    columns: { c_ip: '192.0.2.1', timestamp: 1795169700_500_000 },
    eventTime: 1795169700_500_000,
    rest: { 'new-field': 'x' },
  })
})

test('w3c: any fields in any order, and another number of them is no record', () => {
  const date = fc.constant<Printed>(['2026-11-20', '2026-11-20'])
  const time = fc.constant<Printed>(['10:15:00', '10:15:00'])
  const record = records(w3c.columns, { date, time })
  const chosen = fc.shuffledSubarray(
    w3c.columns.map(({ name }) => name),
    { minLength: 2 },
  )
  fc.assert(
    fc.property(record, chosen, (one, some) => {
      const parse = w3c.parser([])
      expect(recordedRow(parse, w3c.columns, textsOf(one, some).join(' ')).result.kind).toBe('reject')
      recordedRow(parse, w3c.columns, `#Fields: ${some.map((name) => name.replaceAll('_', '-')).join(' ')}`)
      const row = recordedRow(parse, w3c.columns, textsOf(one, some).join(' '))
      const part = Object.fromEntries(Object.entries(cellsOf(one)).filter(([name]) => some.includes(name)))
      expect(row.columns).toEqual(part)
      for (const line of [textsOf(one, some.slice(1)).join(' '), `${textsOf(one, some).join(' ')} x`])
        expect(recordedRow(parse, w3c.columns, line).result.kind).toBe('reject')
    }),
  )
})

test('w3c: names that cannot be read leave none', () => {
  const parse = w3c.parser([])
  recordedRow(parse, w3c.columns, '#Fields: c-ip cs-method')
  expect(recordedRow(parse, w3c.columns, '192.0.2.1 GET').result.kind).toBe('row')
  recordedRow(parse, w3c.columns, `#Fields: ${'x'.repeat(9000)} c-ip`)
  expect(recordedRow(parse, w3c.columns, '192.0.2.1 GET').result.kind).toBe('reject')
})

test('logfmt: pairs are read as they were printed', () => {
  const name = fc.stringMatching(/^[A-Za-z_@][\w.@/-]{0,9}$/)
  const value = fc.oneof(
    word,
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )
  const plain = /^[^\s"'\\=\p{C}]+$/u
  const print = (text: string) => (plain.test(text) ? text : JSON.stringify(text))
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(name, value), { minLength: 1, selector: ([one]) => one }),
      (pairs) => {
        const line = pairs.map(([one, text]) => `${one}=${print(text)}`).join(' ')
        const { result, columns, rest } = recordedRow(logfmt.parser([]), logfmt.columns, line)
        expect(result.kind).toBe('row')
        const found = [...Object.values(columns), ...Object.values((rest ?? {}) as object)]
        expect(found.toSorted()).toEqual(pairs.map(([, text]) => text.toWellFormed()).toSorted())
      },
    ),
  )
})

test.each([
  ['a message without quotes', 'level=info msg=user logged in'],
  ['a quote that is never closed', 'level=info msg="a b'],
  ['text behind a quote', 'level=info msg="a"b'],
  ['a quote within', 'level=info msg=a"b c"'],
  ['an apostrophe that closes later', `type=USER msg='op=login res=success'`],
  ['a value without a name', 'level=info =x'],
  ['words alone', 'starting now'],
  ['too many pairs', 'a=1 '.repeat(2000)],
])('logfmt: %s is no record', (_, line) => {
  expect(read(logfmt, line).result).toMatchObject({ kind: 'reject', errorClass: 'malformed' })
})
