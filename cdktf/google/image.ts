import { ArtifactRegistryRepository } from '@cdktf/provider-google/lib/artifact-registry-repository/index.js'
import { ArtifactRegistryRepositoryIamMember } from '@cdktf/provider-google/lib/artifact-registry-repository-iam-member/index.js'
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member/index.js'
import type { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js'
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { functionRegion } from '../../functions/config/locations.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Accounts } from './accounts.ts'

export interface ImageBuild {
  readonly repository: ArtifactRegistryRepository
  readonly granted: ITerraformDependable[]
}

/**
 * Where the function's images are kept, and what the account that builds them may do. The default build account has
 * no permissions in new organisations; the one of ours needs those of
 * https://cloud.google.com/functions/docs/securing/build-custom-sa [2026-11], on as little as they can be given.
 */
export function imageBuild(
  scope: Construct,
  bridge: Bridge,
  { build }: Accounts,
  source: StorageBucket,
  dependsOn: ITerraformDependable[],
): ImageBuild {
  const { project } = bridge.google
  const repository = new ArtifactRegistryRepository(scope, 'images', {
    project,
    location: functionRegion(bridge.google),
    repositoryId: `${bridge.name}-functions`,
    format: 'DOCKER',
    description: 'Images of the load function',
    ...(bridge.google.key && { kmsKeyName: bridge.google.key }),
    // To keep some deletes none of the others: https://docs.cloud.google.com/artifact-registry/docs/repositories/cleanup-policy-overview [2026-11]
    cleanupPolicyDryRun: false,
    cleanupPolicies: [
      { id: 'delete-old', action: 'DELETE', condition: { tagState: 'ANY', olderThan: `${30 * 86_400}s` } },
      { id: 'keep-recent', action: 'KEEP', mostRecentVersions: { keepCount: 5 } },
    ],
    dependsOn,
  })
  return {
    repository,
    granted: [
      new ArtifactRegistryRepositoryIamMember(scope, 'build-stores', {
        project,
        location: repository.location,
        repository: repository.name,
        member: build.member,
        role: 'roles/artifactregistry.writer',
      }),
      new ProjectIamMember(scope, 'build-logs', {
        project,
        member: build.member,
        role: 'roles/logging.logWriter',
      }),
      new StorageBucketIamMember(scope, 'build-reads', {
        bucket: source.name,
        member: build.member,
        role: 'roles/storage.objectViewer',
      }),
      // Cloud Functions copies the source to a bucket of its own before it builds.
      new ProjectIamMember(scope, 'build-reads-copy', {
        project,
        member: build.member,
        role: 'roles/storage.objectViewer',
        condition: {
          title: 'function-sources',
          expression: 'resource.name.startsWith("projects/_/buckets/gcf-v2-sources-")',
        },
      }),
    ],
  }
}
