import { describe, expect, test } from 'vitest'
import { answerSeconds } from '../../functions/config/answer-time.ts'
import { type Attributes, all, everything, one, ref, type Stack, synthesise } from './synthesised.ts'

const { aws } = synthesise(everything)
const sources = ['alb', 'ecs', 'web', 'old', 'hand']

interface Statement {
  readonly Effect: string
  readonly Principal?: unknown
  readonly Action: string | string[]
  readonly Resource?: unknown
  readonly Condition?: Record<string, Record<string, string>>
}

/** Every policy document of a stack, with where it stands. */
function statements(stack: Stack): { where: string; statement: Statement }[] {
  return Object.entries(stack.resource).flatMap(([type, resources]) =>
    Object.entries(resources).flatMap(([id, attributes]) =>
      ['policy', 'assume_role_policy'].flatMap((attribute) => {
        const document = attributes[attribute]
        if (typeof document !== 'string') return []
        return (JSON.parse(document).Statement as Statement[]).map((statement) => ({
          where: `${type}.${id}`,
          statement,
        }))
      }),
    ),
  )
}

const allowed = statements(aws).filter(({ statement }) => statement.Effect === 'Allow')
const key = /^aws_kms_key\./

function documentOf(attributes: Attributes, attribute = 'policy'): Statement[] {
  return JSON.parse(String(attributes[attribute])).Statement
}

test('nothing is allowed by wildcard, neither who nor what', () => {
  expect(allowed.length).toBeGreaterThan(15)
  for (const { where, statement } of allowed.filter((each) => !key.test(each.where))) {
    expect(JSON.stringify([statement.Principal, statement.Action]), where).not.toContain('*')
    expect(statement.Resource, where).not.toBe('*')
  }
})

describe.each(sources)('source %s', (source) => {
  const queue = one(aws, 'aws_sqs_queue', `${source}-queue`)
  const deadLetters = one(aws, 'aws_sqs_queue', `${source}-dead-letters`)

  test('dead letters are wired, and outlive what becomes one', () => {
    const redrive = JSON.parse(String(queue['redrive_policy']))
    expect(redrive.deadLetterTargetArn).toBe(`\${aws_sqs_queue.${source}-dead-letters.arn}`)
    expect(redrive.maxReceiveCount).toBeGreaterThanOrEqual(10)
    expect(Number(deadLetters['message_retention_seconds'])).toBeGreaterThan(
      Number(queue['message_retention_seconds']),
    )
    const back = JSON.parse(
      String(one(aws, 'aws_sqs_queue_redrive_allow_policy', `${source}-redrive`)['redrive_allow_policy']),
    )
    expect(back).toEqual({
      redrivePermission: 'byQueue',
      sourceQueueArns: [`\${aws_sqs_queue.${source}-queue.arn}`],
    })
  })

  test('an event is hidden at least as long as the function may take', () => {
    expect(queue['visibility_timeout_seconds']).toBeGreaterThanOrEqual(answerSeconds)
    expect(queue['visibility_timeout_seconds']).toBeLessThanOrEqual(43_200)
  })

  test('both queues are encrypted and refuse plain HTTP', () => {
    for (const each of [queue, deadLetters]) {
      expect(each['kms_master_key_id']).toBe('arn:aws:kms:eu-west-1:123456789012:key/queues')
    }
    for (const policy of ['queue-policy', 'dead-letters-policy']) {
      expect(documentOf(one(aws, 'aws_sqs_queue_policy', `${source}-${policy}`))).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      )
    }
  })

  test('only the transfer service agent of the project may take the role', () => {
    const role = one(aws, 'aws_iam_role', `${source}-role`)
    expect(documentOf(role, 'assume_role_policy')).toEqual([
      {
        Sid: 'TransferServiceAgent',
        Effect: 'Allow',
        Principal: { Federated: 'accounts.google.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'accounts.google.com:sub': '100000000000000000001' } },
      },
    ])
  })

  test('the role may do what the transfer needs and nothing else', () => {
    const actions = documentOf(one(aws, 'aws_iam_role_policy', `${source}-role-policy`)).flatMap(
      ({ Action }) => Action,
    )
    expect(actions.sort()).toEqual([
      'kms:Decrypt',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:ReceiveMessage',
    ])
  })

  test('someone is told of old events and of dead letters', () => {
    for (const alarm of ['age-alarm', 'dead-letter-alarm']) {
      expect(one(aws, 'aws_cloudwatch_metric_alarm', `${source}-${alarm}`)['alarm_actions']).toEqual([
        ref('aws_sns_topic.alarms.arn'),
      ])
    }
  })
})

