import { describe, expect, test } from 'vitest'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import type { BridgeInput } from '../../functions/config/schema.ts'
import { faultsOf } from './faults-of.ts'

const logs = { bucket: 'example-logs', format: 'alb' } as const
const valid: BridgeInput = {
  aws: { region: 'us-east-1' },
  google: {
    project: 'example-project',
    location: 'US',
    landingBucket: 'example-landing',
    ledgerBucket: 'example-ledger',
  },
  sources: { alb: logs },
}

test('defaults are filled in and sources named', () => {
  expect(defineBridge(valid)).toMatchObject({
    ...valid,
    dataset: 'logs',
    stateDataset: 'causeway',
    sources: [
      {
        name: 'alb',
        ...logs,
        prefix: '',
        suffix: '',
        defaultApp: 'unknown',
        split: 'tables',
        maxTables: 200,
      },
    ],
  })
})

test('every fault is told, with its path', () => {
  const faults = faultsOf({
    aws: { region: 'mars' },
    google: { project: 'X', location: '', landingBucket: 'Example' },
    dataset: 'my-logs',
    datasets: 1,
    sources: {
      Web_Logs: { ...logs, format: 'elb' },
      alb: { bucket: 'ab', format: 'elb', prefix: '/logs', maxTables: 0, split: 'no', prefx: '' },
      ecs: { ...logs, app: { column: 'x' }, defaultApp: '' },
    },
  })
  expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
    'aws.region',
    'dataset',
    'datasets',
    'google.landingBucket',
    'google.ledgerBucket',
    'google.location',
    'google.project',
    'sources.Web_Logs',
    'sources.Web_Logs.format',
    'sources.alb.bucket',
    'sources.alb.format',
    'sources.alb.maxTables',
    'sources.alb.prefix',
    'sources.alb.prefx',
    'sources.alb.split',
    'sources.ecs',
    'sources.ecs.app',
    'sources.ecs.defaultApp',
  ])
  expect(faults).toContain('aws.region: is no AWS region, such as us-east-1')
  expect(faults).toContain('datasets: there is no such setting; did you mean dataset?')
  expect(faults).toContain('sources.alb.prefx: there is no such setting; did you mean prefix?')
  expect(faults).toContainEqual(
    expect.stringMatching(
      /^sources\.ecs\.app: must be \{ field, match\? \}, \{ key \} or a function of the row/,
    ),
  )
  expect(faults).toContain('sources.alb.prefix: must not start with "/": S3 keys do not')
  expect(faults).toContain(
    'sources.Web_Logs: is no source name: a-z, then a-z and 0-9, at most 31 characters',
  )
})

test('the error shows them one a line', () => {
  expect(() => defineBridge({ ...valid, dataset: 'causeway', sources: {} })).toThrow(
    'The bridge configuration has 2 fault(s):\n' +
      '  - sources: there must be at least one\n' +
      '  - stateDataset: must differ from dataset (causeway)',
  )
})

test.each([
  ['all and all', {}, {}, true],
  ['all and a prefix', {}, { prefix: 'a/' }, true],
  ['a prefix and a longer one', { prefix: 'a/' }, { prefix: 'a/b/' }, true],
  ['the same suffix', { suffix: '.gz' }, { suffix: '.gz' }, true],
  ['a suffix and a longer one', { suffix: '.gz' }, { suffix: '.log.gz' }, true],
  ['other prefixes', { prefix: 'a/' }, { prefix: 'b/' }, false],
  ['other suffixes', { suffix: '.gz' }, { suffix: '.zst' }, false],
  ['same prefix, other suffixes', { prefix: 'a/', suffix: '.gz' }, { prefix: 'a/', suffix: '.zst' }, false],
  ['other buckets', {}, { bucket: 'example-more' }, false],
])('%s overlap or not', (_, one, other, overlap) => {
  for (const [first, second] of [
    [one, other],
    [other, one],
  ]) {
    const bucket = second === other && other && 'bucket' in other ? other.bucket : logs.bucket
    const faults = faultsOf({
      ...valid,
      sources: { one: { ...logs, ...first }, two: { ...logs, ...second } },
    })
    const fault = `sources.two: takes keys of bucket ${bucket} that sources.one takes too; make prefix or suffix differ`
    expect(faults).toEqual(overlap ? [fault] : [])
  }
})

test('the ledger may remember for as many days as events take, or for ever', () => {
  const google = { ...valid.google, landingDays: 3650 }
  expect(defineBridge({ ...valid, google }).google.ledgerDays).toBeUndefined()
  const longest = { ...valid.google, landingDays: 50, ledgerDays: 74 }
  expect(defineBridge({ ...valid, google: longest }).google.ledgerDays).toBe(74)
})

test('each overlapping pair is told', () => {
  const sources = { a: logs, b: logs, c: logs, d: { ...logs, bucket: 'example-more' } }
  expect(faultsOf({ ...valid, sources }).map((fault) => fault.split(':')[0])).toEqual([
    'sources.b',
    'sources.c',
    'sources.c',
  ])
})

