import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkHashKey } from '../../functions/config/check-hash-key.ts'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import { type FormatName, formats } from '../../functions/parse/formats.ts'
import { readObject, sourceOf } from './read-object.ts'

const hashKey = 'a key for tests only'
const json = sourceOf({ format: 'json-lines' })
const line = (document: unknown) => `${JSON.stringify(document)}\n`
const hashed = (text: string) => createHmac('sha256', hashKey).update(text).digest('hex').slice(0, 32)

test('by column and by path, wherever the path leads', async () => {
  const document = {
    message: 'Grüße',
    user: { email: 'a@example.com', id: 7, roles: ['admin', 'dev'] },
    'user.email': 'b@example.com',
    list: [{ token: 'x' }, { token: 'y', kept: 1 }],
  }
  const redact = {
    message: 'mask',
    'user.email': 'hash',
    'user.id': 'hash',
    'user.roles': 'mask',
    'list.token': 'drop',
    absent: 'hash',
  } as const
  const { rows } = await readObject({ ...json, redact }, line(document), { hashKey })
  expect(rows[0]?.['message']).toBe('*****')
  expect(JSON.parse(String(rows[0]?.['rest']))).toEqual({
    user: { email: hashed('a@example.com'), id: hashed('7'), roles: ['*****', '***'] },
    'user.email': hashed('b@example.com'),
    list: [{}, { kept: 1 }],
  })
})

test('within what FireLens wrapped, and in declared columns', async () => {
  const content = line({ log: JSON.stringify({ card: '4111', pin: { code: 1 } }) })
  const redact = { card: 'hash', 'pin.code': 'drop' } as const
  const { rows } = await readObject({ ...json, columns: { card: 'STRING' }, redact }, content, { hashKey })
  expect(rows[0]).toMatchObject({ card: hashed('4111'), rest: '{"log":{"pin":{}}}' })
})

test('columns of a load balancer', async () => {
  const content =
    'http 2026-11-20T10:15:00.000000Z app/shop/0a1b 192.0.2.1:40000 - -1 -1 -1 200 - 1 2 ' +
    '"GET http://example.com:80/ HTTP/1.1" "curl" - - - "Root=1"\n'
  const redact = { client_ip: 'hash', client_port: 'drop', user_agent: 'mask' } as const
  const { rows } = await readObject(sourceOf({ format: 'alb', redact }), content, { hashKey })
  expect(rows[0]).toMatchObject({
    client_ip: hashed('192.0.2.1'),
    user_agent: '****',
    elb_status_code: '200',
  })
  expect(rows[0]).not.toHaveProperty('client_port')
})

const trail = { eventVersion: '1.08', eventTime: '2026-11-20T10:15:00Z', userAgent: 'kept' }
const waf = { timestamp: 1795169700000, formatVersion: 1, webaclId: 'a', httpSourceName: 'ALB' }
const logged = { messageType: 'DATA_MESSAGE', owner: '0', logGroup: 'g', logStream: 's' }
const logEvent = { id: '1', timestamp: 1795169700000, message: 'kept' }
const card = 'secret-4111'

const resolver = { version: '1.1', query_timestamp: '2026-11-20T10:15:00Z', query_name: 'a.' }
const event = { timestamp: '2026-11-20T10:15:00.000000+0000', event_type: 'tls' }
const firewall = { firewall_name: 'f', availability_zone: 'a', event_timestamp: '1795169700' }
const access = { remote_addr: '192.0.2.7', time_iso8601: '2026-11-20T10:15:00Z' }
const wrapped = (log: unknown) => ({ container_name: 'c', log: JSON.stringify(log) })

