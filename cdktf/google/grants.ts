/** Who may do what between Google's services, whoever grants or checks it. */

/** On the topic of landed objects: Cloud Storage's agent announces them. On that of dead letters: Pub/Sub's agent. */
export const publisher = 'roles/pubsub.publisher'

/** On a subscription with dead letters: Pub/Sub acknowledges what it moved there, which a subscriber must. */
export const subscriber = 'roles/pubsub.subscriber'

/**
 * On the landing bucket: finds, writes and overwrites; sees that an object is there unchanged, and does not copy it
 * again. https://cloud.google.com/storage-transfer/docs/sink-cloud-storage [2026-11]
 */
export const transferRoles = {
  writes: 'roles/storage.legacyBucketWriter',
  compares: 'roles/storage.legacyObjectReader',
} as const

export const loadRoles = {
  /** On the landing bucket. Without the right to list, an object that is gone would be "forbidden" and not "not found". */
  reads: 'roles/storage.objectViewer',
  /** On the ledger bucket. Replacing an object needs the right to delete it. */
  keeps: 'roles/storage.objectUser',
} as const

/**
 * On both datasets, what loading needs and no more: make tables and give them columns, count them, write through the
 * Storage Write API. It cannot read a row, nor delete anything.
 */
export const loaderPermissions = [
  'bigquery.tables.create',
  'bigquery.tables.get',
  'bigquery.tables.list',
  'bigquery.tables.update',
  'bigquery.tables.updateData',
] as const
