import { describe, expect, test } from 'vitest'
import { visibilitySeconds } from '../../cdktf/aws/queue-settings.ts'
import { objectLogTable, objectView } from '../../functions/commit/object-table.ts'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import type { Table } from '../../functions/model/table.ts'
import { logTableLayout } from '../../functions/split/tables/log-table.ts'
import { rejectTable } from '../../functions/split/tables/reject-table.ts'
import { all, everything, one, ref, type Stack, synthesise } from './synthesised.ts'

const { google } = synthesise(everything)
const bridge = defineBridge(everything)
const sources = bridge.sources.map(({ name }) => name)
const lanes = ['live', 'bulk']

/** Everything a resource waits for, however far. */
function waitsFor(stack: Stack, type: string, id: string): Set<string> {
  const found = new Set<string>()
  const visit = (name: string) => {
    const [of = '', which = ''] = name.split('.')
    const text = JSON.stringify(stack.resource[of]?.[which] ?? {})
    for (const [, next = ''] of text.matchAll(/(google_\w+\.[\w-]+)/g)) {
      if (found.has(next) || next === name) continue
      found.add(next)
      visit(next)
    }
  }
  visit(`${type}.${id}`)
  return found
}

test('buckets are private, and nothing in the project is open to everyone', () => {
  const buckets = Object.values(all(google, 'google_storage_bucket'))
  expect(buckets.map(({ name }) => name).sort()).toEqual([
    'example-landing',
    'example-ledger',
    'example-project-causeway-source',
  ])
  for (const bucket of buckets) {
    expect(bucket).toMatchObject({
      uniform_bucket_level_access: true,
      public_access_prevention: 'enforced',
      location: 'europe-west1',
    })
  }
  expect(JSON.stringify(google)).not.toMatch(/allUsers|allAuthenticatedUsers|ALLOW_ALL/)
})

test('no role is one of the basic or admin ones', () => {
  const roles = Object.entries(google.resource)
    .filter(([type]) => type.includes('iam'))
    .flatMap(([, resources]) => Object.values(resources).flatMap(({ role }) => (role ? [String(role)] : [])))
  expect(roles.length).toBeGreaterThan(12)
  for (const role of roles) expect(role).not.toMatch(/roles\/(owner|editor|viewer)|[aA]dmin/)
})

test('a new dataset is for owners of the project, and access is added to it one by one', () => {
  for (const id of ['logs-dataset', 'state-dataset']) {
    expect(one(google, 'google_bigquery_dataset', id)).toMatchObject({
      access: [{ role: 'OWNER', special_group: 'projectOwners' }],
      // Or each plan would take away what the resources beside it, and other people, have added.
      lifecycle: { ignore_changes: ['access'] },
    })
  }
  expect(Object.keys(google.resource).filter((type) => /dataset_iam/.test(type))).toEqual([])
  expect(one(google, 'google_bigquery_dataset_access', 'load-writes-state')).toMatchObject({
    role: ref('google_project_iam_custom_role.loader-role.name'),
    user_by_email: ref('google_service_account.account-load.email'),
  })
})

test('readers read the log tables, whatever they are, and not the rejects', () => {
  const readers = [
    ['group:analysts@example.com', { group_by_email: 'analysts@example.com' }],
    ['user:ann@example.com', { user_by_email: 'ann@example.com' }],
    ['serviceAccount:bi@p.iam.gserviceaccount.com', { user_by_email: 'bi@p.iam.gserviceaccount.com' }],
    ['domain:example.com', { domain: 'example.com' }],
    [
      'principalSet://iam.googleapis.com/pools/x',
      { iam_member: 'principalSet://iam.googleapis.com/pools/x' },
    ],
  ] as const
  const read = (members: string[]) => {
    const config = { ...everything, google: { ...everything.google, readers: members }, environments: {} }
    const granted = Object.entries(all(synthesise(config).google, 'google_bigquery_dataset_access'))
    return Object.fromEntries(granted.filter(([id]) => id.startsWith('reader-')))
  }
  const members = readers.map(([member]) => member)
  const granted = read(members)
  const ofLogs = {
    dataset_id: ref('google_bigquery_dataset.logs-dataset.dataset_id'),
    role: 'READER',
    // Or a change of the dataset in the same deployment would give back what was taken.
    lifecycle: { create_before_destroy: true },
  }
  expect(Object.keys(granted)).toHaveLength(readers.length)
  for (const [, member] of readers)
    expect(Object.values(granted)).toContainEqual(expect.objectContaining({ ...ofLogs, ...member }))
  // A list in another order changes nothing.
  expect(read(members.toReversed())).toEqual(granted)
})

