import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nginx } from '../../../functions/parse/formats/nginx.ts'
import { readObject, sourceOf } from '../../split/read-object.ts'
import { recordedRow } from '../recorded-row.ts'

const moment = 1795169700_000_000

function read(logFormat: string, line: string) {
  const parse = nginx.parser(['server_name', 'host'], { logFormat })
  return recordedRow(parse, nginx.columns, line)
}

const ingress =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" ' +
  '$request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr ' +
  '$upstream_response_length $upstream_response_time $upstream_status $req_id'

test("ingress-nginx's own format, with servers tried one after another", () => {
  const line =
    '192.0.2.1 - Jane Doe [20/Nov/2026:10:15:00 +0000] "GET /a b HTTP/1.1" 200 5 "-" "Agent \\x22x\\x22 1.0" 462 0.050 ' +
    '[default-shop-80] [] 192.0.2.7:80, 192.0.2.8:80 : 192.0.2.9:80 0, 5 : 7 0.001, 0.049 : 0.002 502, 200 : 200 abc'
  expect(read(ingress, line)).toEqual({
    result: { kind: 'row' },
    columns: {
      remote_addr: '192.0.2.1',
      remote_user: 'Jane Doe',
      time: moment,
      request_verb: 'GET',
      request_url: '/a b',
      request_proto: 'HTTP/1.1',
      status: 200,
      body_bytes_sent: 5,
      http_user_agent: 'Agent \\x22x\\x22 1.0',
      request_length: 462,
      request_time: 0.05,
      upstream_addr: '192.0.2.7:80, 192.0.2.8:80 : 192.0.2.9:80',
      upstream_response_time: '0.001, 0.049 : 0.002',
      upstream_status: '502, 200 : 200',
      request_id: 'abc',
    },
    eventTime: moment,
    rest: { proxy_upstream_name: 'default-shop-80', upstream_response_length: '0, 5 : 7' },
  })
})

test("a format of nginx's with names before values", () => {
  const format = '$time_iso8601 $host $request_method $request_uri rt=$request_time ua="$upstream_addr" $geo'
  const line = '2026-11-20T12:15:00+02:00 shop.example.com GET /a rt=0.005 ua="192.0.2.7:80, 192.0.2.8:80" DE'
  expect(read(format, line)).toMatchObject({
    columns: {
      time: moment,
      host: 'shop.example.com',
      request_verb: 'GET',
      request_url: '/a',
      request_time: 0.005,
      upstream_addr: '192.0.2.7:80, 192.0.2.8:80',
    },
    app: 'shop.example.com',
    rest: { geo: 'DE' },
  })
})

test('a client behind proxies', () => {
  const format = '$host $proxy_add_x_forwarded_for - $remote_user [$time_local] $status'
  const line = 'shop.example.com 198.51.100.1, 192.0.2.1 - - [20/Nov/2026:10:15:00 +0000] 200'
  const { columns, rest } = read(format, line)
  expect(columns).toEqual({ host: 'shop.example.com', time: moment, status: 200 })
  expect(rest).toEqual({ proxy_add_x_forwarded_for: '198.51.100.1, 192.0.2.1' })
  const forged = 'shop.example.com 198.51.100.1 - evil, 192.0.2.1 - - [20/Nov/2026:10:15:00 +0000] 200'
  expect(read(format, forged).result).toMatchObject({ kind: 'reject' })
})

test('values between tabs, as LTSV has them', () => {
  const format = 'time:$time_local\thost:$remote_addr\tua:$http_user_agent\tmsec:$msec'
  const line = 'time:20/Nov/2026:10:15:00 +0000\thost:192.0.2.1\tua:Agent: 1.0 (x y)\tmsec:1795169700.123'
  expect(read(format, line)).toMatchObject({
    columns: { time: moment, remote_addr: '192.0.2.1', http_user_agent: 'Agent: 1.0 (x y)' },
    rest: { msec: '1795169700.123' },
  })
})