test('a fault hides no other, but of what it is in', () => {
  const faults = faultsOf({
    ...valid,
    aws: { region: 'mars' },
    dataset: 'causeway',
    sources: {
      one: { ...logs, format: 'elb' },
      two: { ...logs, prefix: 'a/', app: { field: 'elbb' } },
      three: { ...logs, prefix: '/b' },
      four: logs,
    },
  })
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'aws.region',
    'sources.one.format',
    'sources.three.prefix',
    'sources.two',
    'sources.four',
    'sources.four',
    'stateDataset',
    'sources.two.app.field',
  ])
})

test('nor does one of a source hide those of the deployment', () => {
  const sources = { one: { ...logs, format: 'elb' }, two: { ...logs, lane: 'bulk' } }
  const faults = faultsOf({ ...valid, sources })
  expect(faults).toContain('sources.two.lane: there is no google.lanes.bulk; add it or leave this out')
})

test.each([[undefined], [null], [[]], ['text'], [{}], [{ sources: [] }]])(
  '%j is a fault, not a crash',
  (input) => expect(faultsOf(input).length).toBeGreaterThan(0),
)

describe('what a source says of its rows', () => {
  const faultsOfSource = (source: object) => faultsOf({ ...valid, sources: { web: { ...logs, ...source } } })

  test.each<[string, object, string | RegExp]>([
    [
      'app of no column',
      { app: { field: 'elbb' } },
      /^sources\.web\.app\.field: alb has no column elbb; did you mean elb\? \(type, time, /,
    ],
    [
      'app of a list',
      { app: { field: 'actions_executed' } },
      'sources.web.app.field: actions_executed is a list of STRING; an app needs a STRING or INT64 column',
    ],
    [
      'an async filter',
      { filter: async () => true },
      /^sources\.web\.filter: must be a function, such as \(row\) => \.\.\., and not an async one/,
    ],
    ['a map that is none', { map: 'row' }, /^sources\.web\.map: must be a function/],
    ['a type there is not', { columns: { ms: 'INTEGER' } }, /^sources\.web\.columns\.ms: /],
    [
      'a column of the format',
      { columns: { ELB: 'STRING' } },
      /^sources\.web\.columns\.ELB: elb is a column of alb already/,
    ],
    [
      'a column of every table',
      { columns: { rest: 'JSON' } },
      /^sources\.web\.columns\.rest: rest is a column/,
    ],
    [
      'a column twice',
      { columns: { ms: 'INT64', Ms: 'INT64' } },
      /^sources\.web\.columns\.Ms: ms is declared twice/,
    ],
    ['no column name', { columns: { 'a-b': 'STRING' } }, /^sources\.web\.columns\.a-b: is no column name/],
    [
      'an app of a time, in a format with a choice of columns',
      { format: 'vpc-flow', app: { field: 'start' } },
      'sources.web.app.field: start is TIMESTAMP; an app needs a STRING or INT64 column',
    ],
    [
      'an app of JSON',
      { format: 'cloudtrail', app: { field: 'useridentity' } },
      'sources.web.app.field: useridentity is JSON; an app needs a STRING or INT64 column',
    ],
    [
      'an app of no column, in a format with a choice of them',
      { format: 'cloudfront', app: { field: 'x-host-header' } },
      /^sources\.web\.app\.field: cloudfront has no column x-host-header; did you mean x_host_header\? \(date, time, /,
    ],
    [
      'an app of a column that no line has',
      { format: 'vpc-flow', fields: ['interface-id', 'az_id'], app: { field: 'vpc_id' } },
      "sources.web.app.field: vpc_id is none of the source's fields: name it there, or another here",
    ],
    [
      'redacting what the app is read from',
      { redact: { elb: 'hash' } },
      /^sources\.web\.redact\.elb: the app is read from it/,
    ],
    [
      'hashing a number',
      { redact: { client_port: 'hash' } },
      "sources.web.redact.client_port: client_port is INT64, which holds no hash; 'drop' it",
    ],
    [
      'redacting no column',
      { redact: { client: 'drop' } },
      /^sources\.web\.redact\.client: alb has no column client \(type, /,
    ],
    [
      'redacting by no path',
      { redact: { 'user..id': 'drop' } },
      /^sources\.web\.redact\.user\.\.id: is no column and no path/,
    ],
    ['a share beyond all', { sample: 10 }, /^sources\.web\.sample: /],
    [
      'a contract there is not',
      { contract: 'grow' },
      /^sources\.web\.contract: must be one of keep, discard, evolve, not grow$/,
    ],
    [
      'a contract by its old name',
      { contract: 'freeze' },
      /^sources\.web\.contract: freeze is called keep now: write keep$/,
    ],
    [
      'new columns where none can come',
      { contract: 'evolve' },
      /^sources\.web\.contract: evolve is for json-lines/,
    ],
  ])('%s', (_, source, message) => {
    expect(faultsOfSource(source)).toEqual([
      typeof message === 'string' ? message : expect.stringMatching(message),
    ])
  })

  test('with nothing wrong', () => {
    const redact = { user_agent: 'mask', client_port: 'drop' }
    expect(faultsOfSource({ app: { field: 'client_ip' }, redact, sample: 0.1, filter: () => true })).toEqual(
      [],
    )
    const open = { format: 'json-lines', app: { field: 'labels.team' }, redact: { 'user.email': 'hash' } }
    expect(faultsOfSource(open)).toEqual([])
  })
})