test('the topic of alarms has a key of its own, which CloudWatch may use for this account', () => {
  expect(one(aws, 'aws_sns_topic', 'alarms')['kms_master_key_id']).toBe(ref('aws_kms_key.alarms-key.arn'))
  const [owner, cloudwatch, ...others] = documentOf(one(aws, 'aws_kms_key', 'alarms-key'))
  expect(owner?.Principal).toEqual({ AWS: 'arn:aws:iam::123456789012:root' })
  expect(cloudwatch).toMatchObject({
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
  })
  expect(others).toEqual([])
})

test('the role reads only under the prefix of its source', () => {
  const [objects] = documentOf(one(aws, 'aws_iam_role_policy', 'alb-role-policy'))
  expect(objects?.Resource).toBe('arn:aws:s3:::example-alb/AWSLogs/*')
})

test('without keys the queues have encryption all the same, and roles no right to decrypt', () => {
  const { queueKey: _, ...account } = everything.aws
  const { aws: plain } = synthesise({ ...everything, aws: account })
  expect(one(plain, 'aws_sqs_queue', 'alb-queue')['sqs_managed_sse_enabled']).toBe(true)
  expect(String(one(plain, 'aws_iam_role_policy', 'alb-role-policy')['policy'])).not.toContain('kms')
  expect(String(one(plain, 'aws_iam_role_policy', 'web-role-policy')['policy'])).toContain('key/web')
})

describe('a bucket made here', () => {
  const id = 'bucket-example-alb'

  test('is private, encrypted and TLS only', () => {
    expect(one(aws, 'aws_s3_bucket_public_access_block', `${id}-private`)).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    })
    const encryption = one(aws, 'aws_s3_bucket_server_side_encryption_configuration', `${id}-encryption`)
    expect(JSON.stringify(encryption['rule'])).toContain('AES256')
    expect(documentOf(one(aws, 'aws_s3_bucket_policy', `${id}-policy`))[0]).toMatchObject({
      Effect: 'Deny',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    })
  })

  test('keeps what was written over for a while, and nothing that was left behind', () => {
    expect(one(aws, 'aws_s3_bucket_versioning', `${id}-versions`)).toMatchObject({
      versioning_configuration: { status: 'Enabled' },
    })
    expect(one(aws, 'aws_s3_bucket_lifecycle_configuration', `${id}-lifecycle`)).toMatchObject({
      rule: [
        {
          status: 'Enabled',
          noncurrent_version_expiration: [{ noncurrent_days: 30 }],
          abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
          expiration: [{ expired_object_delete_marker: true }],
        },
      ],
      depends_on: [`aws_s3_bucket_versioning.${id}-versions`],
    })
  })

  test('is open to the load balancers of this account, told by the path alone', () => {
    expect(documentOf(one(aws, 'aws_s3_bucket_policy', `${id}-policy`)).slice(1)).toEqual([
      {
        Sid: 'DeliverByPathalb',
        Effect: 'Allow',
        Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: 'arn:aws:s3:::example-alb/AWSLogs/123456789012/*',
      },
    ])
  })

  test('announces its uploads, once the queue takes them', () => {
    expect(one(aws, 'aws_s3_bucket_notification', `${id}-notification`)).toMatchObject({
      bucket: 'example-alb',
      queue: [
        {
          queue_arn: ref('aws_sqs_queue.alb-queue.arn'),
          events: ['s3:ObjectCreated:*'],
          filter_prefix: 'AWSLogs/',
          filter_suffix: '.log.gz',
        },
      ],
      depends_on: expect.arrayContaining(['aws_sqs_queue_policy.alb-queue-policy']),
    })
    expect(documentOf(one(aws, 'aws_sqs_queue_policy', 'alb-queue-policy'))[0]).toMatchObject({
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Condition: {
        ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::example-alb' },
        StringEquals: { 'aws:SourceAccount': '123456789012' },
      },
    })
  })
})

