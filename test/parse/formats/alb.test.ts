import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { sampleObjects } from '../../../scripts/samples/sample-objects.ts'
import { now, readObject, sourceOf } from '../../split/read-object.ts'
import { naiveAlbRow } from './naive-alb.ts'

const source = sourceOf({ format: 'alb' })
let content = ''
let lines: string[] = []

beforeAll(async () => {
  content = await readFile(new URL('../../fixtures/alb.log', import.meta.url), 'utf8')
  lines = content.trimEnd().split('\n')
})

function withoutIdentity(row: Record<string, unknown>): Record<string, unknown> {
  const { app, event_time, source_uri, source_etag, source_line, loaded_at, ...columns } = row
  return columns
}

test('an entry, cell by cell', async () => {
  const { rows, counts } = await readObject(source, content)
  expect(counts).toEqual({ read: 3, written: 3, filtered: 0, rejected: 0 })
  expect(rows[1]).toEqual({
    app: 'search',
    event_time: '1795169701000001',
    type: 'h2',
    time: '1795169701000001',
    elb: 'app/search/99aabbccddeeff00',
    client_ip: '2001:db8::1',
    client_port: '443',
    target_ip: '10.0.2.9',
    target_port: '80',
    request_processing_time: 0,
    target_processing_time: -1,
    response_processing_time: -1,
    elb_status_code: '504',
    received_bytes: '0',
    sent_bytes: '0',
    request_verb: 'POST',
    request_url: 'https://search.example.com:443/q',
    request_proto: 'HTTP/2.0',
    request_creation_time: '1795169641000001',
    target_port_list: ['10.0.2.9:80', '10.0.2.10:80'],
    target_status_code_list: ['504', '502'],
    classification: 'Ambiguous',
    classification_reason: 'UndefinedContentLengthSemantics',
    conn_trace_id: 'TID_00000000000000000000000000000002',
    transformed_host: 'new.example.com',
    transformed_uri: '/v2/q',
    request_transform_status: 'TransformSuccess',
    rest: '{"extra_fields":["later","field"]}',
    source_uri: 's3://example-logs/logs/one.log',
    source_etag: 'abc',
    source_line: '2',
    loaded_at: String(now * 1000),
  })
  expect(rows[0]).toMatchObject({ user_agent: 'ExampleAgent/1.0 (test; \\x22quoted\\x22)', app: 'checkout' })
})

test('a second parser reads the same, in fixtures and samples', async () => {
  const samples = sampleObjects({ now }).filter((object) => object.source === 'alb')
  for (const body of [Buffer.from(content), ...samples.map((sample) => sample.body)]) {
    const { rows, rejects, counts } = await readObject(source, body)
    const text = await readObject(sourceOf({ format: 'json-lines' }), body)
    const raw = new Map(text.rejects.map((reject) => [reject['source_line'], String(reject['raw_line'])]))
    expect(counts.read).toBe(raw.size)
    expect(rows.length + rejects.length).toBe(raw.size)
    for (const row of rows)
      expect(withoutIdentity(row)).toEqual(naiveAlbRow(raw.get(row['source_line']) ?? ''))
  }
})

test('a field longer than any before it is whole, and so is what follows', async () => {
  const agent = 'é'.repeat(200_000)
  const long = (lines[0] ?? '').replace(/"ExampleAgent.*?" /, `"${agent}" `)
  const { rows } = await readObject(source, `${lines[1]}\n${long}\n${lines[0]}\n`)
  expect(rows[1]?.['user_agent'] === agent).toBe(true)
  expect(rows[1]?.['ssl_cipher']).toBe('ECDHE-RSA-AES128-GCM-SHA256')
  expect(withoutIdentity(rows[2] ?? {})).toEqual(naiveAlbRow(lines[0] ?? ''))
})

test('an entry out of the range of partitions has no event_time and keeps its time', async () => {
  const old = (lines[0] ?? '').replaceAll('2026-11-20', '2016-11-20')
  const coming = (lines[0] ?? '').replaceAll('2026-11-20', '2027-11-21')
  const { rows } = await readObject(source, [old, coming, lines[0]].join('\n'))
  expect(rows.map(({ event_time, time }) => [event_time, time])).toEqual([
    [undefined, '1479636900200705'],
    [undefined, '1826792100200705'],
    ['1795169700200705', '1795169700200705'],
  ])
})

test.each([
  ['malformed', 'a bare #', () => '#'],
  ['malformed', 'spaces', () => ' '.repeat(40)],
  ['malformed', 'prose of many words', () => '- '.repeat(40)],
  ['malformed', 'a cut entry', () => lines[0]?.slice(0, 150)],
  ['malformed', 'a quote never closed', () => lines[0]?.slice(0, 300)],
  ['bad_value', 'no time', () => lines[0]?.replace('2026-11-20T10:15:00.200705Z', 'yesterday')],
  [
    'bad_value',
    'a time BigQuery has not',
    () => lines[0]?.replace('2026-11-20T10:15:00.150', '0000-11-20T10:15:00.150'),
  ],
  ['bad_value', 'no number', () => lines[0]?.replace(' 0.048 ', ' fast ')],
  ['bad_value', 'no status', () => lines[0]?.replace(' 200 200 ', ' 200 OK ')],
  ['bad_value', 'a size past INT64', () => lines[0]?.replace(' 512 ', ' 9223372036854775808 ')],
])('%s: %s', async (errorClass, _, line) => {
  const { rows, rejects } = await readObject(source, line() ?? '')
  expect(rows).toEqual([])
  expect(rejects).toMatchObject([{ error_class: errorClass, raw_line: line(), source_line: '1' }])
})

test('a changed byte never throws and never loses a line', async () => {
  const change = fc.record({
    at: fc.nat(),
    byte: fc.oneof(fc.constantFrom(0x20, 0x22, 0x0a, 0x2d, 0x0d, 0x3a), fc.nat(255)),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const bytes = Buffer.from(content)
      for (const { at, byte } of changes) bytes[at % bytes.length] = byte
      const { counts, rows, rejects } = await readObject(source, bytes)
      const read = bytes.filter((byte) => byte === 0x0a).length + (bytes.at(-1) === 0x0a ? 0 : 1)
      expect(counts).toEqual({
        read,
        written: rows.length,
        rejected: rejects.length,
        filtered: read - rows.length - rejects.length,
      })
    }),
    { numRuns: 400 },
  )
})
