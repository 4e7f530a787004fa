import { BigQuery } from '@google-cloud/bigquery'
import { Storage } from '@google-cloud/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import config from '../../bridge.config.ts'
import { writeClient } from '../local/bigquery-write-client.ts'
import { startTestBridge, type TestBridge } from './local-bridge.ts'

const { project, ledgerBucket } = config.google
const bucket = config.sources.find(({ name }) => name === 'ecs')?.bucket ?? ''
const line = (message: string) => `${JSON.stringify({ app: 'web', message })}\n`

let local: TestBridge
beforeAll(async () => {
  local = await startTestBridge(config)
}, 120_000)
afterAll(() => local?.stop())

/** Puts an object of one line, and waits until it is on record. */
async function load(name: string): Promise<void> {
  await local.put(bucket, `${name}.log`, line(name))
  const uri = `s3://${bucket}/${name}.log`
  await local.queryUntil(`SELECT outcome FROM causeway.objects WHERE source_uri = '${uri}'`, (rows) =>
    rows.some(({ outcome }) => outcome === 'committed'),
  )
}

/** The streams that sealed groups name, by the official client. */
async function streamsInLedger(): Promise<Set<string>> {
  const ledger = new Storage({ projectId: project }).bucket(ledgerBucket)
  const [files] = await ledger.getFiles({ prefix: 'groups/' })
  const bodies = await Promise.all(files.map((file) => file.download()))
  const groups: { tables?: { stream: string }[] }[] = bodies.map(([body]) => JSON.parse(String(body)))
  return new Set(groups.flatMap(({ tables = [] }) => tables.map(({ stream }) => stream)))
}

const messages = async () =>
  (await local.query('SELECT message FROM logs.ecs_web ORDER BY message')).map(({ message }) => message)

test('a stream that somebody else has ended is left for a new one: no row is lost, none is there twice', async () => {
  await load('a')
  await load('b')
  const before = await streamsInLedger()
  expect(before.size).toBe(1)
  const other = writeClient(local.bridge.environment['CAUSEWAY_BIGQUERY_WRITE_ENDPOINT'] ?? '')
  for (const name of before) await other.finalizeWriteStream({ name })
  await other.close()
  await load('c')
  await load('d')
  expect(await messages()).toEqual(['a', 'b', 'c', 'd'])
  expect((await streamsInLedger()).size).toBe(2)
})

test('a table that somebody has dropped is made again by the next object', async () => {
  await new BigQuery({ projectId: project }).dataset('logs').table('ecs_web').delete()
  await load('e')
  expect(await messages()).toEqual(['e'])
})
