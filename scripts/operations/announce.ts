import { bridgeNames } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Clients } from '../clients.ts'

/**
 * Announces a copy in the landing bucket once more, just as Cloud Storage announced it: the subscription of its lane
 * takes it, and the ledger decides whether it is loaded.
 * https://docs.cloud.google.com/storage/docs/pubsub-notifications [2026-11]
 * @param name of the copy. @returns false when there is no such copy any more.
 */
export async function announceAgain(
  bridge: Pick<Bridge, 'name' | 'google'>,
  { storage, pubsub }: Pick<Clients, 'storage' | 'pubsub'>,
  name: string,
): Promise<boolean> {
  const bucket = bridge.google.landingBucket
  const resource = await resourceOf(storage, bucket, name)
  if (!resource) return false
  const attributes = {
    eventType: 'OBJECT_FINALIZE',
    payloadFormat: 'JSON_API_V1',
    bucketId: bucket,
    objectId: name,
    objectGeneration: String(resource.generation),
    eventTime: new Date().toISOString(),
  }
  const topic = pubsub.topic(bridgeNames(bridge).topic)
  await topic.publishMessage({ data: Buffer.from(JSON.stringify(resource)), attributes })
  return true
}

async function resourceOf(storage: Clients['storage'], bucket: string, name: string) {
  try {
    const [resource] = await storage.bucket(bucket).file(name).getMetadata()
    return resource
  } catch (error) {
    if (error instanceof Error && 'code' in error && Number(error.code) === 404) return undefined
    throw error
  }
}
