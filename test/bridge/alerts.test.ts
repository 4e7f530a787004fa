import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileMetadata } from '@google-cloud/storage'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { functionName } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { push, pushBody } from '../../scripts/local/function/push-notification.ts'
import { type LocalLoader, startLocalLoader } from '../../scripts/local/loader.ts'
import { Access } from '../../scripts/local/permissions/access.ts'
import { loadAccount } from '../../scripts/local/permissions/accounts.ts'
import { StateDirectory } from '../../scripts/local/state-directory.ts'
import { type LogEntry, matches, valueAt } from '../cdktf/logging-filter.ts'
import { all, type Stack, synthesise } from '../cdktf/synthesised.ts'
import bridge from './evolving.config.ts'

const staging: Bridge = { ...bridge, name: 'causeway-staging' }
const stack = synthesise(bridge).google
const [bucket = ''] = bridge.sources.map((source) => source.bucket)
const { landingBucket, ledgerBucket } = bridge.google

/** The filter of an alert on log lines. */
function filterOf(of: Stack, title: string): string {
  const policies = Object.values(all(of, 'google_monitoring_alert_policy'))
  const policy = policies.find(({ display_name }) => String(display_name).endsWith(`: ${title}`))
  const [condition] = (policy?.['conditions'] ?? []) as { condition_matched_log?: { filter: string } }[]
  if (!condition?.condition_matched_log) throw new Error(`no alert "${title}" on log lines`)
  return condition.condition_matched_log.filter
}

/** The account of the load function while it lacks a permission. */
class LackingAccount extends Access {
  lacks = ''

  override may(permission: string, on: string): boolean {
    return super.may(permission, on) && `${on} ${permission}` !== this.lacks
  }
}

const whole = loadAccount(bridge)
const account = new LackingAccount(whole.account, whole.grants)
let directory: string
let state: StateDirectory
let loader: LocalLoader
let landed = 0

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'causeway-alerts-'))
  state = new StateDirectory(directory)
  const environment = { CAUSEWAY_CONFIG: join(import.meta.dirname, 'evolving.config.ts') }
  loader = await startLocalLoader({ bridge, state, environment, account, instances: 2 })
}, 60_000)
afterAll(async () => {
  await loader?.stop()
  await rm(directory, { recursive: true, force: true })
})

function land(line: object = { app: 'first' }): Promise<FileMetadata> {
  landed += 1
  return loader.land({ bucket, key: `${landed}.log`, etag: `${landed}`, body: `${JSON.stringify(line)}\n` })
}

/** Delivers an object once. Gives whether it was acknowledged, and the function's log line as Cloud Logging has it. */
async function deliver(resource: FileMetadata, messageId: string, instance = 0) {
  const body = pushBody(bridge, resource, { messageId })
  const acknowledged = await push(bridge, loader.functions[instance]?.port ?? 0, body)
  const logged = async () => {
    // What is behind the last line feed is a line still being written.
    const written = (await readFile(state.functionLog, 'utf8')).split('\n').slice(0, -1)
    const lines = written.filter((text) => text.startsWith('{'))
    return lines.map((text) => JSON.parse(text)).find((line) => line.messageId === messageId)
  }
  const jsonPayload = await vi.waitUntil(logged, { timeout: 20_000, interval: 20 })
  return { acknowledged, entry: { ...ofService(functionName(bridge)), jsonPayload } }
}

function ofService(service_name: string) {
  return { resource: { type: 'cloud_run_revision', labels: { service_name } } }
}

