import { PubSub } from '@google-cloud/pubsub'
import { Storage } from '@google-cloud/storage'
import { StorageTransferServiceClient } from '@google-cloud/storage-transfer'
import { credentials } from '@grpc/grpc-js'
import { bridgeNames, queueName, transferJobName, transferRoleName } from '../../functions/config/names.ts'
import type { Bridge, Source } from '../../functions/config/schema.ts'
import { landingName } from '../../functions/finalize/landing-name.ts'

/** Where the services are that the resources are made in. */
export interface ProvisionTargets {
  readonly gcsEndpoint: string
  readonly pubsubEndpoint: string
  readonly transferEndpoint: string
  /** Port of the load function. */
  readonly functionPort: number
}

/**
 * Makes what the infrastructure would have made, through the official clients: the landing bucket and its
 * notification, topics, subscriptions and one event-driven transfer job a source. What is there already stays.
 */
export async function provision(bridge: Bridge, targets: ProvisionTargets): Promise<void> {
  await provisionPubSub(bridge, targets)
  await provisionLanding(bridge, targets)
  await provisionTransfer(bridge, targets)
}

async function provisionPubSub(
  bridge: Bridge,
  { pubsubEndpoint, functionPort }: ProvisionTargets,
): Promise<void> {
  const pubsub = new PubSub({
    projectId: bridge.google.project,
    apiEndpoint: pubsubEndpoint,
    emulatorMode: true,
  })
  const names = bridgeNames(bridge)
  // The topic's name in the path is where functions-framework reads it.
  const endpoint = (topic: string) => `http://127.0.0.1:${functionPort}/${topic}`
  const push = (topic: string) => ({ pushEndpoint: endpoint(topic) })
  try {
    await unlessThere(pubsub.createTopic(names.topic))
    await unlessThere(pubsub.createTopic(names.deadLetterTopic))
    await unlessThere(
      pubsub.createSubscription(names.topic, names.subscription, {
        pushConfig: push(names.topic),
        ackDeadlineSeconds: 600,
        filter: 'attributes.eventType = "OBJECT_FINALIZE"',
        // Seconds and minutes in the cloud; here nobody should have to wait to see a poison object set aside.
        retryPolicy: { minimumBackoff: { nanos: 200_000_000 }, maximumBackoff: { seconds: 5 } },
        deadLetterPolicy: { deadLetterTopic: names.deadLetterTopic, maxDeliveryAttempts: 5 },
      }),
    )
    await unlessThere(
      pubsub.createSubscription(names.deadLetterTopic, names.deadLetterRecord, {
        pushConfig: push(names.deadLetterTopic),
        ackDeadlineSeconds: 600,
        retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 10 } },
      }),
    )
    await unlessThere(pubsub.createSubscription(names.deadLetterTopic, names.deadLetterKeep))
    // After a restart the function listens on another port.
    await pubsub.subscription(names.subscription).modifyPushConfig(push(names.topic))
    await pubsub.subscription(names.deadLetterRecord).modifyPushConfig(push(names.deadLetterTopic))
  } finally {
    await pubsub.close()
  }
}

async function provisionLanding(bridge: Bridge, { gcsEndpoint }: ProvisionTargets): Promise<void> {
  const { project, landingBucket, ledgerBucket, location } = bridge.google
  const storage = new Storage({ projectId: project, apiEndpoint: gcsEndpoint })
  const bucket = storage.bucket(landingBucket)
  await unlessThere(bucket.create({ location }))
  await unlessThere(storage.bucket(ledgerBucket).create({ location }))
  const [notifications] = await bucket.getNotifications()
  if (notifications.length > 0) return
  await bucket.createNotification(bridgeNames(bridge).topic, {
    eventTypes: ['OBJECT_FINALIZE'],
    payloadFormat: 'JSON_API_V1',
  })
}

async function provisionTransfer(bridge: Bridge, { transferEndpoint }: ProvisionTargets): Promise<void> {
  const [apiEndpoint, port] = transferEndpoint.split(':')
  const client = new StorageTransferServiceClient({
    projectId: bridge.google.project,
    apiEndpoint: apiEndpoint ?? '',
    port: Number(port),
    sslCreds: credentials.createInsecure(),
  })
  try {
    for (const source of bridge.sources)
      await unlessThere(client.createTransferJob({ transferJob: transferJob(bridge, source) }))
  } finally {
    await client.close()
  }
}

/** One long-lived event-driven job: it reads the queue itself and copies what is announced there. */
function transferJob(bridge: Bridge, source: Source) {
  return {
    name: transferJobName(bridge, source),
    description: `Causeway: ${source.name}`,
    projectId: bridge.google.project,
    status: 'ENABLED' as const,
    eventStream: { name: `arn:aws:sqs:${bridge.aws.region}:000000000000:${queueName(bridge, source)}` },
    transferSpec: {
      awsS3DataSource: {
        bucketName: source.bucket,
        roleArn: `arn:aws:iam::000000000000:role/${transferRoleName(bridge, source)}`,
      },
      gcsDataSink: { bucketName: bridge.google.landingBucket, path: landingName(source.bucket, '') },
      ...(source.prefix !== '' && { objectConditions: { includePrefixes: [source.prefix] } }),
      transferOptions: { metadataOptions: { timeCreated: 'TIME_CREATED_PRESERVE_AS_CUSTOM_TIME' as const } },
    },
  }
}

async function unlessThere(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    // 6 is gRPC's ALREADY_EXISTS, 409 HTTP's.
    if (!(error instanceof Error && 'code' in error && (error.code === 6 || error.code === 409))) throw error
  }
}
