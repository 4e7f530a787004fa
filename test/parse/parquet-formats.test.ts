import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { detectParquet } from '../../functions/parse/detect.ts'
import { openParquet } from '../../functions/parse/parquet.ts'
import { decompress } from '../../functions/parse/reading/decompress.ts'
import { readCounted } from '../split/readable-object.ts'
import { parquetFile } from './parquet-file.ts'

/** Of a file with its columns and no rows: what it holds plays no part. */
async function detected(query: string, key?: string): Promise<string | undefined> {
  const bytes = gzipSync(await parquetFile(`SELECT * FROM (${query}) WHERE false`))
  return detectParquet((await openParquet(decompress(Readable.from([bytes])))).columns, key)
}

describe('CloudFront standard logs v2', () => {
  const query = `SELECT 'E2EXAMPLE12345' AS distributionid, '2026-11-20' AS date, '10:15:00' AS time,
    '1795169700250' AS timestamp_ms, 'FRA56-P1' AS x_edge_location, '1045' AS sc_bytes, '192.0.2.7' AS c_ip,
    'd111111abcdef8.cloudfront.net' AS cs_host, '/a%20b' AS cs_uri_stem, '200' AS sc_status, '-' AS cs_referer,
    '0.002' AS time_taken, NULL::VARCHAR AS sc_range_start, 'soon' AS not_yet_known`

  test('is detected by its columns', async () => expect(await detected(query)).toBe('cloudfront'))

  test('has its rows', async () => {
    expect(await readCounted('cloudfront', await parquetFile(query))).toEqual({
      outcomes: [
        {
          app: 'd111111abcdef8.cloudfront.net',
          event_time: '2026-11-20T10:15:00.250000Z',
          date: '2026-11-20',
          time: '10:15:00',
          x_edge_location: 'FRA56-P1',
          sc_bytes: 1045,
          c_ip: '192.0.2.7',
          cs_host: 'd111111abcdef8.cloudfront.net',
          cs_uri_stem: '/a%20b',
          sc_status: 200,
          time_taken: 0.002,
          timestamp_ms: '2026-11-20T10:15:00.250000Z',
          distributionid: 'E2EXAMPLE12345',
          rest: { not_yet_known: 'soon' },
          source_line: 1,
        },
      ],
      counts: { read: 1, written: 1, filtered: 0, rejected: 0 },
    })
  })
})

describe('VPC flow logs', () => {
  const query = `SELECT 11 AS version, '000000000000' AS account_id, 'eni-0a1b' AS interface_id,
    '192.0.2.7' AS srcaddr, 443 AS srcport, 9007199254740993::BIGINT AS bytes, 1795169700::BIGINT AS start,
    1795169759::BIGINT AS "end", '-' AS action, 'OK' AS log_status, 1 AS encryption_status, 'soon' AS not_yet_known
    UNION ALL SELECT 11, NULL, 'eni-0a1c', NULL, NULL, NULL, 1795169700, 1795169759, NULL, 'NODATA', NULL, NULL`

  test('are detected by their columns', async () => expect(await detected(query)).toBe('vpc-flow'))

  test('have their rows', async () => {
    const same = {
      event_time: '2026-11-20T10:15:00.000000Z',
      start: '2026-11-20T10:15:00.000000Z',
      end: '2026-11-20T10:15:59.000000Z',
      version: 11,
    }
    expect(await readCounted('vpc-flow', await parquetFile(query))).toEqual({
      outcomes: [
        {
          ...same,
          app: 'eni-0a1b',
          account_id: '000000000000',
          interface_id: 'eni-0a1b',
          srcaddr: '192.0.2.7',
          srcport: 443,
          bytes: '9007199254740993',
          log_status: 'OK',
          encryption_status: 1,
          rest: { not_yet_known: 'soon' },
          source_line: 1,
        },
        {
          ...same,
          app: 'eni-0a1c',
          interface_id: 'eni-0a1c',
          log_status: 'NODATA',
          rest: { not_yet_known: null },
          source_line: 2,
        },
      ],
      counts: { read: 2, written: 2, filtered: 0, rejected: 0 },
    })
  })
})

