import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { detectFormat } from '../../functions/parse/detect.ts'

const folder = new URL('../fixtures/', import.meta.url)
const fixtures = readdirSync(folder).filter((file) => file.endsWith('.log') && !file.startsWith('text.'))
const contentOf = (file: string) => readFileSync(new URL(file, folder))

test.each(fixtures)('%s is detected', (file) => {
  expect(detectFormat(contentOf(file))).toBe(file.split('.')[0])
})

test.each(fixtures)('%s is detected when its last line is cut off', (file) => {
  const content = contentOf(file)
  expect(detectFormat(content.subarray(0, content.length - 40))).toBe(file.split('.')[0])
})

const elb = 'AWSLogs/000000000000/elasticloadbalancing/us-east-1/2026/11/20/'
const ownKeys = [
  [
    `${elb}000000000000_elasticloadbalancing_us-east-1_app.checkout.0a1b_20261120T1015Z_192.0.2.1_x.log.gz`,
    'alb.log',
  ],
  [`${elb}000000000000_elasticloadbalancing_us-east-1_net.pay.0a1b_20261120T1015Z_0a1b.log.gz`, 'nlb.log'],
  [`${elb}000000000000_elasticloadbalancing_us-east-1_checkout_20261120T1015Z_192.0.2.1_x.log`, 'clb.log'],
  [
    `${elb}conn_log_000000000000_elasticloadbalancing_us-east-1_app.checkout.0a1b_20261120T1015Z_192.0.2.1_x.log.gz`,
    'alb-connection.log',
  ],
  ['cdn/E2EXAMPLE12345.2026-11-20-10.0a1b2c3d.gz', 'cloudfront.log'],
  ['AWSLogs/000000000000/vpcflowlogs/us-east-1/2026/11/20/x.log.gz', 'vpc-flow.log'],
  ['access/2026-11-20-10-15-00-0123456789ABCDEF', 's3-access.log'],
] as const

test.each(ownKeys)('key %s with its lines', (key, file) => {
  expect(detectFormat(contentOf(file), key)).toBe(file.split('.')[0])
})

test('a key decides where several formats read lines', () => {
  const mixed = Buffer.concat([contentOf('clb.log'), contentOf('alb.log'), contentOf('alb.log')])
  const keyOf = (name: string) => ownKeys.find(([, file]) => file === `${name}.log`)?.[0]
  expect(detectFormat(mixed)).toBe('alb')
  expect(detectFormat(mixed, keyOf('clb'))).toBe('clb')
})

test('a key alone decides nothing', () => {
  for (const [key] of ownKeys) expect(detectFormat(contentOf('nginx.log'), key)).toBe('nginx')
})

const none = 'No format has\nlines like these, or so\none hopes.\n'

test.each([
  ['nothing', ''],
  ['blank lines', '\r\n\n'],
  ['prose', none],
  ['prose with commas', 'First, nothing.\nSecond, nothing, again.\n'],
  ['numbers', '1,2,3\n4,5,6\n'],
  ['prose with an object in it', `${none}{"level":"info"}\nand that was it.\n`],
  ['prose with a message in it', `${none}<134>1 2026-11-20T10:15:00Z host app - - - x\nand no more.\n`],
  ['a table of dashes', '- - - - - - - - - - - - - - -\n'],
])('%s is text', (_, content) => expect(detectFormat(Buffer.from(content))).toBe('text'))

test('so is what is not UTF-8', () => {
  expect(detectFormat(Buffer.from('caf\xe9\n', 'latin1'))).toBe('text')
})

test.each(ownKeys)('key %s with lines of no format says that something is wrong', (key) => {
  expect(detectFormat(Buffer.from(none), key)).toBeUndefined()
  expect(detectFormat(Buffer.from(''), key)).toBe('text')
})

test('what is no text is in no format', () => {
  expect(detectFormat(Buffer.from(`PK\x03\x04\0\0${none}`))).toBeUndefined()
})

test('objects without a newline between them are json-lines', () => {
  expect(detectFormat(Buffer.from('{"level":"info"}{"level":"warn"}'))).toBe('json-lines')
})

test('JSON with names that flow logs have too is json-lines', () => {
  expect(detectFormat(Buffer.from('{"version":2,"type":"IPv4","srcaddr":"192.0.2.7"}\n'))).toBe('json-lines')
})
