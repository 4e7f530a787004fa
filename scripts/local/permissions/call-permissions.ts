/** The permissions a call needs on the bucket or dataset it names; on the project when it names none. */
type CallPermissions = Readonly<Record<string, readonly string[]>>

/**
 * https://cloud.google.com/storage/docs/access-control/iam-json [2026-11]. What depends on the object, to overwrite it
 * or to be told that it is not there, is in `gcs/authorize.ts`.
 */
export const storageCalls: CallPermissions = {
  'buckets.insert': ['storage.buckets.create'],
  'buckets.list': ['storage.buckets.list'],
  'buckets.get': ['storage.buckets.get'],
  'buckets.delete': ['storage.buckets.delete'],
  'buckets.getIamPolicy': ['storage.buckets.getIamPolicy'],
  'buckets.setIamPolicy': ['storage.buckets.setIamPolicy'],
  'projects.serviceAccount.get': ['resourcemanager.projects.get'],
  'notificationConfigs.insert': ['storage.buckets.update'],
  'notificationConfigs.list': ['storage.buckets.get'],
  'notificationConfigs.get': ['storage.buckets.get'],
  'notificationConfigs.delete': ['storage.buckets.update'],
  'objects.insert': ['storage.objects.create'],
  'objects.get': ['storage.objects.get'],
  'objects.getMedia': ['storage.objects.get'],
  'objects.list': ['storage.objects.list'],
  'objects.patch': ['storage.objects.get', 'storage.objects.update'],
  'objects.update': ['storage.objects.update'],
  'objects.delete': ['storage.objects.delete'],
}

/**
 * The page of each method below https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/, under "IAM
 * Permissions": tables/insert, tables/patch and so on [2026-11].
 */
export const bigqueryCalls: CallPermissions = {
  'datasets.insert': ['bigquery.datasets.create'],
  'datasets.list': ['bigquery.datasets.get'],
  'datasets.get': ['bigquery.datasets.get'],
  'datasets.patch': ['bigquery.datasets.get', 'bigquery.datasets.update'],
  'datasets.delete': ['bigquery.datasets.delete'],
  'tables.insert': ['bigquery.tables.create'],
  'tables.list': ['bigquery.tables.list'],
  'tables.get': ['bigquery.tables.get'],
  'tables.patch': ['bigquery.tables.get', 'bigquery.tables.update'],
  'tables.update': ['bigquery.tables.get', 'bigquery.tables.update'],
  'tables.delete': ['bigquery.tables.delete'],
  'tabledata.list': ['bigquery.tables.getData'],
  'tabledata.insertAll': ['bigquery.tables.updateData'],
  'jobs.insert': ['bigquery.jobs.create'],
  'jobs.query': ['bigquery.jobs.create'],
  'jobs.list': ['bigquery.jobs.list'],
  'jobs.get': ['bigquery.jobs.get'],
  'jobs.getQueryResults': ['bigquery.jobs.get'],
}

/** Of every call of the Storage Write API. https://docs.cloud.google.com/bigquery/docs/write-api#required_permissions [2026-11] */
export const writePermission = 'bigquery.tables.updateData'

/** @throws Error for a call that is in no table: a guess would be worth nothing. */
export function permissionsOf(calls: CallPermissions, call: string): readonly string[] {
  const permissions = calls[call]
  if (permissions) return permissions
  throw new Error(`what ${call} needs is not known: add it to scripts/local/permissions/call-permissions.ts`)
}