test('a flow log of a few fields many logs have is read where the source says so', async () => {
  const { outcomes } = await readCounted(
    'vpc-flow',
    await parquetFile(`SELECT 'vpc-1' AS vpc_id, 7 AS bytes`),
  )
  expect(outcomes).toMatchObject([{ app: 'vpc-1', vpc_id: 'vpc-1', bytes: 7 }])
})

describe('Security Lake', () => {
  const query = `SELECT {'product': {'name': 'CloudTrail', 'vendor_name': 'AWS', 'feature': {'name': 'Management'}},
      'version': '1.1.0', 'profiles': ['cloud'], 'tenant_uid': 't-1'} AS metadata, 1795169700123::BIGINT AS time,
    TIMESTAMP '2026-11-20 10:15:00.123' AS time_dt, {'region': 'us-east-1', 'account': {'uid': '123456789012'}} AS cloud,
    {'user': {'name': 'Jo', 'type': 'IAMUser'}, 'invoked_by': NULL::VARCHAR} AS actor, {'ip': '192.0.2.7'} AS src_endpoint,
    6003 AS class_uid, 'API Activity' AS class_name, 6 AS category_uid, 600301::BIGINT AS type_uid, 1 AS severity_id,
    NULL::VARCHAR AS status_detail, [{'name': 'src_endpoint.ip', 'value': '192.0.2.7'}] AS observables,
    MAP {'eventType': 'AwsApiCall'} AS unmapped`

  test('is detected by its columns', async () => {
    expect(await detected(query)).toBe('security-lake')
    expect(await detected(query, 'AWSLogs/1/vpcflowlogs/x.parquet')).toBe('security-lake')
  })

  test('has its rows', async () => {
    const { outcomes, counts } = await readCounted('security-lake', await parquetFile(query))
    expect(outcomes).toEqual([
      {
        app: 'CloudTrail',
        event_time: '2026-11-20T10:15:00.123000Z',
        time: '2026-11-20T10:15:00.123000Z',
        class_uid: 6003,
        class_name: 'API Activity',
        category_uid: 6,
        type_uid: 600301,
        severity_id: 1,
        metadata_product_name: 'CloudTrail',
        metadata_product_vendor_name: 'AWS',
        metadata_product_feature_name: 'Management',
        metadata_version: '1.1.0',
        metadata_profiles: ['cloud'],
        cloud_region: 'us-east-1',
        cloud_account_uid: '123456789012',
        actor_user_name: 'Jo',
        actor_user_type: 'IAMUser',
        src_endpoint_ip: '192.0.2.7',
        observables: [{ name: 'src_endpoint.ip', value: '192.0.2.7' }],
        unmapped: { eventType: 'AwsApiCall' },
        rest: { time_dt: '2026-11-20T10:15:00.123000Z', metadata: { tenant_uid: 't-1' } },
        source_line: 1,
      },
    ])
    expect(counts).toEqual({ read: 1, written: 1, filtered: 0, rejected: 0 })
  })

  test('written by another, with a time of another type', async () => {
    const other = `SELECT {'version': '1.3.0'} AS metadata, TIMESTAMP '2026-11-20 10:15:00.123' AS time, 4001 AS class_uid,
      4 AS category_uid`
    const { outcomes } = await readCounted('security-lake', await parquetFile(other))
    expect(outcomes).toMatchObject([{ event_time: '2026-11-20T10:15:00.123000Z', class_uid: 4001 }])
  })
})

const ofNoLog = ["'rain' AS sky", "'eu' AS region, 'ACCEPT' AS action, now() AS time"]

test.each(ofNoLog)('columns %s are of no log of AWS: rows as JSON lines', async (columns) =>
  expect(await detected(`SELECT ${columns}`, 'exports/2026/part-0.parquet')).toBe('json-lines'),
)

test.each([
  'AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/11/20/x.log.parquet',
  'AWSLogs/123456789012/CloudFront/x.parquet',
  'ext/own/region=us-east-1/accountId=123456789012/eventDay=20261120/x.parquet',
])('such columns under key %s say that something is wrong', async (key) => {
  for (const columns of ofNoLog) expect(await detected(`SELECT ${columns}`, key)).toBeUndefined()
})