test.each<[FormatName, string, unknown]>([
  ['cloudtrail', 'sourceIPAddress', { ...trail, sourceIPAddress: card }],
  ['cloudtrail', 'sourceipaddress', { ...trail, sourceIPAddress: card }],
  ['cloudtrail', 'userIdentity', { ...trail, userIdentity: { arn: card } }],
  ['cloudtrail', 'userIdentity.arn', { ...trail, userIdentity: { arn: card, type: 'IAMUser' } }],
  ['cloudtrail', 'useridentity.username', { ...trail, userIdentity: { userName: card } }],
  [
    'cloudtrail',
    'detail.sourceIPAddress',
    { 'detail-type': 'x', detail: { ...trail, sourceIPAddress: card } },
  ],
  ['cloudtrail', 'requestParameters', { ...trail, requestParameters: { a: [card] } }],
  ['cloudtrail', 'requestparameters', { ...trail, requestParameters: card }],
  ['waf', 'httpRequest', { ...waf, httpRequest: { clientIp: card, args: card, headers: [card], x: card } }],
  ['waf', 'httpRequest.clientIp', { ...waf, httpRequest: { clientIp: card } }],
  ['waf', 'httprequest_clientip', { ...waf, httpRequest: { clientIp: card } }],
  ['waf', 'httpRequest.headers.value', { ...waf, httpRequest: { headers: [{ name: 'a', value: card }] } }],
  ['waf', 'terminatingrulematchdetails', { ...waf, httpRequest: {}, terminatingRuleMatchDetails: card }],
  ['network-firewall', 'event.src_ip', { ...firewall, event: { ...event, src_ip: card } }],
  ['network-firewall', 'event.http', { ...firewall, event: { ...event, http: { url: card } } }],
  ['network-firewall', 'event.new.field', { ...firewall, event: { ...event, new: { field: card } } }],
  ['route53-resolver', 'srcids.instance', { ...resolver, srcids: { instance: card } }],
  ['cloudfront', 'cs(Cookie)', { 'c-ip': '192.0.2.7', 'cs(Cookie)': card }],
  ['cloudfront', 'cs_cookie', { 'c-ip': '192.0.2.7', 'cs(Cookie)': card }],
  ['cloudfront', 'cs(Referer)', { 'c-ip': '192.0.2.7', 'cs(Referer)': card }],
  ['nginx', 'request', { ...access, request: `GET /?token=${card} HTTP/1.1` }],
  ['nginx', 'request_url', { ...access, request: [card] }],
  ['json-lines', 'msg', { msg: card }],
  ['json-lines', 'message', { message: card, msg: card }],
  ['json-lines', 'log', { log: card, msg: 'kept' }],
  ['json-lines', 'traceId', { traceId: card }],
  ['json-lines', 'trace.id', { trace: { id: card } }],
  ['json-lines', 'log.level', { log: { level: card } }],
  ['json-lines', 'log.msg', wrapped({ msg: card })],
  ['json-lines', 'log.user.name', wrapped({ user: { name: card } })],
  ['json-lines', 'message.card', { message: `{"card":"${card}","kept":1}` }],
  ['cloudwatch-logs', 'logStream', { ...logged, logStream: card, logEvents: [logEvent] }],
  ['cloudwatch-logs', 'logEvents.message', { ...logged, logEvents: [{ ...logEvent, message: card }] }],
  [
    'cloudwatch-logs',
    'message.card',
    { ...logged, logEvents: [{ ...logEvent, message: `{"card":"${card}","kept":1}` }] },
  ],
])('%s: %s is taken out, as columns or as logs spell it', async (format, path, document) => {
  for (const redaction of ['drop', 'mask', 'hash'] as const) {
    const source = sourceOf({ format, redact: { [path]: redaction } })
    const { counts, tables } = await readObject(source, line(document), { hashKey })
    expect(counts).toMatchObject({ written: 1, rejected: 0 })
    expect(JSON.stringify(tables)).not.toContain(card)
  }
})

/** What a record of a format cannot be without. */
const bare: Readonly<Partial<Record<FormatName, Readonly<Record<string, unknown>>>>> = {
  cloudtrail: trail,
  waf: { ...waf, httpRequest: {} },
  'network-firewall': { ...firewall, event },
  'route53-resolver': resolver,
  'json-lines': {},
}

