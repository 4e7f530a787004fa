/** Settings that a cloud would refuse or ignore at deployment, as faults with their paths. */
import { landingName, liveLane } from '../model/landing-name.ts'
import { formats } from '../parse/formats.ts'
import { keyFaults } from './keys.ts'
import type { Bridge, DeployedSource } from './schema.ts'

export function refusedSettings({ google, sources }: Omit<Bridge, 'environments'>): string[] {
  const lanes = Object.entries(google.lanes).filter(([name]) => name !== liveLane)
  return [
    ...functionFaults('google.function', google.function),
    ...lanes.flatMap(([name, capacity]) => functionFaults(`google.lanes.${name}`, capacity)),
    ...keyFaults(google),
    ...sources.flatMap(sourceFaults),
  ]
}

type Capacity = Bridge['google']['function']

/** Memory that 4 CPUs ask for; https://docs.cloud.google.com/run/docs/configuring/services/cpu [2026-11] */
const tooLittleForFour: readonly Capacity['memory'][] = ['512Mi', '1Gi']

function functionFaults(path: string, { cpu, memory, minInstances, maxInstances }: Capacity): string[] {
  return [
    ...(cpu === '4' && tooLittleForFour.includes(memory)
      ? [
          `${path}.memory: Cloud Run gives 4 CPUs no less than 2Gi, and this is ${memory}; raise it or lower cpu`,
        ]
      : []),
    ...(minInstances > maxInstances
      ? [`${path}.minInstances: is more than maxInstances (${maxInstances}); lower it or raise that`]
      : []),
  ]
}

/** Bytes of an object's name; https://docs.cloud.google.com/storage/docs/objects#naming [2026-11] */
const longestName = 1_024

function sourceFaults({
  name,
  bucket,
  prefix,
  lane,
  format,
  makeBucket,
  bucketKey,
}: DeployedSource): string[] {
  const delivery = format ? formats[format].delivery : 'none'
  const bytes = Buffer.byteLength(landingName(bucket, prefix, lane))
  return [
    ...(makeBucket && bucketKey && delivery !== 'none' && !delivery.takesKmsKeys
      ? [
          `sources.${name}.bucketKey: AWS delivers ${format} logs to no bucket with a key of KMS; leave it out`,
        ]
      : []),
    ...(bytes >= longestName
      ? [
          `sources.${name}.prefix: copies are named ${landingName(bucket, '', lane)}<key> in at most ${longestName} bytes, and the prefix alone makes ${bytes}; shorten it`,
        ]
      : []),
  ]
}