test.each([
  ['landing', [ref('data.google_storage_transfer_project_service_account.transfer-agent.email')]],
  ['ledger', []],
])('who edits or views the project does not read the %s bucket; who owns it does', (of, agents) => {
  const bindings = Object.entries(all(google, 'google_storage_bucket_iam_binding')).filter(([id]) =>
    id.startsWith(`${of}-legacy`),
  )
  const owners = 'projectOwner:example-project'
  const compares = [owners, ...agents.map((agent) => `serviceAccount:${agent}`)]
  expect(bindings.map(([, { role, members }]) => [role, members])).toEqual([
    ['roles/storage.legacyBucketOwner', [owners]],
    ['roles/storage.legacyBucketReader', [owners]],
    ['roles/storage.legacyObjectOwner', [owners]],
    ['roles/storage.legacyObjectReader', compares],
  ])
  // Given first and taken last, the right to administer is there for all the others.
  const first = `google_storage_bucket_iam_binding.${of}-legacyBucketOwner`
  const others = Object.entries(all(google, 'google_storage_bucket_iam_member')).filter(([id]) =>
    id.startsWith(`${of}-`),
  )
  for (const [, { depends_on }] of [...bindings.slice(1), ...others]) expect(depends_on).toContain(first)
})

test('the function creates, reads and replaces objects of the ledger, and no more', () => {
  expect(one(google, 'google_project_iam_custom_role', 'ledger-role')['permissions']).toEqual([
    'storage.objects.create',
    'storage.objects.delete',
    'storage.objects.get',
    'storage.objects.list',
  ])
  expect(one(google, 'google_storage_bucket_iam_member', 'ledger-load-keeps')).toMatchObject({
    role: ref('google_project_iam_custom_role.ledger-role.name'),
    member: ref('google_service_account.account-load.member'),
  })
})

test('messages are kept in the region of the buckets', () => {
  for (const topic of Object.values(all(google, 'google_pubsub_topic')))
    expect(topic['message_storage_policy']).toEqual({ allowed_persistence_regions: ['europe-west1'] })
})

describe('with keys', () => {
  const ring = (location: string) => `projects/keys/locations/${location}/keyRings/logs/cryptoKeys/logs`
  const keys = { key: ring('europe-west1'), datasetKey: ring('europe') }
  const { google: keyed } = synthesise({
    ...everything,
    google: { ...everything.google, ...keys },
    environments: {},
  })

  test.each<[string, string, object]>([
    ['google_bigquery_dataset', 'default_encryption_configuration', { kms_key_name: keys.datasetKey }],
    ['google_storage_bucket', 'encryption', { default_kms_key_name: keys.key }],
  ])('every %s has one', (type, setting, value) => {
    for (const made of Object.values(all(keyed, type))) expect(made[setting]).toEqual(value)
  })

  test.each([
    'google_pubsub_topic',
    'google_artifact_registry_repository',
    'google_cloudfunctions2_function',
  ])('every %s has that of the region', (type) => {
    for (const made of Object.values(all(keyed, type))) expect(made['kms_key_name']).toBe(keys.key)
  })

  test('tables name that of their dataset, or each plan would replace them', () => {
    for (const table of Object.values(all(keyed, 'google_bigquery_table')))
      expect(table['encryption_configuration']).toEqual(
        table['view'] ? undefined : { kms_key_name: keys.datasetKey },
      )
  })

  test('the agents that encrypt may use them, before anything is encrypted', () => {
    const uses = Object.entries(all(keyed, 'google_kms_crypto_key_iam_member'))
    expect(uses.map(([id, { crypto_key_id }]) => [id, crypto_key_id])).toEqual([
      ['artifacts-uses-key', keys.key],
      ['bigquery-uses-key', keys.datasetKey],
      ['functions-uses-key', keys.key],
      ['pubsub-uses-key', keys.key],
      ['run-uses-key', keys.key],
      ['storage-uses-key', keys.key],
    ])
    const encrypted = {
      google_bigquery_dataset: 'logs-dataset',
      google_storage_bucket: 'landing-bucket',
      google_pubsub_topic: 'landed-topic',
      google_artifact_registry_repository: 'images',
      google_cloudfunctions2_function: 'load-live',
    }
    for (const [type, id] of Object.entries(encrypted))
      for (const [use] of uses)
        expect(waitsFor(keyed, type, id)).toContain(`google_kms_crypto_key_iam_member.${use}`)
  })
})

