import { expect, test } from 'vitest'
import { albConnection } from '../../../functions/parse/formats/alb-connection.ts'
import { syslog } from '../../../functions/parse/formats/syslog.ts'
import { text, textFormat } from '../../../functions/parse/formats/text.ts'
import { vpcFlow } from '../../../functions/parse/formats/vpc-flow.ts'
import { waf } from '../../../functions/parse/formats/waf.ts'
import { readObject, sourceOf } from '../../split/read-object.ts'
import { recordedRow } from '../recorded-row.ts'

test('vpc-flow: fields from the configuration, as AWS or as Athena writes them', () => {
  for (const fields of [
    ['version', 'vpc-id', 'start', 'log-status'],
    ['version', 'vpc_id', 'start', 'log_status'],
    [`\${version}`, `\${vpc-id}`, `\${start}`, `\${log-status}`],
  ]) {
    const parse = vpcFlow.parser(['vpc_id'], { fields })
    expect(recordedRow(parse, vpcFlow.columns, '3 vpc-1 1795169700 OK')).toEqual({
      result: { kind: 'row' },
      columns: { version: 3, vpc_id: 'vpc-1', start: 1795169700_000_000, log_status: 'OK' },
      eventTime: 1795169700_000_000,
      app: 'vpc-1',
    })
    expect(recordedRow(parse, vpcFlow.columns, '3 vpc-1').result).toMatchObject({ errorClass: 'malformed' })
  }
})

test('vpc-flow: a header goes before the configuration', () => {
  const parse = vpcFlow.parser([], { fields: ['version', 'action'] })
  expect(recordedRow(parse, vpcFlow.columns, 'version log-status').result).toEqual({
    kind: 'skipped',
    reason: 'header',
  })
  expect(recordedRow(parse, vpcFlow.columns, '2 OK').columns).toEqual({ version: 2, log_status: 'OK' })
})

const pattern = /(?<time>\S+) (?<level>[A-Z]+) \[(?<service>[^\]]*)\] (?<message>.*)/

test('text: named groups of a pattern, given to the factory or the parser', () => {
  const line = '2026-11-20T10:15:00.25Z WARN [cart] slow: 2 s'
  for (const parse of [textFormat(pattern).parser(['service']), text.parser(['service'], { pattern })]) {
    expect(recordedRow(parse, text.columns, line)).toEqual({
      result: { kind: 'row' },
      columns: { message: 'slow: 2 s' },
      eventTime: 1795169700_250_000,
      app: 'cart',
      rest: { time: '2026-11-20T10:15:00.25Z', level: 'WARN', service: 'cart' },
    })
    expect(recordedRow(parse, text.columns, `so: ${line}`).result).toMatchObject({ errorClass: 'malformed' })
  }
})

test('text: flags of the pattern count, but for those that would carry over to the next line', () => {
  const parse = textFormat(/(?<level>warn) /giy).parser([])
  for (const line of ['WARN one', 'warn two', 'Warn three'])
    expect(recordedRow(parse, text.columns, line)).toMatchObject({
      columns: { message: line },
      rest: { level: line.slice(0, 4) },
    })
})

test('text: lines are as long as they like, with a pattern or without', () => {
  const line = `x ${'a'.repeat(1_000_000)}`
  const { rest } = recordedRow(textFormat(/x (?<tail>.*)/).parser([]), text.columns, line)
  expect(rest).toEqual({ tail: line.slice(2) })
  expect(recordedRow(text.parser([]), text.columns, line).columns).toEqual({ message: line })
})

test('text: a pattern that outgrows the stack rejects the line', () => {
  const row = recordedRow(textFormat(/(?:(a)|(b))*x/).parser([]), text.columns, `${'ab'.repeat(1_900_000)}`)
  expect(row.result).toMatchObject({
    errorClass: 'user_error',
    reason: expect.stringContaining('the pattern failed'),
  })
})

test.each([
  ['2026-11-21T00:00:00Z', 'Nov 21 23:59:59', '2026-11-21T23:59:59Z'],
  ['2026-11-21T00:00:00Z', 'Nov 22 00:00:01', '2025-11-22T00:00:01Z'],
  ['2027-01-01T00:05:00Z', 'Dec 31 23:59:00', '2026-12-31T23:59:00Z'],
  ['2026-12-31T23:59:00Z', 'Jan  1 00:01:00', '2027-01-01T00:01:00Z'],
  ['2026-11-21T00:00:00Z', 'Feb 29 12:00:00', '2024-02-29T12:00:00Z'],
])('syslog: read at %s, %s is %s', (now, time, expected) => {
  const parse = syslog.parser([], { now: Date.parse(now) })
  const { eventTime } = recordedRow(parse, syslog.columns, `${time} host app: x`)
  expect(new Date((eventTime ?? 0) / 1000).toISOString()).toBe(new Date(expected).toISOString())
})

