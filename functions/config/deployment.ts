/** What a configuration may say of the clouds it is deployed to. Only the infrastructure reads these. */
import { z } from 'zod'

const arnOf = (service: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:aws[a-z-]*:${service}:`), `is no ARN of ${service}, arn:aws:${service}:...`)

/** https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html [2026-11] */
const kmsKey = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
    'is no ARN of a key, arn:aws:kms:<region>:<account>:key/<id>; IAM policies take no alias for one',
  )
  .optional()

/** Another place and release of a provider: an emulator, say. */
const provider = z
  .strictObject({
    /** In place of the release the bindings were made for. */
    version: z.string().optional(),
    /** Address by service, as the Terraform provider names it. */
    endpoints: z.record(z.string(), z.url({ protocol: /^https?$/ })).default({}),
  })
  .default({ endpoints: {} })

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-enable-disable-notification-intro.html [2026-11] */
const carriedOver = z.strictObject({
  arn: z.string().startsWith('arn:aws'),
  id: z.string().optional(),
  events: z.array(z.string().startsWith('s3:')).min(1),
  prefix: z.string().default(''),
  suffix: z.string().default(''),
})

const carriedOvers = z.array(carriedOver).default([])

export const sourceDeployment = {
  /** Makes the bucket. By default it exists, and stays whoever's it is. */
  makeBucket: z.boolean().default(false),
  /** The key the bucket is encrypted with, when it is one of KMS. */
  bucketKey: kmsKey,
  /**
   * How uploads to a bucket that exists reach the queue. S3 holds one notification configuration a bucket, and
   * writing it replaces what is there; so `manual`, the default, leaves it to you.
   * `eventbridge`: by a rule on the bucket's EventBridge events. `{ sns }`: from a topic the bucket publishes to.
   * `{ adopt }`: Terraform imports the configuration and owns it from then on; list what must stay.
   */
  notification: z
    .union([
      z.enum(['manual', 'eventbridge']),
      z.strictObject({ sns: arnOf('sns') }),
      z.strictObject({
        adopt: z.strictObject({
          queues: carriedOvers,
          topics: carriedOvers,
          functions: carriedOvers,
          eventbridge: z.boolean().default(false),
        }),
      }),
    ])
    .optional(),
  /** Whose function instances load it: `live`, or one of `google.lanes`. It can be changed at any time. */
  lane: z.string().default('live'),
  /** Minutes from upload to query that 95 of 100 objects must keep to. */
  freshMinutes: z.int().min(1).max(1_440).default(15),
}

export const awsDeployment = {
  /** Twelve digits. When absent, each stack asks AWS whose credentials it has. */
  account: z
    .string()
    .regex(/^\d{12}$/, 'is no AWS account: 12 digits')
    .optional(),
  /** Encrypts the queues; SQS's own key when absent. Output `next_steps` says whom its policy must let use it. */
  queueKey: kmsKey,
  /** Topics that alarms go to, besides the addresses of `watch.emails`. */
  alarmTopics: z.array(arnOf('sns')).default([]),
  provider,
}

/** Fits the load function: it holds 64 MB of rows, reads 8 objects at a time, and lets more wait. */
const loadFunction = z
  .strictObject({
    /** Of one instance. */
    memory: z.enum(['512Mi', '1Gi', '2Gi', '4Gi']).default('1Gi'),
    cpu: z.enum(['1', '2', '4']).default('1'),
    /** Messages one instance works on at a time: those that arrive together share a commit. */
    concurrency: z.int().min(1).max(1_000).default(16),
    /** A cap that is too low makes messages come back again and again. */
    maxInstances: z.int().min(1).max(1_000).default(10),
    minInstances: z.int().min(0).max(1_000).default(0),
  })
  .prefault({})

const cloudKey = z
  .string()
  .regex(
    /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/,
    'is no key of Cloud KMS: projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>',
  )
  .optional()

const days = (least: number, fallback: number) => z.int().min(least).max(3_650).default(fallback)

export const googleDeployment = {
  /** Of the function and both buckets; chosen from `location` when absent. */
  region: z
    .string()
    .regex(/^[a-z]+-[a-z]+\d+$/, 'is no Google Cloud region, such as us-central1')
    .optional(),
  /** `subject_id` of the project's transfer service agent, an output of the Google stack; looked up when absent. */
  transferSubjectId: z.string().regex(/^\d+$/, 'is no subject id: digits').optional(),
  function: loadFunction,
  /** Functions of their own, by name, for sources that must not hold up others. Empty one before it is removed. */
  lanes: z.record(z.string(), loadFunction).default({}),
  /** How long copies are kept between the clouds, and with them messages that were given up on (31 at most). */
  landingDays: days(7, 35),
  /**
   * How long the bridge remembers what it loaded; for ever when absent. What is forgotten and comes again is loaded
   * again. An object's entry takes about a kilobyte: of a million objects a day, a year's are 365 GB, $7 a month
   * ($0.02/GB). Writing them costs $10 a day.
   */
  ledgerDays: z.int().min(60).max(3_650).optional(),
  /** How long `objects` and `rejects` keep a row. */
  stateDays: days(1, 400),
  /** How long log tables keep a row; for ever when absent. */
  logDays: z.int().min(1).max(36_500).optional(),
  /**
   * Name of a secret in the project's Secret Manager, which you make: its latest version is the key of sources that
   * redact to hashes. It never passes through Terraform.
   */
  hashKeySecret: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,255}$/, 'is no name of a secret')
    .optional(),
  /**
   * Who may read the log tables, and nothing else, besides the owners of the project: `group:`, `user:`, `domain:`,
   * `serviceAccount:`, `principal://` or `principalSet://`. Viewers and editors of the project do not, as such.
   */
  readers: z
    .array(
      z
        .string()
        .regex(
          /^((user|group|serviceAccount):[^@\sA-Z]+@[^@\sA-Z]+|domain:[a-z0-9.-]+|principal(Set)?:\/\/\S+)$/,
          'is no member, such as group:analysts@example.com, in small letters',
        ),
    )
    .default([]),
  /**
   * A key of Cloud KMS in `region`: encrypts buckets, messages, images and, where they are in that region, datasets.
   * To be set before the first deployment: tables and images stay as they were made.
   */
  key: cloudKey,
  /** Encrypts the datasets where `location` has several regions: a key in `us` or `europe`. */
  datasetKey: cloudKey,
  /**
   * Takes over the datasets, tables and buckets of these names that are there, as after a bridge was destroyed and its
   * data kept. Otherwise a deployment fails at them.
   */
  adopt: z.boolean().default(false),
  /** Refuses to delete tables. */
  deletionProtection: z.boolean().default(true),
  provider,
}