/** Days after which a bucket's objects are deleted. */
function expiry(stack: Stack, id: string): unknown {
  const rules = one(stack, 'google_storage_bucket', id)['lifecycle_rule'] as {
    action: { type: string }
    condition: { age: number }
  }[]
  expect(rules.map(({ action }) => action.type)).toContain('AbortIncompleteMultipartUpload')
  return rules.find(({ action }) => action.type === 'Delete')?.condition.age
}

test('the ledger is kept for ever, and its objects can be replaced; copies outlive their messages', () => {
  const pubsub = 31
  expect(expiry(google, 'ledger-bucket')).toBeUndefined()
  expect(expiry(google, 'landing-bucket')).toBeGreaterThanOrEqual(pubsub)
  expect(one(google, 'google_storage_bucket', 'ledger-bucket')['retention_policy']).toBeUndefined()
})

test('a ledger that may forget does so after the days it is given', () => {
  const forgetful = defineBridge({ ...everything, google: { ...everything.google, ledgerDays: 90 } })
  expect(expiry(synthesise(forgetful).google, 'ledger-bucket')).toBe(90)
})

describe('the schema is the one the code fills', () => {
  const layouts: [string, Table][] = [
    ['object_log-table', objectLogTable(bridge)],
    ['rejects-table', rejectTable(bridge)],
  ]
  const web = bridge.sources.find(({ name }) => name === 'web')
  if (!web?.format) throw new Error('the configuration has a source web of some format')
  const layout = logTableLayout({ ...web, format: web.format })
  layouts.push(['web-log-table', { dataset: 'logs', name: 'web', layout }])

  test.each(layouts)('%s', (id, { dataset, name, layout }) => {
    const table = one(google, 'google_bigquery_table', id)
    const types: Record<string, string> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL' }
    const columns = JSON.parse(String(table['schema'])).map(
      (column: { name: string; type: string; mode: string; description: string }) => [
        column.name,
        types[column.type] ?? column.type,
        column.mode,
        column.description,
      ],
    )
    expect(columns).toEqual(
      layout.columns.map((column) => [
        column.name,
        column.type,
        column.mode ?? 'NULLABLE',
        column.description,
      ]),
    )
    expect(table).toMatchObject({
      table_id: name,
      time_partitioning: { type: 'DAY', field: layout.partitionBy },
      clustering: layout.clusterBy,
      deletion_protection: true,
      // Columns that the function or people added outlive every deployment.
      lifecycle: { ignore_changes: ['schema'] },
      ignore_auto_generated_schema: true,
    })
    expect(String(table['dataset_id'])).toContain(dataset === 'logs' ? 'logs-dataset' : 'state-dataset')
  })

  test('the view reads the log, by the name it has in every project', () => {
    const view = one(google, 'google_bigquery_table', 'objects-view')
    expect(JSON.stringify(view)).toContain('`example-project.causeway.object_log`')
    expect(view['view']).toEqual({ query: objectView(bridge).query, use_legacy_sql: false })
    expect(waitsFor(google, 'google_bigquery_table', 'objects-view')).toContain(
      'google_bigquery_table.object_log-table',
    )
  })
})

