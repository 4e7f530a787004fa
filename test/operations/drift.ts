import { setTimeout as wait } from 'node:timers/promises'
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { DeleteMessageBatchCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { bridgeNames, queueName } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { landingName, landingPrefix } from '../../functions/model/landing-name.ts'
import type { Clients } from '../../scripts/clients.ts'
import { seededRandom } from '../../scripts/random.ts'

/** What happens to an object on its way. */
export type Fate = 'loaded' | 'twice' | 'dropped' | 'lost' | 'unnotified' | 'deleted' | 'poison'

/** An object that was put into S3, and what became of it. */
export interface Put {
  readonly bucket: string
  readonly key: string
  readonly lines: number
  readonly fate: Fate
}

/** Shares of all objects: what the rest is, is loaded. */
const shares: Readonly<Record<Exclude<Fate, 'loaded'>, number>> = {
  dropped: 0.01,
  lost: 0.005,
  unnotified: 0.005,
  deleted: 0.002,
  poison: 0.01,
  twice: 0.05,
}

/** At least two of each fate, then by chance. */
export function drawObjects(seed: number, count: number, bucket: string): Put[] {
  const random = seededRandom(seed)
  const fates = Object.keys(shares) as Exclude<Fate, 'loaded'>[]
  const fateOf = (index: number): Fate => {
    const certain = fates[index % fates.length]
    if (certain && index < fates.length * 2) return certain
    let left = random()
    for (const fate of fates) {
      left -= shares[fate]
      if (left < 0) return fate
    }
    return 'loaded'
  }
  return Array.from({ length: count }, (_, index) => {
    const fate = fateOf(index)
    // Detected by the key as a flow log, which its lines are not.
    const place = fate === 'poison' ? 'AWSLogs/123456789012/vpcflowlogs/us-east-1' : 'logs/day=27'
    const odd = index % 7 === 0 ? 'ä+b c%25/' : ''
    return { bucket, key: `${place}/${odd}${index}.log`, lines: 1 + Math.floor(random() * 5), fate }
  })
}

/** Puts the objects into S3, and makes of each what is its fate. */
export async function makeDrift(
  bridge: Bridge,
  clients: Clients,
  objects: readonly Put[],
  transfers: { readonly pause: () => Promise<void>; readonly resume: () => Promise<void> },
): Promise<void> {
  const of = (...fates: Fate[]) => objects.filter(({ fate }) => fates.includes(fate))
  const putAll = (some: readonly Put[]) => inTurn(some, 16, (object) => put(clients, object))

  await transfers.pause()
  await putAll(of('dropped'))
  await emptyQueues(bridge, clients, of('dropped').length)
  await putAll(of('deleted'))
  for (const { bucket, key } of of('deleted'))
    await clients.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
  await transfers.resume()

  const landing = clients.storage.bucket(bridge.google.landingBucket)
  const [notifications] = await landing.getNotifications()
  for (const notification of notifications) await notification.delete()
  const unseen = of('lost', 'unnotified')
  await putAll(unseen)
  for (const { bucket, key } of unseen) await copied(clients, bridge, landingName(bucket, key))
  for (const { bucket, key } of of('lost')) await landing.file(landingName(bucket, key)).delete()
  await landing.createNotification(bridgeNames(bridge).topic, {
    eventTypes: ['OBJECT_FINALIZE'],
    payloadFormat: 'JSON_API_V1',
    objectNamePrefix: landingPrefix,
  })

  await putAll(of('loaded', 'twice', 'poison'))
  await putAll(of('twice'))
}

export async function put({ s3 }: Clients, { bucket, key, lines }: Put): Promise<void> {
  const body = Array.from({ length: lines }, (_, line) => `${key} has line ${line}\n`).join('')
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
}

/** Takes so many messages out of the queues of all sources: events that nobody will hear of. */
export async function emptyQueues(bridge: Bridge, { sqs }: Clients, count: number): Promise<void> {
  let left = count
  for (const source of bridge.sources) {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName(bridge, source) }))
    for (let taken = -1; taken !== 0; ) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      )
      taken = Messages.length
      left -= taken
      if (taken === 0) break
      const Entries = Messages.map(({ ReceiptHandle }, Id) => ({ Id: String(Id), ReceiptHandle }))
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    }
  }
  if (left !== 0) throw new Error(`${count} events were to be dropped, and ${count - left} were there`)
}

async function copied({ storage }: Clients, { google }: Bridge, name: string): Promise<void> {
  const file = storage.bucket(google.landingBucket).file(name)
  for (let tries = 0; tries < 600; tries++) {
    if ((await file.exists())[0]) return
    await wait(100)
  }
  throw new Error(`${name} is not copied`)
}

/** Works on some at a time. */
export async function inTurn<T>(
  all: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  const queue = [...all]
  const worker = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) await work(one)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** The keys that the bucket has now. */
export async function keysIn({ s3 }: Clients, bucket: string): Promise<Set<string>> {
  const keys = new Set<string>()
  for (let ContinuationToken: string | undefined, first = true; first || ContinuationToken; first = false) {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, ...(ContinuationToken && { ContinuationToken }) }),
    )
    for (const { Key } of page.Contents ?? []) if (Key) keys.add(Key)
    ContinuationToken = page.NextContinuationToken
  }
  return keys
}
