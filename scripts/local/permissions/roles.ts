/**
 * What Google's own roles permit, of the services whose calls the bridge makes. Left out: folders, uploads by the XML
 * API, and looking up projects, which come with the roles on storage and secrets.
 *
 * https://docs.cloud.google.com/iam/docs/roles-permissions, one page a service [2026-11]
 */
export const predefinedRoles: Readonly<Record<string, readonly string[]>> = {
  'roles/storage.objectViewer': ['storage.objects.get', 'storage.objects.list'],
  'roles/storage.legacyBucketWriter': [
    'storage.buckets.get',
    'storage.objects.create',
    'storage.objects.delete',
    'storage.objects.list',
  ],
  'roles/storage.legacyObjectReader': ['storage.objects.get'],
  'roles/pubsub.publisher': ['pubsub.topics.publish'],
  'roles/pubsub.subscriber': [
    'pubsub.snapshots.seek',
    'pubsub.subscriptions.consume',
    'pubsub.topics.attachSubscription',
  ],
  'roles/run.invoker': ['run.jobs.run', 'run.routes.invoke'],
  'roles/iam.serviceAccountOpenIdTokenCreator': ['iam.serviceAccounts.getOpenIdToken'],
  'roles/secretmanager.secretAccessor': ['secretmanager.versions.access'],
  'roles/logging.logWriter': ['logging.logEntries.create', 'logging.logEntries.route'],
  'roles/artifactregistry.writer': [
    'artifactregistry.repositories.downloadArtifacts',
    'artifactregistry.repositories.uploadArtifacts',
  ],
}

/** @throws Error for a role whose permissions are not known here. */
export function permissionsOfRole(role: string): readonly string[] {
  const permissions = predefinedRoles[role]
  if (permissions) return permissions
  throw new Error(`what ${role} permits is not known: add it to scripts/local/permissions/roles.ts`)
}