describe.each(lanes)('lane %s', (lane) => {
  const subscription = one(google, 'google_pubsub_subscription', `load-${lane}-subscription`)
  const load = one(google, 'google_cloudfunctions2_function', `load-${lane}`)

  test('is pushed to its function, signed in, and never expires', () => {
    expect(subscription).toMatchObject({
      ack_deadline_seconds: 600,
      expiration_policy: { ttl: '' },
      message_retention_duration: '2678400s',
      retry_policy: { minimum_backoff: '10s', maximum_backoff: '600s' },
      push_config: {
        push_endpoint: `\${google_cloudfunctions2_function.load-${lane}.service_config[0].uri}/projects/example-project/topics/causeway-landed`,
        oidc_token: {
          audience: `\${google_cloudfunctions2_function.load-${lane}.service_config[0].uri}`,
          service_account_email: ref('google_service_account.account-push.email'),
        },
      },
    })
  })

  test('gives up to the dead letters, which Pub/Sub may write and take from here', () => {
    expect(subscription['dead_letter_policy']).toEqual({
      dead_letter_topic: ref('google_pubsub_topic.dead-letters-topic.id'),
      max_delivery_attempts: 20,
    })
    expect(one(google, 'google_pubsub_topic_iam_member', 'pubsub-gives-up')).toMatchObject({
      role: 'roles/pubsub.publisher',
      topic: ref('google_pubsub_topic.dead-letters-topic.name'),
    })
    expect(one(google, 'google_pubsub_subscription_iam_member', `load-${lane}-gives-up`)).toMatchObject({
      role: 'roles/pubsub.subscriber',
      subscription: `\${google_pubsub_subscription.load-${lane}-subscription.name}`,
    })
  })

  test('its function answers within the deadline, from inside only, and callable by Pub/Sub only', () => {
    const service = load['service_config'] as Record<string, unknown>
    expect(service['timeout_seconds']).toBeLessThanOrEqual(Number(subscription['ack_deadline_seconds']))
    expect(visibilitySeconds).toBeGreaterThanOrEqual(Number(subscription['ack_deadline_seconds']))
    expect(service['ingress_settings']).toBe('ALLOW_INTERNAL_ONLY')
    expect(load['event_trigger']).toBeUndefined()
    expect(one(google, 'google_cloud_run_v2_service_iam_member', `push-calls-${lane}`)).toMatchObject({
      role: 'roles/run.invoker',
      member: ref('google_service_account.account-push.member'),
    })
  })

  test('its function knows how many instances share the quotas', () => {
    const service = load['service_config'] as { max_instance_count: number; environment_variables: object }
    expect(service.max_instance_count).toBe(lane === 'bulk' ? 3 : 10)
    expect(service.environment_variables).toMatchObject({ CAUSEWAY_MAX_INSTANCES: '13' })
  })

  test('nothing is copied before what the copy leads to is there', () => {
    const before = waitsFor(google, 'google_storage_transfer_job', 'alb-transfer')
    for (const needed of [
      `google_pubsub_subscription.load-${lane}-subscription`,
      `google_cloud_run_v2_service_iam_member.push-calls-${lane}`,
      'google_storage_bucket_iam_member.landing-transfer-writes',
      'google_storage_bucket_iam_member.landing-load-reads',
      'google_storage_bucket_iam_member.ledger-load-keeps',
      'google_bigquery_dataset_access.load-writes-logs',
      'google_bigquery_dataset_access.load-writes-state',
      'google_bigquery_table.object_log-table',
      'google_pubsub_topic_iam_member.storage-announces',
      'google_pubsub_subscription.dead-letters-keep',
      'google_service_account_iam_member.pubsub-signs-in',
    ]) {
      expect(before).toContain(needed)
    }
  })
})

test('lanes are told apart by where the copy is', () => {
  const filters = lanes.map(
    (lane) => one(google, 'google_pubsub_subscription', `load-${lane}-subscription`)['filter'],
  )
  expect(filters).toEqual([
    'attributes.eventType = "OBJECT_FINALIZE" AND NOT hasPrefix(attributes.objectId, "s3/lane=")',
    'attributes.eventType = "OBJECT_FINALIZE" AND hasPrefix(attributes.objectId, "s3/lane=bulk/")',
  ])
  expect(all(google, 'google_storage_notification')).toEqual({
    'landed-s3-': expect.objectContaining({
      object_name_prefix: 's3/',
      event_types: ['OBJECT_FINALIZE'],
      payload_format: 'JSON_API_V1',
    }),
  })
})

test('dead letters go to the function once more, and are kept for replay', () => {
  expect(one(google, 'google_pubsub_subscription', 'dead-letters-record')).toMatchObject({
    topic: ref('google_pubsub_topic.dead-letters-topic.id'),
    push_config: {
      push_endpoint: expect.stringContaining('/projects/example-project/topics/causeway-dead-letters'),
    },
  })
  const kept = one(google, 'google_pubsub_subscription', 'dead-letters-keep')
  expect(kept['push_config']).toBeUndefined()
  expect(kept).toMatchObject({ expiration_policy: { ttl: '' }, message_retention_duration: '2678400s' })
})