test.each(Object.entries(bare))(
  '%s: every field, by its name in the log and by its column',
  async (name, required) => {
    const format = name as FormatName
    const fields = formats[format].paths ?? []
    expect(fields.length).toBeGreaterThan(10)
    for (const { path, column } of fields) {
      const [first = '', ...within] = path.split('.')
      if (within.length === 0 && first in required && first !== 'httpRequest') continue
      if (format === 'network-firewall' && path === 'event.timestamp') continue
      const held = within.reduceRight<unknown>((value, member) => ({ [member]: value }), card)
      const outer = required[first]
      const member = typeof outer === 'object' ? { ...outer, ...(held as object) } : held
      const document = line({ ...required, [first]: member })
      for (const redacted of [path, column]) {
        const source = sourceOf({ format, redact: { [redacted]: 'drop' }, app: { key: /^x/ } })
        const { tables } = await readObject(source, document)
        expect(JSON.stringify(tables), `${redacted} of ${document}`).not.toContain(card)
      }
    }
  },
)

test.each<[FormatName, string, unknown]>([
  ['cloudtrail', 'sourceIPAddress', { ...trail, sourceIPAddress: card }],
  ['cloudtrail', 'userIdentity.userName', { ...trail, userIdentity: { userName: card } }],
  ['waf', 'httpRequest.clientIp', { ...waf, httpRequest: { clientIp: card } }],
  ['json-lines', 'log.msg', wrapped({ msg: card, message: 'other' })],
  ['json-lines', 'message.card', { message: `{"card":"${card}"}` }],
])('%s: %s is hashed once, however many spellings lead to it', async (format, path, document) => {
  const { tables } = await readObject(sourceOf({ format, redact: { [path]: 'hash' } }), line(document), {
    hashKey,
  })
  expect(JSON.stringify(tables)).toContain(hashed(card))
})

test('redacting the message leaves what FireLens wrapped', async () => {
  const content = line(wrapped({ msg: card, user: 'kept' }))
  const { rows } = await readObject({ ...json, redact: { message: 'drop' } }, content)
  expect(rows).toMatchObject([{ rest: '{"log":{"user":"kept"}}' }])
  expect(rows[0]).not.toHaveProperty('message')
})

test('a declared column within what FireLens wrapped, as the log spells it', async () => {
  const source = { ...json, columns: { email: 'STRING' }, redact: { 'log.email': 'drop' } } as const
  const { tables } = await readObject(source, line(wrapped({ email: card })))
  expect(JSON.stringify(tables)).not.toContain(card)
})

test('a text that is JSON stays as it was written where nothing is taken out of it', async () => {
  const message = '{ "a" : 1.0 }'
  const { rows } = await readObject({ ...json, redact: { 'message.card': 'drop' } }, line({ message }))
  expect(rows).toMatchObject([{ message }])
})

test('no function sees what is redacted, and no reject shows it', async () => {
  const seen: unknown[] = []
  const filter = (row: unknown) => {
    seen.push(JSON.stringify(row))
    throw new Error(JSON.stringify(row))
  }
  const content = `${line({ secret: 'hunter2' })}{"secret":"hunter2"\n`
  const { tables, rejects } = await readObject({ ...json, redact: { secret: 'drop' }, filter }, content)
  expect(seen).toHaveLength(1)
  expect(rejects.map((reject) => reject['error_class'])).toEqual(['malformed', 'user_error'])
  expect(JSON.stringify([seen, tables])).not.toContain('hunter2')
})

test('a bridge that hashes does not start without a key', () => {
  const bridge = defineBridge({
    aws: { region: 'us-east-1' },
    google: {
      project: 'example-project',
      location: 'US',
      landingBucket: 'example-a',
      ledgerBucket: 'example-b',
    },
    sources: { web: { bucket: 'example-logs', format: 'json-lines', redact: { user: 'hash' } } },
  })
  const message = 'sources.web.redact: hash needs a key: set CAUSEWAY_HASH_KEY'
  expect(() => checkHashKey(bridge, undefined)).toThrow(message)
  expect(() => checkHashKey(bridge, hashKey)).not.toThrow()
})