/** Who is told when something is wrong, and of what. */
export const watch = z
  .strictObject({
    emails: z.array(z.email()).default([]),
    /** Notification channels of Cloud Monitoring that exist: projects/<project>/notificationChannels/<id>. */
    channels: z
      .array(z.string().regex(/^projects\/[^/]+\/notificationChannels\/\d+$/, 'is no notification channel'))
      .default([]),
    /** Share of an hour's lines in `rejects`. */
    rejectsRatio: z.number().gt(0).lte(1).default(0.05),
    /** Hours without an object after which a source that had some is reported. */
    silentHours: z.int().min(1).max(23).default(6),
  })
  .prefault({})

const word = /^[A-Za-z0-9._/-]+$/

/** Where Terraform keeps its state. Locally unless this says otherwise. Credentials come from the environment. */
export const stateBackend = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('local') }),
    z.strictObject({
      kind: z.literal('s3'),
      bucket: z.string().regex(word),
      region: z.string().regex(word),
      prefix: z.string().regex(word).default('causeway'),
    }),
    z.strictObject({
      kind: z.literal('gcs'),
      bucket: z.string().regex(word),
      prefix: z.string().regex(word).default('causeway'),
    }),
  ])
  .default({ kind: 'local' })

/** Labels in Google Cloud, tags in AWS: the stricter rules of the former hold for both. */
export const labels = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, 'is no label: a-z, then a-z, 0-9, _ and -'),
    z.string().regex(/^[a-z0-9_-]{0,63}$/, 'is no label value: a-z, 0-9, _ and -'),
  )
  .default({})
