import type { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js'
import { StorageNotification } from '@cdktf/provider-google/lib/storage-notification/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { bridgeNames, liveLane } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { announcements } from './lanes.ts'

/**
 * Announces every landed object, once. Moving from one announcement for everything to one a source, or back, leaves a
 * moment in which a landed object is announced to nobody: pause the transfer jobs for it.
 * @param ready the topic's permission, and the subscriptions: what is announced before them reaches nobody.
 */
export function landingNotifications(
  scope: Construct,
  bridge: Bridge,
  bucket: StorageBucket,
  ready: ITerraformDependable[],
): StorageNotification[] {
  return announcements(bridge).map(
    ({ prefix, lane }) =>
      new StorageNotification(scope, `landed-${prefix.replaceAll('/', '-')}`, {
        bucket: bucket.name,
        topic: bridgeNames(bridge).topic,
        payloadFormat: 'JSON_API_V1',
        eventTypes: ['OBJECT_FINALIZE'],
        objectNamePrefix: prefix,
        ...(lane !== liveLane && { customAttributes: { lane } }),
        dependsOn: ready,
      }),
  )
}