test.each(sources)('the transfer job of %s reads its queue, with its role, for ever', (source) => {
  expect(one(google, 'google_storage_transfer_job', `${source}-transfer`)).toMatchObject({
    status: 'ENABLED',
    event_stream: { name: `arn:aws:sqs:eu-west-1:123456789012:causeway-${source}` },
    transfer_spec: {
      aws_s3_data_source: {
        bucket_name: `example-${source}`,
        role_arn: `arn:aws:iam::123456789012:role/causeway-${source}-transfer`,
      },
      gcs_data_sink: { path: source === 'old' ? 's3/lane=bulk/example-old/' : `s3/example-${source}/` },
      transfer_options: { metadata_options: { time_created: 'TIME_CREATED_PRESERVE_AS_CUSTOM_TIME' } },
    },
  })
  expect(one(google, 'google_storage_transfer_job', `${source}-transfer`)['schedule']).toBeUndefined()
})

test.each([
  ['s3/example-old/a.log', true],
  ['s3/lane=bulk/example-old/a.log', true],
  ['s3/lane=gone/example-old/a.log', true],
  ['s3/lane=bulk/example-web/example-old/a.log', false],
  ['s3/example-web/a.log', false],
])('a source is measured in whatever lane its objects landed: %s %s', (name, measured) => {
  const filter = String(one(google, 'google_logging_metric', 'old-age-metric')['filter'])
  const pattern: string = JSON.parse(filter.slice(filter.indexOf('=~') + 2))
  expect(new RegExp(pattern).test(`gs://example-landing/${name}`)).toBe(measured)
})

test('the transfer jobs have no name of ours, which a deleted one would keep: outputs and alerts ask for it', () => {
  const jobs = Object.entries(all(google, 'google_storage_transfer_job'))
  for (const [, job] of jobs) expect(job).not.toHaveProperty('name')
  expect(google.output['transfer_jobs']?.value).toEqual(
    Object.fromEntries(
      sources.map((name) => [name, ref(`google_storage_transfer_job.${name}-transfer.name`)]),
    ),
  )
  const alert = JSON.stringify(one(google, 'google_monitoring_alert_policy', 'alert-transfer-failed'))
  for (const [id] of jobs) expect(alert).toContain(`google_storage_transfer_job.${id}.name`)
})

test('the transfer job says all that Google answers of how metadata is copied', () => {
  const job = one(google, 'google_storage_transfer_job', 'alb-transfer')
  const { transfer_options } = job['transfer_spec'] as { transfer_options: { metadata_options: object } }
  // Of the provider's schema: metadataOptionsSchema in resource_storage_transfer_job.go.
  expect(Object.keys(transfer_options.metadata_options).sort()).toEqual([
    ...['acl', 'gid', 'kms_key', 'mode', 'storage_class', 'symlink', 'temporary_hold', 'time_created', 'uid'],
  ])
})

/** Every value within a JSON document that is not an object or a list with something in it. */
function leaves(value: unknown): unknown[] {
  const within = typeof value === 'object' && value !== null ? Object.values(value) : []
  return within.length > 0 ? within.flatMap(leaves) : [value]
}

test('the dashboard says nothing that Google leaves out of its answer, which would be a change for ever', () => {
  const json = JSON.parse(String(one(google, 'google_monitoring_dashboard', 'dashboard')['dashboard_json']))
  expect(leaves(json).length).toBeGreaterThan(100)
  for (const value of leaves(json)) expect([0, false, '', null]).not.toContain(value)
  expect(leaves(json).filter((value) => typeof value === 'object')).toEqual([])
})

test('old images are deleted, all but the most recent', () => {
  const { cleanup_policies, cleanup_policy_dry_run } = one(
    google,
    'google_artifact_registry_repository',
    'images',
  )
  expect(cleanup_policy_dry_run).toBe(false)
  expect(cleanup_policies).toEqual([
    expect.objectContaining({
      action: 'DELETE',
      condition: { tag_state: 'ANY', older_than: expect.stringMatching(/^\d+s$/) },
    }),
    expect.objectContaining({ action: 'KEEP', most_recent_versions: { keep_count: 5 } }),
  ])
})

test('the stacks agree on names, whichever is deployed', () => {
  const { aws } = synthesise(everything)
  for (const source of sources) {
    expect(one(aws, 'aws_sqs_queue', `${source}-queue`)['name']).toBe(`causeway-${source}`)
    expect(one(aws, 'aws_iam_role', `${source}-role`)['name']).toBe(`causeway-${source}-transfer`)
  }
})

test('APIs are enabled, Data Lineage is not, and an output says whether it is', () => {
  const services = Object.values(all(google, 'google_project_service')).map(({ service }) => service)
  expect(services).toContain('storagetransfer.googleapis.com')
  expect(services).not.toContain('datalineage.googleapis.com')
  expect(google.output['lineage']?.value).toContain('data.google_project_service.lineage-api.id')
})

