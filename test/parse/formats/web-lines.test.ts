/** Lines of web servers with more or less in them than `common` and `combined` have. */
import { expect, test } from 'vitest'
import { nginx } from '../../../functions/parse/formats/nginx.ts'
import { recordedRow } from '../recorded-row.ts'

const time = '[20/Nov/2026:10:15:00 +0000]'
const common = `192.0.2.1 - - ${time} "GET / HTTP/1.1" 200 5`
const combined = `${common} "https://www.example.com/" "Agent/1.0"`

function read(line: string) {
  return recordedRow(nginx.parser(['server_name']), nginx.columns, line)
}

test.each([
  ['a request id', `${common} abc-123`, ['abc-123']],
  [
    'the ids of API Gateway',
    `${common} 8f50c2b1-0000 JKJaXmPLvHcESHA=`,
    ['8f50c2b1-0000', 'JKJaXmPLvHcESHA='],
  ],
  ['microseconds', `${common} 48123`, ['48123']],
  ['seconds', `${common} 0.048`, ['0.048']],
  ['a referer alone', `${common} "https://www.example.com/"`, ['https://www.example.com/']],
  [
    'a referer and a number',
    `${common} "https://www.example.com/" 48123`,
    ['https://www.example.com/', '48123'],
  ],
  [
    'a dash before headers',
    `${common} - "https://www.example.com/" "Agent/1.0"`,
    ['-', 'https://www.example.com/', 'Agent/1.0'],
  ],
  [
    'a number before headers',
    `${common} 462 "-" "Agent/1.0" "192.0.2.9"`,
    ['462', '-', 'Agent/1.0', '192.0.2.9'],
  ],
])('common and %s: what does not say what it is has no column', (_, line, extra) => {
  const { columns, rest } = read(line)
  expect(rest).toEqual({ extra_fields: extra })
  expect(Object.keys(columns)).toEqual([
    ...['remote_addr', 'time', 'request_verb', 'request_url', 'request_proto', 'status', 'body_bytes_sent'],
  ])
})

test.each([
  ['a number', '48123', ['48123']],
  ['a time', '0.048', ['0.048']],
  ['two times', '0.048 0.047', ['0.048', '0.047']],
  ['a time in quotes', '"0.048"', ['0.048']],
  ['a moment', '1795169700.123', ['1795169700.123']],
  ['an id in quotes', '"8f50c2b10000"', ['8f50c2b10000']],
  ['a number and a name', '462 [default-shop-80]', ['462', '[default-shop-80]']],
])('combined and %s: what does not say what it is has no column', (_, behind, extra) => {
  const row = read(`${combined} ${behind}`)
  expect(row.rest).toEqual({ extra_fields: extra })
  expect(row.columns).toEqual(read(combined).columns)
})

test.each([
  ['"198.51.100.1, 10.0.0.1"', { http_x_forwarded_for: '198.51.100.1, 10.0.0.1' }],
  ['"unknown, [2001:db8::1]:443"', { http_x_forwarded_for: 'unknown, [2001:db8::1]:443' }],
  ['"2.75"', { gzip_ratio: 2.75 }],
  ['462 0.050 [default-shop-80]', { request_length: 462, request_time: 0.05 }],
])('combined and %s, which says what it is', (behind, columns) => {
  expect(read(`${combined} ${behind}`).columns).toMatchObject(columns)
})

test('API Gateway leaves no space between time and request', () => {
  expect(read(`192.0.2.1 - - ${time}"GET /pets HTTP/1.1" 200 5 abc-123`)).toMatchObject({
    result: { kind: 'row' },
    columns: { request_verb: 'GET', request_url: '/pets', status: 200, body_bytes_sent: 5 },
    rest: { extra_fields: ['abc-123'] },
  })
})

const behind = `${time} "GET / HTTP/1.1" 200 5 "-" "Agent/1.0"`
const list = '198.51.100.1, 10.0.0.1'