test("Apache's formats, with their conditions, escapes and units", () => {
  const format =
    '%v:%p %h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%!200,304{User-Agent}i\\" %D %I %O %{SSL_PROTOCOL}x %%'
  const line =
    'shop.example.com:443 host.example.net - alice [20/Nov/2026:12:15:00 +0200] "GET /\\"a\\" HTTP/1.1" 200 - "-" ' +
    '"Agent \\"x\\" 1.0" 48123 462 1024 TLSv1.3 %'
  expect(read(format, line)).toEqual({
    result: { kind: 'row' },
    columns: {
      server_name: 'shop.example.com',
      server_port: 443,
      remote_addr: 'host.example.net',
      remote_user: 'alice',
      time: moment,
      request_verb: 'GET',
      request_url: '/\\"a\\"',
      request_proto: 'HTTP/1.1',
      status: 200,
      http_user_agent: 'Agent \\"x\\" 1.0',
      request_time: 0.048123,
      request_length: 462,
    },
    eventTime: moment,
    app: 'shop.example.com',
    rest: { bytes_sent: '1024', ssl_protocol: 'TLSv1.3' },
  })
})

test.each([
  ['%{%Y-%m-%dT%H:%M:%S%z}t %h', '2026-11-20T12:15:00+0200 192.0.2.1', { time: moment }, undefined],
  ['%{usec}t %h', `${moment + 7} 192.0.2.1`, { time: moment + 7 }, undefined],
  ['[%{%Y-%m-%d %H:%M:%S}t] %h', '[2026-11-20 10:15:00] 192.0.2.1', {}, { time: '2026-11-20 10:15:00' }],
  ['%T/%D %h', '0/48123 192.0.2.1', { request_time: 0 }, { request_time_us: '48123' }],
  ['%{ms}T %h', '48 192.0.2.1', { request_time: 0.048 }, undefined],
  ['"%m %U%q %H" %h', '"GET /a?b=c HTTP/1.1" 192.0.2.1', { request_url: '/a?b=c' }, undefined],
  ['%a %h', '192.0.2.2 192.0.2.1', { remote_addr: '192.0.2.2' }, { remote_host: '192.0.2.1' }],
  ['%h %{X-Request-Id}i %{id}C', '192.0.2.1 a b', {}, { http_x_request_id: 'a', cookie_id: 'b' }],
  ['%h %{Via}o %{Via}o', '192.0.2.1 a b', {}, { sent_http_via: 'a', sent_http_via_2: 'b' }],
])('Apache: %s', (format, line, columns, rest) => {
  const row = read(format, line)
  expect(row.result).toEqual({ kind: 'row' })
  expect(row.columns).toMatchObject(columns)
  expect(row.rest).toEqual(rest)
})

test.each([
  ['$remote_addr $status', '192.0.2.1', 'byte 1: no " " behind $remote_addr: another format?'],
  ['$remote_addr $status', '192.0.2.1 OK', 'byte 11: $status is no INT64'],
  ['$remote_addr $status', '192.0.2.1, 192.0.2.2 200', 'byte 12: $status holds'],
  ['$remote_addr $status', 'GET/ 200', 'byte 1: $remote_addr is no address and no name of a host'],
  ['"$request" $status', '"GET / HTTP/1.1"x 200', 'byte 16: no "\\" " behind $request'],
  ['"$request" $status', '"GET / HTTP/1.1', 'byte 2: no "\\" " behind $request'],
  ['"$request" $status', 'GET / 200', 'byte 1: no "\\"" in front'],
  ['$status $host', '200 a b', 'byte 5: $host holds what stands between values'],
  ['[$time_local] "$host"', '[20/Nov/2026:10:15:00 +0000] "a" b', 'byte 33: more than the format has'],
  ['%h %u %t', '192.0.2.1 - - [20/Nov/2026:10:15:00 +0000]', 'byte 11: %u is no user name'],
])('what does not fit %s is a reject with the place', (format, line, reason) => {
  expect(read(format, line).result).toMatchObject({ kind: 'reject', reason: expect.stringContaining(reason) })
})

