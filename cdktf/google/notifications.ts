import type { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js'
import { StorageNotification } from '@cdktf/provider-google/lib/storage-notification/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { bridgeNames } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { landingPrefix } from '../../functions/model/landing-name.ts'

/**
 * Announces every landed object, once. It does not depend on sources or lanes: a notification can only be
 * replaced, and objects that land in between would not be announced.
 * @param ready the topic's permission, and the subscriptions: what is announced before them reaches nobody.
 */
export function landingNotification(
  scope: Construct,
  bridge: Bridge,
  bucket: StorageBucket,
  ready: ITerraformDependable[],
): StorageNotification {
  return new StorageNotification(scope, 'landed-s3-', {
    bucket: bucket.name,
    topic: bridgeNames(bridge).topic,
    payloadFormat: 'JSON_API_V1',
    eventTypes: ['OBJECT_FINALIZE'],
    objectNamePrefix: landingPrefix,
    dependsOn: ready,
  })
}