test('a data source waits for its own API alone, so that another API makes nothing anew', () => {
  const waits = Object.entries(google.data ?? {}).flatMap(([type, sources]) =>
    Object.values(sources).map(({ depends_on = [] }) => [type, depends_on]),
  )
  expect(waits.filter(([, apis]) => (apis as string[]).length > 0)).toEqual([
    ['google_storage_project_service_account', ['google_project_service.storage-api']],
    ['google_storage_transfer_project_service_account', ['google_project_service.storagetransfer-api']],
  ])
})

test('nothing is built or copied before permissions hold everywhere', () => {
  const wait = one(google, 'time_sleep', 'permissions-settle')
  expect(wait['create_duration']).toBe('120s')
  for (const granted of ['build-reads', 'build-stores', 'landing-transfer-writes', 'ledger-load-keeps'])
    expect(JSON.stringify(wait['depends_on'])).toContain(granted)
  for (const load of Object.values(all(google, 'google_cloudfunctions2_function')))
    expect(load['depends_on']).toContain('time_sleep.permissions-settle')
  expect(google.terraform['required_providers']).toMatchObject({ time: { source: 'hashicorp/time' } })
})

test('Pub/Sub is used before its agent is given a permission', () => {
  expect(one(google, 'google_service_account_iam_member', 'pubsub-signs-in')['depends_on']).toContain(
    'google_pubsub_topic.landed-topic',
  )
})

test('every stage has its alert, and someone is told', () => {
  const policies = all(google, 'google_monitoring_alert_policy')
  const wanted = [
    'transfer-failed',
    ...lanes.flatMap((lane) =>
      ['oldest-message', 'dead-letters', 'push-refused'].map((id) => `${id}-${lane}`),
    ),
    ...lanes.flatMap((lane) => ['errors', 'throttled', 'at-cap'].map((id) => `function-${id}-${lane}`)),
    ...sources.flatMap((source) => ['late', 'silent', 'rejects'].map((id) => `${source}-${id}`)),
    ...['permission-denied', 'lineage-enabled'],
  ]
  expect(Object.keys(policies).sort()).toEqual(wanted.map((id) => `alert-${id}`).sort())
  for (const policy of Object.values(policies)) {
    expect(policy['notification_channels']).toEqual([
      ref('google_monitoring_notification_channel.email-0.name'),
    ])
    expect(policy['documentation']).toBeTruthy()
  }
})

test('charts and alerts name only subscriptions, functions and metrics that are there', () => {
  const named = JSON.stringify(google.resource)
  const there = [
    ...Object.values(all(google, 'google_pubsub_subscription')).map(({ name }) => name),
    ...Object.values(all(google, 'google_cloudfunctions2_function')).map(({ name }) => name),
    ...Object.values(all(google, 'google_logging_metric')).map(({ name }) => name),
  ]
  const used = [
    ...named.matchAll(/(?:subscription_id|service_name) = \\+"([\w-]+)/g),
    ...named.matchAll(/googleapis\.com\/user\/(\w+)/g),
    ...named.matchAll(/googleapis_com:user_(\w+?)_(?:bucket|count|sum)\{/g),
  ].map(([, name]) => name)
  expect(used.length).toBeGreaterThan(30)
  for (const name of used) expect(there).toContain(name)
})

test('the key of hashes is read by the function, and never seen here', () => {
  const source = { bucket: 'example-people', format: 'json-lines', redact: { user: 'hash' } } as const
  const config = { ...everything, environments: {}, sources: { people: source } }
  expect(() => synthesise(config)).toThrow('sources.people.redact: hash needs google.hashKeySecret')
  const { google: keyed } = synthesise({ ...config, google: { ...config.google, hashKeySecret: 'hash-key' } })
  expect(one(keyed, 'google_cloudfunctions2_function', 'load-live')['service_config']).toMatchObject({
    secret_environment_variables: [{ key: 'CAUSEWAY_HASH_KEY', secret: 'hash-key', version: 'latest' }],
  })
  expect(one(keyed, 'google_secret_manager_secret_iam_member', 'load-reads-hash-key')).toMatchObject({
    secret_id: 'hash-key',
    role: 'roles/secretmanager.secretAccessor',
    member: ref('google_service_account.account-load.member'),
  })
  const before = waitsFor(keyed, 'google_cloudfunctions2_function', 'load-live')
  expect(before).toContain('google_secret_manager_secret_iam_member.load-reads-hash-key')
})
