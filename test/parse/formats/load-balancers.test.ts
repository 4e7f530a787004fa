/** The logs of load balancers, and of S3, are much alike: a line of one is a row of no other. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type FormatName, formats } from '../../../functions/parse/formats.ts'
import { recordedRow } from '../recorded-row.ts'

const names = ['alb', 'clb', 'nlb', 'alb-connection', 's3-access'] as const
const linesOf = (name: FormatName) =>
  readFileSync(new URL(`../../fixtures/${name}.log`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')

function read(name: FormatName, line: string) {
  return recordedRow(formats[name].parser([]), formats[name].columns, line)
}

const started = '2026-11-20T10:15:00.000001Z 192.0.2.10 51234'
/** Lines with little in them, where types alone do not tell the formats apart. */
const sparse: readonly (readonly [FormatName, string])[] = [
  ['alb-connection', `${started} 443 - - - "-" - - - TID_00000000000000000000000000000001`],
  ['alb-connection', `${started} 443 - - - "-" - - - TID_00000000000000000000000000000001 -`],
  ['clb', '2026-11-20T10:15:00.943958Z checkout 192.0.2.10:2817 - -1 -1 -1 408 0 0 0 "- - - " "-" - -'],
  [
    'alb',
    'http 2026-11-20T10:15:00.000001Z app/a/0a 192.0.2.10:1 - -1 -1 -1 400 - 0 0 "- - - " "-" - - - "-"',
  ],
]
const lines = [...names.flatMap((name) => linesOf(name).map((line) => [name, line] as const)), ...sparse]

test.each(names)('no line of another is a row of %s', (name) => {
  for (const [own, line] of lines)
    if (own !== name) expect([line, read(name, line).result.kind]).toEqual([line, 'reject'])
})

test('each of the sparse lines is a row of its own', () => {
  for (const [name, line] of sparse) expect(read(name, line).result).toEqual({ kind: 'row' })
})

const [alb = ''] = linesOf('alb')
const [clb = ''] = linesOf('clb')
const [nlb = ''] = linesOf('nlb')
const [s3 = ''] = linesOf('s3-access')

test.each<[string, FormatName, string, string]>([
  ['no space behind a certificate', 'alb', alb.replace('" 12 2026', '"12 2026'), 'text follows the quote'],
  ['no space behind a request', 'alb', alb.replace('" "Example', '""Example'), 'text follows the quote'],
  ['text behind a request', 'alb', alb.replace('" "Example', '"x "Example'), 'text follows the quote'],
  ['no space behind a request', 'clb', clb.replace('" "Example', '""Example'), 'text follows the quote'],
  ['no space behind a user agent', 'clb', clb.replace('" - -', '"- -'), 'text follows the quote'],
  ['no space behind a list', 'nlb', nlb.replace('"http/1.1" ', '"http/1.1"'), 'text follows the quote'],
  ['no space behind a status', 's3-access', s3.replace('HTTP/1.1" 200', 'HTTP/1.1"200'), ''],
  ['a quote in a word', 'alb', alb.replace('targetgroup/', 'targetgroup"/'), 'a quote stands within field'],
  [
    'a name for a client',
    'alb',
    alb.replace('192.0.2.10:51234', 'client:51234'),
    'is no address with a port',
  ],
  ['no port', 'clb', clb.replace('192.0.2.10:2817', '192.0.2.10'), 'is no address with a port'],
  ['a number for a client', 's3-access', s3.replace('192.0.2.10', '17'), 'is no address'],
])('%s of %s is a reject', (_, name, line, reason) => {
  expect(read(name, line).result).toMatchObject({ kind: 'reject', reason: expect.stringContaining(reason) })
})

test('requests and user agents of load balancers may have quotes as they are', () => {
  const quoted = (line: string) =>
    line.replace('ExampleAgent/1.0 (', 'Example "Agent" 1.0 ("').replace('id=7 ', 'id="7" ')
  expect(read('alb', quoted(alb)).columns).toEqual({
    ...read('alb', alb).columns,
    request_url: 'https://shop.example.com:443/cart?id="7"',
    user_agent: String.raw`Example "Agent" 1.0 ("test; \x22quoted\x22)`,
  })
  expect(read('clb', quoted(clb)).columns).toEqual({
    ...read('clb', clb).columns,
    user_agent: String.raw`Example "Agent" 1.0 ("\x22quoted\x22)`,
  })
})

test.each([
  ['- http://shop.example.com:80- ', { request_url: 'http://shop.example.com:80-' }],
  ['GET http://shop.example.com:80/x', { request_verb: 'GET', request_url: 'http://shop.example.com:80/x' }],
  ['- - - ', {}],
])('the request "%s" of an ALB', (request, expected) => {
  const line = alb.replace(/"GET [^"]*"/, `"${request}"`)
  const { request_verb, request_url, request_proto } = read('alb', line).columns
  expect({ request_verb, request_url, request_proto }).toEqual({
    request_verb: undefined,
    request_url: undefined,
    request_proto: undefined,
    ...expected,
  })
})