test('syslog: without a clock a time without a year is left out', () => {
  const row = recordedRow(syslog.parser([]), syslog.columns, 'Nov 20 10:15:00 host app: x')
  expect(row).toEqual({
    result: { kind: 'row' },
    columns: { hostname: 'host', app_name: 'app', message: 'x' },
  })
})

test('syslog: parameters are kept under any name', () => {
  const data = '[__proto__ toString="1" __proto__="2"][constructor __proto__="3" __proto__="4"]'
  const { rest } = recordedRow(syslog.parser([]), syslog.columns, `<13>1 - - - - - ${data} x`)
  expect(JSON.stringify(rest)).toBe(
    '{"structured_data":{"__proto__":{"toString":"1","__proto__":"2"},"constructor":{"__proto__":["3","4"]}}}',
  )
})

test('syslog: the app may be in the structured data', () => {
  const parse = syslog.parser(['structured_data.origin@1.service', 'hostname'])
  const line = (data: string) => `<13>1 2026-11-20T10:15:00Z web1 - - - ${data} x`
  expect(recordedRow(parse, syslog.columns, line('[origin@1 service="cart"]')).app).toBe('cart')
  expect(recordedRow(parse, syslog.columns, line('[origin@1 service="a" service="b"]')).app).toBe('a')
  expect(recordedRow(parse, syslog.columns, line('-')).app).toBe('web1')
})

test('waf: what AWS has no value for names no app', () => {
  const parse = waf.parser(['httpsourceid', 'action'])
  const line = (source: string) =>
    `{"timestamp":1795169700000,"webaclId":"a","httpSourceId":"${source}","action":"ALLOW","httpRequest":{}}`
  expect(recordedRow(parse, waf.columns, line('E0EXAMPLE')).app).toBe('E0EXAMPLE')
  expect(recordedRow(parse, waf.columns, line('-')).app).toBe('ALLOW')
})

test('alb-connection: the app is the load balancer in the key', async () => {
  const line = '2026-11-20T10:15:00Z 192.0.2.1 1 443 - - - "-" - - - TID_1'
  const source = sourceOf({ format: albConnection.name as 'alb-connection' })
  const key =
    'AWSLogs/000000000000/elasticloadbalancing/us-east-1/2026/11/20/conn_log_000000000000_elasticloadbalancing_us-east-1_app.my-shop.0a1b_20261120T1015Z_192.0.2.1_x.log.gz'
  expect((await readObject(source, line, { key })).rowsByApp).toEqual({ 'my-shop': 1 })
  expect((await readObject(source, line, { key: 'elsewhere.log' })).rowsByApp).toEqual({ unknown: 1 })
})

test('alb-health-check: the app is the load balancer in the key', async () => {
  const line = 'http 2026-11-20T10:15:00Z 0.02 192.0.2.10:80 shop-web PASS 200 -'
  const key =
    'AWSLogs/000000000000/elasticloadbalancing/us-east-1/2026/11/20/health_check_log_000000000000_elasticloadbalancing_us-east-1_app.my-shop.0a1b_20261120T1015Z_192.0.2.1_x.log.gz'
  const { rowsByApp } = await readObject(sourceOf({ format: 'alb-health-check' }), line, { key })
  expect(rowsByApp).toEqual({ 'my-shop': 1 })
})

test('api-gateway-clf: the app is the Firehose stream in the key', async () => {
  const line =
    '192.0.2.44 - - [20/Nov/2026:10:15:00 +0000] "GET /a HTTP/1.1" 200 15 0a1b2c3d-1111-4222-8333-444455556666'
  const key = (name: string) =>
    `2026/11/20/10/${name}-2-2026-11-20-10-15-00-0a1b2c3d-1111-4222-8333-444455556666`
  const source = sourceOf({ format: 'api-gateway-clf' })
  const appsAt = async (name: string) => (await readObject(source, line, { key: key(name) })).rowsByApp
  expect(await appsAt('amazon-apigateway-my-shop')).toEqual({ 'my-shop': 1 })
  expect(await appsAt('other')).toEqual({ unknown: 1 })
})

test('logfmt: the app is by its own names, and by those of a column', async () => {
  const line = 'level=info msg=x component=store app=cart'
  const appOf = async (field?: string) => {
    const source = sourceOf({ format: 'logfmt', ...(field !== undefined && { app: { field } }) })
    return Object.keys((await readObject(source, line)).rowsByApp)
  }
  expect(await appOf()).toEqual(['cart'])
  expect(await appOf('component')).toEqual(['store'])
  expect(await appOf('logger')).toEqual(['store'])
  expect(await appOf('level')).toEqual(['info'])
})