test.each([
  [`shop.example.com ${list} - -`, { server_name: 'shop.example.com', http_x_forwarded_for: list }],
  [
    `shop.example.com:8080 ${list} - alice`,
    { server_name: 'shop.example.com', server_port: 8080, http_x_forwarded_for: list, remote_user: 'alice' },
  ],
  [`203.0.113.1 ${list} - -`, { server_name: '203.0.113.1', http_x_forwarded_for: list }],
  [`${list} - -`, { http_x_forwarded_for: list }],
  [`"${list}" 10.2.1.185 - -`, { http_x_forwarded_for: list, remote_addr: '10.2.1.185' }],
  [
    `203.0.113.1 2001:db8::1, 10.0.0.1 10.2.2.1 - -`,
    { server_name: '203.0.113.1', http_x_forwarded_for: '2001:db8::1, 10.0.0.1', remote_addr: '10.2.2.1' },
  ],
  [
    'shop.example.com:80 unix: - -',
    { server_name: 'shop.example.com', server_port: 80, remote_addr: 'unix:' },
  ],
  [
    'shop.example.com localhost, localhost - -',
    { server_name: 'shop.example.com', http_x_forwarded_for: 'localhost, localhost' },
  ],
])('a client behind proxies: %s', (head, columns) => {
  const row = read(`${head} ${behind}`)
  expect(row.result).toEqual({ kind: 'row' })
  const { time: _, request_verb, request_url, request_proto, status, body_bytes_sent, ...found } = row.columns
  expect(found).toEqual({ http_user_agent: 'Agent/1.0', ...columns })
})

test.each([
  ['an address and a comma', '192.0.2.1, - -'],
  ['a list and one more word', `shop.example.com ${list} x y z`],
  ['a list of what are no addresses', 'shop.example.com a/b, c/d - -'],
  ['a list that breaks off', 'shop.example.com 198.51.100.1, - -'],
  ['two dashes for a user', '192.0.2.1 - - -'],
  ['another address before the user', '192.0.2.1 - [192.0.2.1] - -'],
  ['a number for a client', '0.005 - -'],
  ['a moment for a client', '1795169700.123 - -'],
  ['a path for a client', '/index.html - -'],
  ['an address for an identity', '192.0.2.1 192.0.2.9 alice'],
  ['a host for an identity', '192.0.2.1 shop.example.com alice'],
  ['a time for a client', '2026-11-20T10:15:00Z - -'],
])('%s: the line is a reject', (_, head) => {
  expect(read(`${head} ${behind}`).result).toMatchObject({ kind: 'reject' })
})

test.each([
  ['GET /x', { request_verb: 'GET', request_url: '/x' }],
  ['GET /x y', { request_verb: 'GET', request_url: '/x y' }],
  ['GET /x y HTTP/1.1', { request_verb: 'GET', request_url: '/x y', request_proto: 'HTTP/1.1' }],
  ['OPTIONS * RTSP/1.0', { request_verb: 'OPTIONS', request_url: '*', request_proto: 'RTSP/1.0' }],
  ['- http://shop.example.com:80- ', { request_url: 'http://shop.example.com:80-' }],
  ['- http://shop.example.com:80- -', { request_url: 'http://shop.example.com:80-' }],
  ['- - - ', {}],
  ['- - -', {}],
  ['-', {}],
  ['', {}],
  ['GET', { request_url: 'GET' }],
  ['\\x16\\x03\\x01 \\x02', { request_url: '\\x16\\x03\\x01 \\x02' }],
  ['hello out there', { request_url: 'hello out there' }],
])('the request "%s"', (request, columns) => {
  const row = read(`192.0.2.1 - - ${time} "${request}" 400 5`)
  const { remote_addr, time: at, status, body_bytes_sent, ...others } = row.columns
  expect([remote_addr, at, status, body_bytes_sent]).toEqual(['192.0.2.1', 1795169700_000_000, 400, 5])
  expect(others).toEqual(columns)
})

test.each([
  [`${common}`.replace('" 200', '"200'), 'text follows the quote closed at byte'],
  [`${common} "-"x "Agent/1.0"`, 'text follows the quote closed at byte'],
  [`${common} "-" "a "b" c"`, 'text follows the quote closed at byte'],
  [common.replace('] "', ']x "'), 'text follows the bracket closed at byte'],
  [common.replace('200', '20"0'), 'a quote stands within field 6'],
])('%s is a reject', (line, reason) => {
  expect(read(line).result).toMatchObject({
    errorClass: 'malformed',
    reason: expect.stringContaining(reason),
  })
})