describe('a permission that the function lacks', () => {
  const filter = filterOf(stack, 'The function is refused by a service')

  test.each([
    // Each process lists the tables, and connects to the record of objects, but once.
    { lacks: 'datasets/logs bigquery.tables.list', app: 'first', instance: 0 },
    { lacks: 'datasets/causeway bigquery.tables.updateData', app: 'first', instance: 1 },
    { lacks: 'datasets/logs bigquery.tables.create', app: 'second', instance: 0 },
    { lacks: 'datasets/logs bigquery.tables.updateData', app: 'third', instance: 0 },
    { lacks: 'datasets/logs bigquery.tables.update', app: 'first', instance: 0 },
    { lacks: `buckets/${landingBucket} storage.objects.get`, app: 'first', instance: 0 },
    { lacks: `buckets/${ledgerBucket} storage.objects.create`, app: 'first', instance: 0 },
    { lacks: `buckets/${ledgerBucket} storage.objects.list`, app: 'first', instance: 0 },
  ])('$lacks: told by the alert, and loaded once it is back', async ({ lacks, app, instance }) => {
    const resource = await land({ app, [`field_${landed}`]: 1 })
    account.lacks = lacks
    const refused = await deliver(resource, `without ${lacks}`, instance)
    expect(refused.acknowledged).toBe(false)
    expect(refused.entry.jsonPayload).toMatchObject({ reason: 'permission_denied', severity: 'ERROR' })
    expect(matches(filter, refused.entry)).toBe(true)
    account.lacks = ''
    const { acknowledged, entry } = await deliver(resource, `with ${lacks}`, instance)
    expect(acknowledged).toBe(true)
    expect(matches(filter, entry)).toBe(false)
  })

  test('nobody is woken by another environment of the project, or by another failure', async () => {
    const { entry } = await deliver({ ...(await land()), generation: '1' }, 'gone')
    expect(entry.jsonPayload).toMatchObject({ outcome: 'retry', reason: 'object_missing' })
    expect(matches(filter, entry)).toBe(false)
    const denied = { jsonPayload: { reason: 'permission_denied' } }
    expect(matches(filter, { ...ofService(functionName(bridge)), ...denied })).toBe(true)
    expect(matches(filter, { ...ofService(`my-${functionName(bridge)}`), ...denied })).toBe(false)
    expect(matches(filter, { ...ofService(functionName(staging)), ...denied })).toBe(false)
  })
})

test('the metrics that the alerts of a source stand on are taken from what the function logs', async () => {
  const { entry } = await deliver(await land(), 'measured')
  const metrics = Object.values(all(stack, 'google_logging_metric'))
  expect(metrics.length).toBe(3)
  for (const { filter, value_extractor } of metrics) {
    expect(matches(String(filter), entry)).toBe(true)
    const [, path = ''] = /^EXTRACT\((.+)\)$/.exec(String(value_extractor)) ?? []
    expect(Number(valueAt(entry, path))).toBeGreaterThanOrEqual(0)
  }
})

describe('an object that could not be copied', () => {
  /** https://cloud.google.com/storage-transfer/docs/configure-transfer-logs [2026-11] */
  const logged = (job_id: string, severity: string, statusCode: string): LogEntry => ({
    severity,
    logName: 'projects/causeway-example/logs/storagetransfer.googleapis.com%2Ftransfer_activity',
    resource: { type: 'storage_transfer_job', labels: { project_id: 'causeway-example', job_id } },
    jsonPayload: { action: 'COPY', status: { statusCode } },
  })
  const failed = (job_id: string) => logged(job_id, 'ERROR', 'PERMISSION_DENIED')
  /** The names Storage Transfer gave the jobs, by how the stack refers to them. */
  const given = new Map(
    Object.keys(all(stack, 'google_storage_transfer_job')).map((id, index) => [
      id,
      `transferJobs/${1_000 + index}`,
    ]),
  )
  const filter = filterOf(stack, 'Objects could not be copied from S3').replaceAll(
    /\$\{trimprefix\(google_storage_transfer_job\.([\w-]+)\.name, \\?"transferJobs\/\\?"\)\}/g,
    (_, id: string) => given.get(id)?.replace('transferJobs/', '') ?? 'unknown',
  )

  test('is told of the own jobs, and of no other of the project', () => {
    expect(given.size).toBe(bridge.sources.length)
    for (const name of given.values()) {
      expect(matches(filter, failed(name))).toBe(true)
      expect(matches(filter, failed(name.replace('transferJobs/', '')))).toBe(true)
      expect(matches(filter, failed(`${name}2`))).toBe(false)
    }
    expect(matches(filter, failed('transferJobs/999'))).toBe(false)
  })

  test('is not told of what was copied', () => {
    for (const name of given.values()) expect(matches(filter, logged(name, 'INFO', 'OK'))).toBe(false)
  })
})

/** https://cloud.google.com/service-usage/docs/audit-logging [2026-11] */
test.each(['EnableService', 'BatchEnableServices'])('Data Lineage switched on by %s is told', (method) => {
  const enabled = (service: string): LogEntry => ({
    logName: 'projects/causeway-example/logs/cloudaudit.googleapis.com%2Factivity',
    resource: { type: 'audited_resource', labels: { project_id: 'causeway-example' } },
    protoPayload: {
      serviceName: 'serviceusage.googleapis.com',
      methodName: `google.api.serviceusage.v1.ServiceUsage.${method}`,
      resourceName: `projects/1/services/[${service}]`,
    },
  })
  const filter = filterOf(stack, 'Data Lineage was switched on')
  expect(matches(filter, enabled('datalineage.googleapis.com'))).toBe(true)
  expect(matches(filter, enabled('run.googleapis.com'))).toBe(false)
})
