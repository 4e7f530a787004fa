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

test.each([
  ['nothing', ''],
  ['prose', 'No format has\nlines like these, or so\none hopes.\n'],
  ['prose with commas', 'First, nothing.\nSecond, nothing, again.\n'],
  ['numbers', '1,2,3\n4,5,6\n'],
  ['a table of dashes', '- - - - - - - - - - - - - - -\n'],
])('%s has no format', (_, text) => expect(detectFormat(Buffer.from(text))).toBeUndefined())

test('objects without a newline between them are json-lines', () => {
  expect(detectFormat(Buffer.from('{"level":"info"}{"level":"warn"}'))).toBe('json-lines')
})

test('JSON with names that flow logs have too is json-lines', () => {
  expect(detectFormat(Buffer.from('{"version":2,"type":"IPv4","srcaddr":"192.0.2.7"}\n'))).toBe('json-lines')
})
