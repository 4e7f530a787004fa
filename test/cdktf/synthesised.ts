import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bridgeApp } from '../../cdktf/app.ts'
import { addStacks } from '../../cdktf/stacks.ts'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import type { Bridge, BridgeInput } from '../../functions/config/schema.ts'

/** Terraform's JSON, as it was written. */
export interface Stack {
  readonly provider: Readonly<Record<string, readonly Attributes[]>>
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>
  readonly data?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>
  readonly output: Readonly<Record<string, { readonly value: unknown }>>
  readonly terraform: Attributes
  readonly import?: readonly Attributes[]
}

/** The shape is Terraform's; tests name what they expect of it. */
export type Attributes = Readonly<Record<string, unknown>>

/** A configuration with nothing left to ask a cloud for, and each way a bucket's uploads can be announced. */
export const everything: BridgeInput = {
  aws: {
    region: 'eu-west-1',
    account: '123456789012',
    queueKey: 'arn:aws:kms:eu-west-1:123456789012:key/queues',
  },
  google: {
    project: 'example-project',
    location: 'EU',
    landingBucket: 'example-landing',
    ledgerBucket: 'example-ledger',
    transferSubjectId: '100000000000000000001',
    lanes: { bulk: { maxInstances: 3 } },
    logDays: 90,
  },
  watch: { emails: ['oncall@example.com'] },
  sources: {
    alb: { bucket: 'example-alb', prefix: 'AWSLogs/', suffix: '.log.gz', format: 'alb', makeBucket: true },
    ecs: {
      bucket: 'example-ecs',
      format: 'json-lines',
      notification: 'eventbridge',
      prefix: 'ecs/',
      suffix: '.gz',
    },
    web: {
      bucket: 'example-web',
      format: 'json-lines',
      split: 'cluster',
      notification: { sns: 'arn:aws:sns:eu-west-1:123456789012:uploads' },
      bucketKey: 'arn:aws:kms:eu-west-1:123456789012:key/web',
    },
    old: {
      bucket: 'example-old',
      format: 'json-lines',
      lane: 'bulk',
      notification: {
        adopt: {
          queues: [
            { arn: 'arn:aws:sqs:eu-west-1:123456789012:batch', events: ['s3:ObjectCreated:*'], prefix: 'x/' },
          ],
        },
      },
    },
    hand: { bucket: 'example-hand', format: 'json-lines' },
  },
  environments: {
    staging: {
      google: {
        project: 'example-project',
        landingBucket: 'example-landing-staging',
        ledgerBucket: 'example-ledger-staging',
        deletionProtection: false,
      },
      dataset: 'logs_staging',
      stateDataset: 'causeway_staging',
      sources: { alb: { bucket: 'example-alb-staging' }, old: { notification: 'manual' } },
    },
  },
}

/** Both stacks of a configuration, as Terraform would read them. */
export function synthesise(config: BridgeInput | Bridge): { aws: Stack; google: Stack; text: string } {
  const bridge = Array.isArray(config.sources) ? (config as Bridge) : defineBridge(config as BridgeInput)
  const directory = mkdtempSync(join(tmpdir(), 'causeway-synth-'))
  try {
    const zip = join(directory, 'load.zip')
    writeFileSync(zip, 'a bundle')
    const app = bridgeApp(join(directory, 'out'))
    addStacks(app, bridge, zip)
    app.synth()
    const read = (cloud: string) =>
      readFileSync(join(directory, 'out/stacks', `${bridge.name}-${cloud}`, 'cdk.tf.json'), 'utf8')
    const [aws, google] = [read('aws'), read('google')]
    return { aws: JSON.parse(aws), google: JSON.parse(google), text: `${aws}\n${google}` }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** All resources of a type, by id. */
export function all(stack: Stack, type: string): Readonly<Record<string, Attributes>> {
  return stack.resource[type] ?? {}
}

/** One resource; the test fails when it is not there. */
export function one(stack: Stack, type: string, id: string): Attributes {
  const found = all(stack, type)[id]
  if (!found) throw new Error(`no ${type}.${id}; there are: ${Object.keys(all(stack, type)).join(', ')}`)
  return found
}

/** How Terraform's JSON refers to an attribute. */
export function ref(path: string): string {
  return `\${${path}}`
}
