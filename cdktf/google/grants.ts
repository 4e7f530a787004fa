/** Who may do what between Google's services, whoever grants or checks it. */
import type { Bridge } from '../../functions/config/schema.ts'

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
} as const

/**
 * Of the function on the ledger bucket. Replacing an object needs the right to delete it; without that to list, an
 * object that is not there would be "forbidden".
 * https://cloud.google.com/storage/docs/access-control/iam-json [2026-11]
 */
export const ledgerPermissions = [
  'storage.objects.create',
  'storage.objects.delete',
  'storage.objects.get',
  'storage.objects.list',
] as const

/** The role that is made of them, by its id: roles have no dashes in their names. */
export function ledgerRoleId({ name }: Pick<Bridge, 'name'>): string {
  return `${name.replaceAll('-', '_')}_ledger`
}

/** As policies name it. */
export function ledgerRole(bridge: Pick<Bridge, 'name' | 'google'>): string {
  return `projects/${bridge.google.project}/roles/${ledgerRoleId(bridge)}`
}

/**
 * What a new bucket grants to whoever owns, edits or views the project. Only owners are to have it where logs are.
 * https://cloud.google.com/storage/docs/access-control/iam-roles#basic-roles-modifiable [2026-11]
 */
export const projectWideRoles = {
  administers: 'roles/storage.legacyBucketOwner',
  others: [
    'roles/storage.legacyBucketReader',
    'roles/storage.legacyObjectOwner',
    'roles/storage.legacyObjectReader',
  ],
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
