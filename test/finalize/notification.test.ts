import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readNotification } from '../../functions/finalize/notification.ts'
import { landingName, parseLandingName } from '../../functions/model/landing-name.ts'
import { landingBucket, pushEvent } from './push-event.ts'

const name = 's3/example-logs/AWSLogs/one.log.gz'
const read = (event: unknown) => readNotification(event, landingBucket)

/** The announced S3 object. */
function sourceOf(event: unknown): unknown {
  const { announced } = read(event)
  return announced.kind === 'object' ? announced.object.source : announced
}

test('a finalize message announces its object', () => {
  expect(read(pushEvent(name, { resource: { customTime: '2026-11-20T10:14:58Z' } }))).toEqual({
    messageId: '77',
    publishedAt: Date.UTC(2026, 10, 20, 10, 15, 1, 500),
    deadLettered: false,
    announced: {
      kind: 'object',
      object: {
        bucket: landingBucket,
        name,
        generation: '1795169700000001',
        bytes: 1234,
        landedAt: Date.UTC(2026, 10, 20, 10, 15, 0, 250),
        source: {
          bucket: 'example-logs',
          key: 'AWSLogs/one.log.gz',
          etag: '0123456789abcdef',
          uploadedAt: Date.UTC(2026, 10, 20, 10, 14, 58),
        },
      },
    },
  })
})

test.each([
  ['no metadata', { metadata: undefined }],
  ['metadata without an etag', { metadata: { team: 'a' } }],
  ['an empty etag', { metadata: { 'x-goog-source-etag': '' } }],
  ['quotes around nothing', { metadata: { 'x-goog-source-etag': '""' } }],
])('%s: content is known by checksum and size', (_, resource) => {
  expect(sourceOf(pushEvent(name, { resource }))).toMatchObject({ etag: 'crc32c:AAAAAA==:1234' })
})

test('a delivery from the dead-letter topic says so', () => {
  const attributes = {
    CloudPubSubDeadLetterSourceSubscription: 'load',
    CloudPubSubDeadLetterSourceDeliveryCount: '5',
  }
  expect(read(pushEvent(name, { attributes }))).toMatchObject({
    deadLettered: true,
    announced: { kind: 'object' },
  })
})

const json = (value: string) => ({ message: { data: Buffer.from(value).toString('base64') } })

test.each([
  ['other_event_type', pushEvent(name, { attributes: { eventType: 'OBJECT_DELETE' } })],
  ['other_event_type', pushEvent(name, { attributes: { eventType: 'OBJECT_METADATA_UPDATE' } })],
  ['directory', pushEvent('s3/example-logs/')],
  ['directory', pushEvent('s3/example-logs/AWSLogs/')],
])('%s: case %#: nothing to load, as it should be', (reason, event) => {
  expect(read(event)).toMatchObject({ messageId: '77', announced: { kind: 'nothing', reason } })
})

test.each([
  ['unknown_bucket', pushEvent(name, { attributes: { bucketId: 'example-other' } })],
  ['no_source', pushEvent('one.log')],
  ['no_source', pushEvent('s3/example-logs')],
  ['no_source', pushEvent('S3/example-logs/one.log')],
  ['not_a_notification', pushEvent(name, { attributes: { payloadFormat: 'NONE' } })],
  ['not_a_notification', pushEvent(name, { attributes: { eventType: undefined } })],
  ['not_a_notification', pushEvent(name, { attributes: { objectId: undefined } })],
  ['not_a_notification', pushEvent(name, { attributes: { objectGeneration: '1.5' } })],
  ['not_a_notification', pushEvent(name, { attributes: { objectId: 's3/example-logs/other' } })],
  ['not_a_notification', pushEvent(name, { resource: { bucket: 'example-other' } })],
  ['not_a_notification', pushEvent(name, { resource: { generation: '2' } })],
  ['not_a_notification', pushEvent(name, { resource: { size: '-1' } })],
  ['not_a_notification', pushEvent(name, { resource: { size: undefined } })],
  ['not_a_notification', pushEvent(name, { resource: { timeCreated: 'yesterday' } })],
  ['not_a_notification', pushEvent(name, json('{"bucket":'))],
  ['not_a_notification', pushEvent(name, json('[]'))],
  ['not_a_notification', pushEvent(name, { message: { data: '' } })],
  ['not_a_notification', pushEvent(name, { message: { data: 'not base64!' } })],
  ['not_a_notification', pushEvent(name, { message: { data: undefined } })],
  ['not_a_notification', pushEvent(name, { message: { attributes: undefined } })],
  ['not_a_notification', pushEvent(name, { message: { attributes: ['a'] } })],
])('%s: case %#: something is wrong', (reason, event) => {
  expect(read(event)).toMatchObject({ messageId: '77', announced: { kind: 'unclear', reason } })
})

test.each([
  [undefined],
  [null],
  [7],
  ['text'],
  [true],
  [[]],
  [{}],
  [{ data: null }],
  [{ data: { message: [] } }],
])('%j is no notification', (event) =>
  expect(read(event)).toMatchObject({
    messageId: 'none',
    publishedAt: undefined,
    deadLettered: false,
    announced: { kind: 'unclear', reason: 'not_a_notification' },
  }),
)

test('what is no notification is known all the same when it comes as a dead letter', () => {
  const message = { messageId: '78', attributes: { CloudPubSubDeadLetterSourceSubscription: 'load' } }
  const event = { deadLettered: true, messageId: '78', announced: { kind: 'unclear' } }
  expect(read({ data: { message } })).toMatchObject(event)
  // A push without data is handed over as it came.
  expect(read({ message })).toMatchObject(event)
})

test('a huge message is answered too', () => {
  for (const data of ['A'.repeat(16_000_000), `${'A'.repeat(15_999_999)}!`])
    expect(read(pushEvent(name, { message: { data } }))).toMatchObject({
      announced: { reason: 'not_a_notification' },
    })
})

test('anything at all is answered', () => {
  const message = fc.record({
    data: fc.base64String(),
    attributes: fc.dictionary(fc.string(), fc.anything()),
  })
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        message.map((inner) => ({ data: { message: inner } })),
      ),
      (event) => {
        expect(read(event).announced.kind).not.toBe('object')
      },
    ),
  )
})

test('any key comes back as it was, the same in every lane', () => {
  const keys = fc.oneof(
    fc.constantFrom('a b+c%20d', 'x/%2F/ü/日本', '//', 's3/x', '\u202e', '..', 'a?b#c&d="e"'),
    fc.string({ unit: 'grapheme' }),
  )
  fc.assert(
    fc.property(keys, fc.constantFrom('live', 'bulk', 's3', 'lane'), (key, lane) => {
      const landed = landingName('example-logs', key, lane)
      expect(landed).toBe(`s3/${lane === 'live' ? '' : `lane=${lane}/`}example-logs/${key}`)
      expect(parseLandingName(landed)).toEqual({ bucket: 'example-logs', key })
      fc.pre(key !== '' && !key.endsWith('/'))
      expect(sourceOf(pushEvent(landed))).toEqual(sourceOf(pushEvent(`s3/example-logs/${key}`)))
      expect(sourceOf(pushEvent(landed))).toMatchObject({ bucket: 'example-logs', key })
    }),
  )
})

test.each(['s3/', 's3/bucket', 's3/lane=bulk/', 's3/lane=bulk/bucket', 's3/lane=/bucket/key', 'bucket/key'])(
  'no engine puts an object at %s',
  (landing) => expect(parseLandingName(landing)).toBeUndefined(),
)
