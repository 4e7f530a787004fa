import { expect, test } from 'vitest'
import { hopLatencies } from '../scripts/latency/hop-latency.ts'
import type { HopTimes } from '../scripts/latency/hop-times.ts'
import { latencyHtml } from '../scripts/latency/latency-html.ts'
import { latencyDocument, latencyJson } from '../scripts/latency/latency-json.ts'
import { latencySvg } from '../scripts/latency/latency-svg.ts'
import { latencyText } from '../scripts/latency/latency-text.ts'

const whole: HopTimes = {
  object: 's3://logs/a',
  uploadedAt: 1000,
  eventReceivedAt: 1400,
  landedAt: 9000,
  notifiedAt: 9100,
  startedAt: 9250,
  committedAt: 10_000,
}
const withoutEvent: HopTimes = {
  object: 's3://logs/b',
  uploadedAt: 1000,
  landedAt: 31_000,
  startedAt: 31_100,
  committedAt: 32_000,
}
const skewed: HopTimes = { ...whole, object: 's3://logs/c', uploadedAt: 1500, committedAt: 9240 }
const heading = { title: 'Latency <of> "one" & all', subtitle: "last 24 h of 'prod'" }
const terminal = { isTty: false, noColor: true, columns: 80 }

function valuesPerHop(records: readonly HopTimes[]) {
  return Object.fromEntries(hopLatencies(records).map(({ hop, values }) => [hop, values]))
}

test('the hops of an object add up to its total', () => {
  expect(valuesPerHop([whole])).toEqual({
    event: [400],
    transfer: [7600],
    notification: [250],
    load: [750],
    total: [9000],
  })
})

test('without the event time the event hop is part of the transfer', () => {
  expect(valuesPerHop([withoutEvent])).toMatchObject({ event: [], transfer: [30_000] })
  const [event, transfer] = hopLatencies([withoutEvent, whole])
  expect(event).toMatchObject({ values: [400], includedInTransfer: 1 })
  expect(transfer).toMatchObject({ values: [7600, 30_000], includedInTransfer: 0 })
})

test('negative durations count as zero and are reported', () => {
  const hops = hopLatencies([skewed, whole])
  expect(hops.map(({ hop, clamped }) => [hop, clamped])).toEqual([
    ['event', 1],
    ['transfer', 0],
    ['notification', 0],
    ['load', 1],
    ['total', 0],
  ])
  expect(hops[0]?.values).toEqual([0, 400])
  expect(latencyText(hops, terminal)).toContain('event: 1 negative (clock skew), taken as 0')
  expect(latencySvg(hops, heading)).toContain('1 negative (clock skew), taken as 0')
  expect(latencyHtml(hops, heading)).toContain('<li>event: 1 negative (clock skew), taken as 0</li>')
})

test('the JSON form', () => {
  const document = latencyDocument(hopLatencies([withoutEvent]))
  expect(document).toMatchObject({ version: 1, unit: 'ms', objects: 1 })
  expect(document.hops.map(({ hop }) => hop)).toEqual(['event', 'transfer', 'notification', 'load', 'total'])
  expect(document.hops[0]).toEqual({
    hop: 'event',
    count: 0,
    clamped: 0,
    includedInTransfer: 1,
    quantiles: null,
    buckets: [],
  })
  expect(document.hops[1]).toEqual({
    hop: 'transfer',
    count: 1,
    clamped: 0,
    includedInTransfer: 0,
    quantiles: { p50: 30_000, p90: 30_000, p99: 30_000, max: 30_000 },
    buckets: [{ fromMs: 30_000, toMs: 60_000, count: 1 }],
  })
  expect(JSON.parse(latencyJson(hopLatencies([withoutEvent])))).toEqual(document)
})

test('the text form says where the event hop went', () => {
  const lines = latencyText(hopLatencies([withoutEvent]), terminal).split('\n')
  expect(lines[0]).toBe('Latency per hop  1 object')
  expect(lines[3]).toMatch(/^event {9}included in transfer .* - {2}0$/)
  expect(lines.slice(-2)).toEqual([
    'total  n 1  p50 31 s  p90 31 s  p99 31 s  max 31 s',
    `  30 s – 1 min  1  ${'█'.repeat(48)}`,
  ])
  expect(lines[4]).toMatch(/^transfer .*█ .* 30 s {4}30 s {4}30 s {4}30 s {2}1$/)
})

test('text of ours is escaped in SVG and HTML', () => {
  const hops = hopLatencies([whole])
  for (const markup of [latencySvg(hops, heading), latencyHtml(hops, heading)]) {
    expect(markup).toContain('Latency &lt;of&gt; &quot;one&quot; &amp; all')
    expect(markup).toContain('last 24 h of &#39;prod&#39;, 1 object')
    expect(markup).not.toContain('<of>')
  }
})

test.each([
  ['many', [whole, skewed, withoutEvent]],
  ['no', []],
])('the pictures of %s objects stand alone', (_, records) => {
  const hops = hopLatencies(records)
  for (const markup of [latencySvg(hops, heading), latencyHtml(hops, heading)]) {
    expect(markup.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /<script|<link|<img|href=|src=|url\(|https?:/,
    )
    expect(markup).not.toMatch(/NaN|Infinity|undefined/)
    expect(markup).toContain('prefers-color-scheme: dark')
  }
})

test('the SVG marks the quantiles of each hop', () => {
  const svg = latencySvg(hopLatencies([whole]), heading)
  const panels = svg.split('<g class="').slice(1)
  expect(panels.map((panel) => panel.match(/p50 [^<]*|no values/)?.[0])).toEqual([
    'p50 400 ms',
    'p50 7.6 s',
    'p50 250 ms',
    'p50 750 ms',
    'p50 9 s',
    undefined,
  ])
})
