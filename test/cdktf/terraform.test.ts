import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, describe, expect, test } from 'vitest'
import type { BridgeInput } from '../../functions/config/schema.ts'
import { startAwsEmulator } from './aws-emulator/emulator.ts'
import { startProject } from './google-project.ts'
import { type Attributes, everything, synthesise } from './synthesised.ts'
import { findTerraform, Terraform } from './terraform.ts'

const directory = mkdtempSync(join(tmpdir(), 'causeway-terraform-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** Whichever release the mirror has: the stack uses nothing that came later. */
const anyRelease = '>= 5.100.0'

/** A directory with a stack that keeps its state beside itself. */
function written(config: BridgeInput, cloud: 'aws' | 'google', provider: Attributes = {}): string {
  const place = mkdtempSync(join(directory, `${cloud}-`))
  const stack = synthesise(config)[cloud]
  const [block] = stack.provider[cloud] ?? []
  const backend = { local: { path: join(place, 'terraform.tfstate') } }
  writeFileSync(
    join(place, 'cdk.tf.json'),
    JSON.stringify(
      {
        ...stack,
        provider: { ...stack.provider, [cloud]: [{ ...block, ...provider }] },
        terraform: { ...stack.terraform, backend },
      },
      undefined,
      1,
    ),
  )
  return place
}

describe.each(['aws', 'google'] as const)('terraform validate, %s', (cloud) => {
  const terraform = findTerraform(cloud)
  const missing = 'missing' in terraform ? terraform.missing : ''

  test.skipIf(missing !== '')(missing || 'accepts the stack', { timeout: 120_000 }, async () => {
    if ('missing' in terraform) return
    const config = {
      ...everything,
      aws: { ...everything.aws, provider: { version: anyRelease } },
    }
    const command = new Terraform(written(config, cloud), terraform.mirror)
    await command.run('init', '-input=false')
    expect(await command.run('validate')).toContain('The configuration is valid')
  })
})

describe('terraform plan, google', () => {
  const terraform = findTerraform('google')
  const missing = 'missing' in terraform ? terraform.missing : ''

  test.skipIf(missing !== '')(
    missing || 'wants nothing of a project but what exists in each, and adds all there is',
    { timeout: 300_000 },
    async () => {
      if ('missing' in terraform) return
      const project = await startProject(everything.google.project)
      try {
        const place = written(everything, 'google', {
          resource_manager_custom_endpoint: `${project.url}/`,
          service_usage_custom_endpoint: `${project.url}/`,
          cloud_billing_custom_endpoint: `${project.url}/`,
        })
        const command = new Terraform(place, terraform.mirror)
        await command.run('init', '-input=false')
        const { resource } = synthesise(everything).google
        const wanted = Object.values(resource).flatMap((named) => Object.keys(named)).length
        const planned = await command.run('plan', '-input=false')
        expect(planned).toMatch(new RegExp(`Plan: ${wanted} to add, 0 to change, 0 to destroy`))
        expect(project.asked()).not.toContain('POST')
      } finally {
        await project.stop()
      }
    },
  )
})

describe('terraform apply on an AWS API emulator', () => {
  const terraform = findTerraform('aws')
  const missing = 'missing' in terraform ? terraform.missing : ''

  // Terraform waits half a minute for each change of a queue to hold: some four in all.
  test.skipIf(missing !== '')(
    missing || 'makes what announces an upload, and destroy leaves nothing',
    { timeout: 600_000 },
    async () => {
      if ('missing' in terraform) return
      const emulator = await startAwsEmulator(mkdtempSync(join(directory, 'emulator-')))
      try {
        const command = new Terraform(written(emulated(emulator.url), 'aws'), terraform.mirror)
        await command.run('init', '-input=false')
        await command.run('apply', '-input=false', '-auto-approve')
        expect(emulator.inventory()).toEqual(
          expect.arrayContaining(['queue causeway-alb', 'bucket example-alb', 'role causeway-alb-transfer']),
        )
        expect(await command.run('plan', '-input=false')).toContain('No changes')

        await put(emulator.url, 'example-alb', 'AWSLogs/a b.log.gz')
        await put(emulator.url, 'example-alb', 'elsewhere/c.log.gz')
        const events = (await receive(emulator.url, 'causeway-alb')).map((body) => JSON.parse(body))
        expect(events).toContainEqual(
          expect.objectContaining({ Event: 's3:TestEvent', Bucket: 'example-alb' }),
        )
        const keys = events.flatMap(({ Records = [] }) => Records.map(({ s3 }: S3Record) => s3.object.key))
        expect(keys).toEqual(['AWSLogs/a+b.log.gz'])

        // Terraform does not delete what it did not make: a bucket with logs in it stays.
        await empty(emulator.url, 'example-alb', ['AWSLogs/a b.log.gz', 'elsewhere/c.log.gz'])
        await command.run('destroy', '-input=false', '-auto-approve')
        expect(emulator.inventory()).toEqual([])
      } finally {
        await emulator.stop()
      }
    },
  )
})

interface S3Record {
  readonly s3: { readonly object: { readonly key: string } }
}

/** A bucket made here, with nothing in it that stops its removal; every service at one address. */
function emulated(url: string): BridgeInput {
  const services = ['s3', 'sqs', 'iam', 'sts', 'cloudwatch']
  return {
    ...everything,
    watch: {},
    aws: {
      region: 'us-east-1',
      account: '000000000000',
      provider: {
        version: anyRelease,
        endpoints: Object.fromEntries(services.map((service) => [service, url])),
      },
    },
    google: { ...everything.google, lanes: {} },
    sources: {
      alb: { bucket: 'example-alb', prefix: 'AWSLogs/', suffix: '.log.gz', format: 'alb', makeBucket: true },
    },
    environments: {},
  }
}

const client = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }

async function put(endpoint: string, Bucket: string, Key: string): Promise<void> {
  const s3 = new S3Client({ ...client, endpoint, forcePathStyle: true })
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'a line\n' }))
  s3.destroy()
}

async function empty(endpoint: string, Bucket: string, keys: readonly string[]): Promise<void> {
  const s3 = new S3Client({ ...client, endpoint, forcePathStyle: true })
  for (const Key of keys) await s3.send(new DeleteObjectCommand({ Bucket, Key }))
  s3.destroy()
}

async function receive(endpoint: string, QueueName: string): Promise<string[]> {
  const sqs = new SQSClient({ ...client, endpoint, useQueueUrlAsEndpoint: false })
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }))
  const bodies: string[] = []
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    )
    if (Messages.length === 0) break
    bodies.push(...Messages.map(({ Body = '' }) => Body))
  }
  sqs.destroy()
  return bodies
}
