import { CloudRunV2ServiceIamMember } from '@cdktf/provider-google/lib/cloud-run-v2-service-iam-member/index.js'
import { Cloudfunctions2Function } from '@cdktf/provider-google/lib/cloudfunctions2-function/index.js'
import type { StorageBucketObject } from '@cdktf/provider-google/lib/storage-bucket-object/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { answerSeconds } from '../../functions/config/answer-time.ts'
import { functionRegion } from '../../functions/config/locations.ts'
import { functionName, functionNodeOptions } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Accounts } from './accounts.ts'
import { hashKeyVariable } from './hash-key.ts'
import type { ImageBuild } from './image.ts'
import { instancesOf, type Lane } from './lanes.ts'

/**
 * The load function of a lane. It has no trigger: a trigger's subscription is made by Eventarc, which gives up after a
 * day and cannot have dead letters; ours calls it by HTTP. Cloud Functions and not bare Cloud Run, because
 * it builds the image: nobody needs a container registry or a container tool.
 */
export function loadFunction(
  scope: Construct,
  bridge: Bridge,
  lane: Lane,
  parts: {
    accounts: Accounts
    image: ImageBuild
    source: StorageBucketObject
    ready: ITerraformDependable[]
  },
): Cloudfunctions2Function {
  const { accounts, image, source, ready } = parts
  const { project } = bridge.google
  const { memory, cpu, concurrency, maxInstances, minInstances } = lane.capacity
  const made = new Cloudfunctions2Function(scope, `load-${lane.name}`, {
    project,
    name: functionName(bridge, lane.name),
    location: functionRegion(bridge.google),
    description: 'Causeway: loads landed objects into BigQuery',
    ...(bridge.google.key && { kmsKeyName: bridge.google.key }),
    buildConfig: {
      runtime: 'nodejs24',
      entryPoint: 'load',
      serviceAccount: accounts.build.id,
      dockerRepository: image.repository.id,
      source: { storageSource: { bucket: source.bucket, object: source.name } },
    },
    serviceConfig: {
      serviceAccountEmail: accounts.load.email,
      availableMemory: memory,
      availableCpu: cpu,
      maxInstanceRequestConcurrency: concurrency,
      maxInstanceCount: maxInstances,
      minInstanceCount: minInstances,
      timeoutSeconds: answerSeconds,
      // Pub/Sub of this project counts as internal; nothing else reaches it.
      ingressSettings: 'ALLOW_INTERNAL_ONLY',
      allTrafficOnLatestRevision: true,
      secretEnvironmentVariables: hashKeyVariable(bridge),
      environmentVariables: {
        CAUSEWAY_MAX_INSTANCES: String(instancesOf(bridge)),
        LOG_LEVEL: 'info',
        NODE_OPTIONS: functionNodeOptions,
      },
    },
    dependsOn: ready,
  })
  return made
}

/** Lets Pub/Sub, and nobody else, call a lane's function. */
export function pushPermission(
  scope: Construct,
  made: Cloudfunctions2Function,
  lane: Lane,
  { push }: Accounts,
) {
  return new CloudRunV2ServiceIamMember(scope, `push-calls-${lane.name}`, {
    project: made.project,
    location: made.location,
    // The service behind a function has its name.
    name: made.name,
    member: push.member,
    role: 'roles/run.invoker',
  })
}