test('a source reads its lines by its format, and no others', async () => {
  const source = {
    ...sourceOf({ format: 'nginx', logFormat: '$host $remote_addr [$time_iso8601] $status $geo' }),
  }
  const { rows, rejects } = await readObject(
    source,
    'shop.example.com 192.0.2.1 [2026-11-20T10:15:00Z] 200 DE\n{"remote_addr":"192.0.2.1"}\n',
  )
  expect(rows).toMatchObject([
    { app: 'shop.example.com', remote_addr: '192.0.2.1', status: '200', source_line: '1' },
  ])
  expect(rejects).toMatchObject([{ error_class: 'malformed', source_line: '2' }])
})

/** As nginx escapes a value: https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format. */
function escaped(value: string): string {
  const written = Array.from(Buffer.from(value), (byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c
      ? `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`
      : String.fromCharCode(byte),
  ).join('')
  return written === '' ? '-' : written
}

const anyText = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(' ', '-', '"', '[', ']', ',', ':', '|', '\\', 'a', '1', '='),
    maxLength: 12,
  }),
)
const list = fc
  .array(fc.constantFrom('192.0.2.1:80', '198.51.100.7:80', 'unix:/run/a.sock'), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((all) => fc.constantFrom(', ', ' : ').map((between) => all.join(between)))
/** A user's name may be any, and so may be what stands alone between quotes, tabs or spaces. */
const variable = fc.oneof(
  ...['a', 'b', 'c', 'd'].map((name) => fc.record({ name: fc.constant(`arg_${name}`), value: anyText })),
  fc.record({ name: fc.constant('upstream_cache'), value: list }),
)
const frame = fc.constantFrom(['"', '"'], ['[', ']'], ['', ''], ['', ''], ['k=', ''], ['k="', '"'])
const separator = fc.constantFrom(' ', ' ', '\t', '|', ' - ', ', ', ' x=')

test('a line printed by a format is read as the record it was printed from, or is a reject', () => {
  let [drawn, read] = [0, 0]
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ variable, frame, separator }), {
        minLength: 1,
        maxLength: 5,
        selector: (part) => part.variable.name,
      }),
      (parts) => {
        const print = (show: (part: (typeof parts)[number]) => string) =>
          parts
            .map(({ separator: behind, ...part }, index) => {
              const [open, close] = part.frame
              return `${open}${show({ ...part, separator: behind })}${close}${index + 1 < parts.length ? behind : ''}`
            })
            .join('')
        const logFormat = print((part) => `\${${part.variable.name}}`)
        const line = print((part) => escaped(part.variable.value))
        const row = recordedRow(nginx.parser([], { logFormat }), nginx.columns, line)
        drawn++
        if (row.result.kind !== 'row') return
        read++
        const expected = parts.flatMap(({ variable: { name, value } }) => {
          const text = escaped(value)
          return text === '-' ? [] : [[name, text]]
        })
        expect(row.rest ?? {}).toEqual(Object.fromEntries(expected))
      },
    ),
    { numRuns: 20000 },
  )
  expect(read / drawn).toBeGreaterThan(0.02)
})

test.each(['$arg_a $upstream_addr - "$request" [$arg_b]$status', '%h\t%{A}i | %{B}i - "%r" %U%q'])(
  'a megabyte of anything in a line of %s is no work',
  (logFormat) => {
    for (const piece of [' ', ', ', ' : ', ' - ', '" ', '\\"', '\t', ' | ', ']', 'a']) {
      const start = performance.now()
      for (const front of ['', '192.0.2.1 ', '192.0.2.1 a - "', '192.0.2.1\ta | '])
        expect(read(logFormat, front + piece.repeat(1_000_000 / piece.length)).result.kind).toBe('reject')
      // Some milliseconds; anything quadratic takes minutes.
      expect(performance.now() - start).toBeLessThan(3000)
    }
  },
)
