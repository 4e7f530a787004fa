import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { FormatName } from '../../../functions/parse/formats.ts'
import { readObject, sourceOf } from '../../split/read-object.ts'

const read = (format: FormatName, line: string) => readObject(sourceOf({ format }), `${line}\n`)
const restOf = (row: Record<string, unknown> | undefined) => JSON.parse(String(row?.['rest'] ?? '{}'))

describe('nginx and Apache', () => {
  const common = '192.0.2.7 - ann [20/Nov/2026:10:15:00 +0000] "GET /x HTTP/1.1" 200 5'

  test.each(['4f0c9f0c-0000-4000-8000-000000000001', '1234', '0.123', '- 0.123'])(
    'what is not in quotes behind `common` is no referer: %s',
    async (extra) => {
      const { rows } = await read('nginx', `${common} ${extra}`)
      expect(rows).toMatchObject([{ remote_user: 'ann', status: '200', body_bytes_sent: '5' }])
      expect(rows[0]).not.toHaveProperty('http_referer')
      expect(restOf(rows[0])).toEqual({ extra_fields: extra.split(' ') })
    },
  )

  test('a number in front of the referer shifts nothing', async () => {
    const { rows } = await read('nginx', `${common} 1234 "https://example.com/" "curl/8.0"`)
    expect(rows[0]).not.toHaveProperty('http_referer')
    expect(rows[0]).not.toHaveProperty('http_user_agent')
    expect(rows[0]).not.toHaveProperty('http_x_forwarded_for')
    expect(restOf(rows[0])).toEqual({ extra_fields: ['1234', 'https://example.com/', 'curl/8.0'] })
  })

  test('a whole number alone behind `combined` may be microseconds, or anything', async () => {
    const { rows } = await read('nginx', `${common} "-" "curl/8.0" 98765`)
    expect(rows[0]).not.toHaveProperty('request_length')
    expect(restOf(rows[0])).toEqual({ extra_fields: ['98765'] })
  })

  test.each([
    'www.example.com 192.0.2.7, 198.51.100.9 - - ',
    'www.example.com 192.0.2.7, 198.51.100.9 - ann ',
    '203.0.113.1 192.0.2.7, 198.51.100.9 - - ',
    'www.example.com 192.0.2.7,198.51.100.9 - - ',
    '192.0.2.7, 198.51.100.9 - - ',
    'www.example.com 192.0.2.7 198.51.100.9 - - ',
  ])('clients and proxies in front of the line are no client and no user: %s', async (head) => {
    const { rows, rejects } = await read('nginx', common.replace('192.0.2.7 - ann ', head))
    expect(rows).toEqual([])
    expect(rejects).toMatchObject([{ error_class: 'bad_value' }])
  })
})

describe('a request of less than three parts', () => {
  const alb = (request: string) =>
    `http 2026-11-20T10:15:00.000000Z app/shop/50dc6c495c0c9188 192.0.2.7:50000 - -1 -1 -1 400 - 0 272 "${request}" "-" - - - "-" "-" "-" - 2026-11-20T10:15:00.000000Z "-" "-" "-" "-" "-" "-" "-"`
  test.each([
    ['- http://192.0.2.1:80- ', { request_url: 'http://192.0.2.1:80-' }],
    ['GET /x', { request_verb: 'GET', request_url: '/x' }],
    ['GET /a b', { request_verb: 'GET', request_url: '/a b' }],
    [
      'GET http://192.0.2.1:80/ HTTP/1.1',
      { request_verb: 'GET', request_url: 'http://192.0.2.1:80/', request_proto: 'HTTP/1.1' },
    ],
    ['M-SEARCH * HTTP/1.1', { request_verb: 'M-SEARCH', request_url: '*', request_proto: 'HTTP/1.1' }],
    ['\\x16\\x03 \\x01', { request_url: '\\x16\\x03 \\x01' }],
    ['- - -', {}],
    ['- - - ', {}],
  ])('%s', async (request, wanted) => {
    const { rows } = await read('alb', alb(request))
    const { request_verb, request_url, request_proto } = rows[0] ?? {}
    expect({ request_verb, request_url, request_proto }).toEqual(wanted)
    expect(rows).toMatchObject([{ elb_status_code: '400', sent_bytes: '272' }])
  })
})

test('text behind a closed quote is no value of any column', async () => {
  const line =
    'http 2026-11-20T10:15:00.000000Z app/shop/50dc6c495c0c9188 192.0.2.7:50000 - -1 -1 -1 400 - 0 272 "- - - " "-" - - - "Root=1-2" "-" "-"1 2026-11-20T10:15:00.000000Z "forward" "-" "-" "-" "-" "-" "-"'
  const { rows, rejects } = await read('alb', line)
  expect(rows).toEqual([])
  expect(rejects).toMatchObject([{ reason: expect.stringContaining('or text follows it') }])
  const sound = await read('alb', line.replace('"-"1', '"-" 1'))
  expect(sound.rows).toMatchObject([{ matched_rule_priority: '1', actions_executed: ['forward'] }])
})

test('quotes within a user agent stay in it', async () => {
  const line =
    '2026-11-20T10:15:00.000000Z shop 192.0.2.7:50000 198.51.100.9:80 0 0 0 200 200 0 5 "GET / HTTP/1.1" "a("b"c) d" - -'
  const { rows } = await read('clb', line)
  expect(rows).toMatchObject([{ user_agent: 'a("b"c) d' }])
})

const balancers = ['alb', 'nlb', 'clb', 'alb-connection'] as const
const pairs = balancers.flatMap((one) =>
  balancers.filter((other) => other !== one).map((other) => [one, other] as const),
)

test.each(pairs)('no line of %s is one of %s', async (one, other) => {
  const lines = readFileSync(new URL(`../../fixtures/${one}.log`, import.meta.url))
  const { rows } = await readObject(sourceOf({ format: other }), lines)
  expect(rows).toEqual([])
})

test('a connection without TLS is no request to a classic load balancer', async () => {
  const line = '2026-11-20T10:15:00.000000Z 192.0.2.7 50000 80 - - - "-" - - - TID_0f1e2d3c'
  expect((await read('alb-connection', line)).rows).toHaveLength(1)
  const { rows, rejects } = await read('clb', line)
  expect(rows).toEqual([])
  expect(rejects).toMatchObject([{ reason: 'field 3 (request_ip) is no address' }])
})