describe('a bucket that exists', () => {
  test('is never made, and keeps its notifications unless it is adopted', () => {
    expect(Object.keys(all(aws, 'aws_s3_bucket'))).toEqual(['bucket-example-alb'])
    expect(Object.keys(all(aws, 'aws_s3_bucket_notification')).sort()).toEqual([
      'bucket-example-alb-notification',
      'bucket-example-old-notification',
    ])
  })

  test('whose notifications are left alone is told of, with what to choose from', () => {
    const steps = aws.output['next_steps']?.value ?? ''
    expect(steps).toContain('sources.hand: bucket example-hand exists')
    expect(steps).toContain('arn:aws:sqs:eu-west-1:123456789012:causeway-hand')
    for (const choice of ['eventbridge', 'sns', 'adopt']) expect(steps).toContain(choice)
    expect(steps).not.toContain('sources.alb')
  })

  test('adopted is imported first and keeps what it had', () => {
    expect(aws.import).toEqual([
      { id: 'example-old', to: 'aws_s3_bucket_notification.bucket-example-old-notification' },
    ])
    expect(one(aws, 'aws_s3_bucket_notification', 'bucket-example-old-notification')['queue']).toEqual([
      expect.objectContaining({ queue_arn: ref('aws_sqs_queue.old-queue.arn') }),
      {
        queue_arn: 'arn:aws:sqs:eu-west-1:123456789012:batch',
        events: ['s3:ObjectCreated:*'],
        filter_prefix: 'x/',
      },
    ])
  })

  test('behind a topic sends raw messages, from that topic only', () => {
    expect(one(aws, 'aws_sns_topic_subscription', 'web-subscription')).toMatchObject({
      protocol: 'sqs',
      raw_message_delivery: true,
      depends_on: ['aws_sqs_queue_policy.web-queue-policy'],
    })
    expect(documentOf(one(aws, 'aws_sqs_queue_policy', 'web-queue-policy'))[0]).toMatchObject({
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:123456789012:uploads' } },
    })
  })

  test('behind EventBridge sends events of the shape S3 has', () => {
    const rule = JSON.parse(String(one(aws, 'aws_cloudwatch_event_rule', 'ecs-rule')['event_pattern']))
    expect(rule.detail).toEqual({
      bucket: { name: ['example-ecs'] },
      object: { key: [{ wildcard: 'ecs/*.gz' }] },
    })
    const { input_transformer } = one(aws, 'aws_cloudwatch_event_target', 'ecs-target') as {
      input_transformer: { input_template: string }
    }
    const filled = input_transformer.input_template.replace('<size>', '7').replaceAll(/<(\w+)>/g, '$1')
    expect(JSON.parse(filled).Records[0]).toMatchObject({
      eventVersion: '2.1',
      s3: { bucket: { name: 'example-ecs' }, object: { key: 'key', size: 7, eTag: 'etag' } },
    })
  })
})

test('without a subject id in the configuration it is asked for, and without an account too', () => {
  const { transferSubjectId: _, ...google } = everything.google
  const { account: __, queueKey: ___, ...place } = everything.aws
  const { aws: asking } = synthesise({ ...everything, aws: place, google })
  expect(String(one(asking, 'aws_iam_role', 'alb-role')['assume_role_policy'])).toContain(
    ref('data.google_storage_transfer_project_service_account.transfer-agent.subject_id'),
  )
  expect(String(one(asking, 'aws_sqs_queue_policy', 'alb-queue-policy')['policy'])).toContain(
    ref('data.aws_caller_identity.caller.account_id'),
  )
  expect(aws.provider['google']).toBeUndefined()
})

test('another release and other addresses of the provider, for an emulator', () => {
  const { aws: elsewhere } = synthesise({
    ...everything,
    aws: {
      ...everything.aws,
      provider: { version: '>= 5.100.0', endpoints: { sqs: 'http://127.0.0.1:4566' } },
    },
  })
  expect(elsewhere.terraform).toMatchObject({ required_providers: { aws: { version: '>= 5.100.0' } } })
  expect(elsewhere.provider['aws']).toMatchObject([
    { endpoints: [{ sqs: 'http://127.0.0.1:4566' }], skip_credentials_validation: true },
  ])
})

