import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jobSettings } from '../../cdktf/google/job-settings.ts'
import { type Lane, lanesOf } from '../../cdktf/google/lanes.ts'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { parseLandingName } from '../../functions/model/landing-name.ts'
import { parseFilter } from '../../scripts/local/pubsub/filter.ts'
import { type Attributes, all, everything, synthesise } from './synthesised.ts'

/** Lanes, and sources each in one of them, with buckets that look like parts of a landing name. */
function planned(lanes: readonly string[], ofSources: readonly string[]): Bridge {
  const bucket = (n: number) => (n % 2 ? `v1.${n}` : `lane-${n}`)
  return defineBridge({
    aws: everything.aws,
    google: { ...everything.google, lanes: Object.fromEntries(lanes.map((name) => [name, {}])) },
    sources: Object.fromEntries(
      ofSources.map((lane, n) => [`source${n}`, { bucket: bucket(n), format: 'json-lines', lane }]),
    ),
  })
}

/** Some names are beginnings of others, or are words of the landing name. */
const laneNames = fc
  .tuple(
    fc.subarray(['a', 'ab', 'abc', 's3', 'lane']),
    fc.array(
      fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/).filter((name) => name !== 'live'),
      { maxLength: 12 },
    ),
  )
  .map((names) => [...new Set(names.flat())])

const configurations = laneNames.chain((lanes) =>
  fc
    .array(fc.constantFrom('live', ...lanes), { minLength: 1, maxLength: 25 })
    .map((ofSources) => planned(lanes, ofSources)),
)

/** The lanes whose subscriptions take the announcement of a copy of this name. */
function takers(lanes: readonly Pick<Lane, 'name' | 'filter'>[], objectId: string): string[] {
  return lanes
    .filter(({ filter }) => parseFilter(filter)({ eventType: 'OBJECT_FINALIZE', objectId }))
    .map(({ name }) => name)
}

test('each copy is taken by the lane of its source and no other, whatever lanes there are', () => {
  fc.assert(
    fc.property(configurations, fc.string({ unit: 'grapheme' }), (bridge, key) => {
      for (const source of bridge.sources) {
        const { path } = jobSettings(bridge, source, '123456789012').transferSpec.gcsDataSink
        expect(takers(lanesOf(bridge), path + key)).toEqual([source.lane])
        expect(parseLandingName(path + key)).toEqual({ bucket: source.bucket, key })
      }
    }),
  )
})

test.each(['s3/example-logs/a.log', 's3/lane/a.log', 's3/bulk/a.log', 's3/', 'by-hand'])(
  'what landed before there were lanes, or is in none, is of the live one: %s',
  (name) => {
    expect(takers(lanesOf(planned(['bulk'], ['bulk'])), name)).toEqual(['live'])
  },
)

test('sources that a suffix alone tells apart may be in lanes of their own', () => {
  const logs = { bucket: 'example-logs', format: 'json-lines' } as const
  const bridge = defineBridge({
    aws: everything.aws,
    google: everything.google,
    sources: { few: { ...logs, suffix: '.gz' }, many: { ...logs, suffix: '.log', lane: 'bulk' } },
  })
  expect(
    bridge.sources.map((source) => jobSettings(bridge, source, '123456789012').transferSpec.gcsDataSink.path),
  ).toEqual(['s3/example-logs/', 's3/lane=bulk/example-logs/'])
})

test('more sources and more lanes change no notification, and no filter there is', () => {
  const stacks = [planned(['bulk'], ['bulk']), planned(['slow', 'bulk'], Array(12).fill('slow'))].map(
    (bridge) => synthesise(bridge).google,
  )
  const notifications = stacks.map((stack) => all(stack, 'google_storage_notification'))
  const settings = { object_name_prefix: 's3/', event_types: ['OBJECT_FINALIZE'] }
  for (const made of notifications) expect(made).toEqual({ 'landed-s3-': expect.objectContaining(settings) })
  const [before = [], after = []] = stacks.map((stack) =>
    Object.values(all(stack, 'google_pubsub_subscription')).map(filterOf),
  )
  expect(after).toEqual(expect.arrayContaining(before))
  expect(after.filter(({ filter }) => filter)).toHaveLength(3)
  for (const { filter } of after) expect(Buffer.byteLength(filter)).toBeLessThanOrEqual(256)
})

function filterOf({ name, filter = '' }: Attributes) {
  return { name, filter: String(filter) }
}