/** Who may write where into a bucket made for a source. */
function writers(source: object): Record<string, string> {
  const config = { bucket: 'example-any', makeBucket: true, ...source }
  const stack = synthesise({ ...everything, sources: { any: config }, environments: {} }).aws
  const puts = documentOf(one(stack, 'aws_s3_bucket_policy', 'bucket-example-any-policy')).filter(
    ({ Action }) => Action === 's3:PutObject',
  )
  const path = 'arn:aws:s3:::example-any/'
  return Object.fromEntries(
    puts.flatMap((put) =>
      serviceOf(put).map((service) => {
        // A condition on the account, or the account in the path.
        expect(JSON.stringify([put.Resource, put.Condition])).toContain('123456789012')
        return [service, String(put.Resource).slice(path.length)]
      }),
    ),
  )
}

const [elb, deliveries] = ['logdelivery.elasticloadbalancing.amazonaws.com', 'delivery.logs.amazonaws.com']

test.each([
  ['', '*AWSLogs/123456789012/*'],
  ['AWSLogs/', 'AWSLogs/123456789012/*'],
  ['web/', 'web/*AWSLogs/123456789012/*'],
  ['web/AWSLogs/123456789012/elasticloadbalancing/', 'web/AWSLogs/123456789012/elasticloadbalancing/*'],
])('load balancers write logs of the account under prefix "%s"', (prefix, path) => {
  expect(writers({ prefix, format: 'clb' })).toEqual({ [elb]: path })
})

test('into a bucket for any format, whoever has paths of the account may write, there', () => {
  const path = 'AWSLogs/123456789012/*'
  const keyed = {
    [deliveries]: path,
    'cloudtrail.amazonaws.com': path,
    'guardduty.amazonaws.com': path,
  }
  expect(writers({ prefix: 'AWSLogs/' })).toEqual({ [elb]: path, ...keyed })
  // A load balancer writes to no bucket with a key of KMS.
  const bucketKey = 'arn:aws:kms:eu-west-1:123456789012:key/logs'
  expect(writers({ prefix: 'AWSLogs/', bucketKey })).toEqual(keyed)
})

test('GuardDuty asks where a bucket is before it writes findings of the account', () => {
  const config = { bucket: 'example-any', makeBucket: true, prefix: 'gd/', format: 'guardduty' as const }
  const stack = synthesise({ ...everything, sources: { any: config }, environments: {} }).aws
  const own = documentOf(one(stack, 'aws_s3_bucket_policy', 'bucket-example-any-policy')).filter(
    (statement) => serviceOf(statement).includes('guardduty.amazonaws.com'),
  )
  const Condition = { StringEquals: { 'aws:SourceAccount': '123456789012' } }
  expect(own).toMatchObject([
    { Action: 's3:GetBucketLocation', Resource: 'arn:aws:s3:::example-any', Condition },
    { Action: 's3:PutObject', Resource: 'arn:aws:s3:::example-any/gd/*', Condition },
  ])
})

test('server access logs have no path of their own: their source takes them anywhere in it', () => {
  expect(writers({ prefix: 's3/', format: 's3-access' })).toEqual({ 'logging.s3.amazonaws.com': 's3/*' })
})

test('whoever uses a key is named, with the key', () => {
  const steps = aws.output['next_steps']?.value ?? ''
  const queues = 'Key arn:aws:kms:eu-west-1:123456789012:key/queues: its policy must let'
  for (const service of ['s3', 'sns', 'events']) expect(steps).toContain(`${queues} ${service}.amazonaws.com`)
  const bucketKey = 'arn:aws:kms:eu-west-1:123456789012:key/flows'
  const flows = { bucket: 'example-flows', format: 'vpc-flow', makeBucket: true, bucketKey } as const
  const made = synthesise({ ...everything, sources: { flows }, environments: {} }).aws
  expect(made.output['next_steps']?.value).toContain(`Key ${bucketKey}: its policy must let ${deliveries}`)
})

function serviceOf(statement: Statement | undefined): string[] {
  const { Service: services = [] } = (statement?.Principal ?? {}) as { Service?: string | string[] }
  return [services].flat()
}
