import { z } from 'zod'
import { formatNames } from '../parse/formats.ts'
import {
  awsDeployment,
  googleDeployment,
  labels,
  sourceDeployment,
  stateBackend,
  watch,
} from './deployment.ts'

const bucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no bucket name: 3-63 of a-z, 0-9, dot and dash')

/** BigQuery: letters, digits and underscores, up to 1,024; https://docs.cloud.google.com/bigquery/docs/datasets#dataset-naming */
const datasetName = z.string().regex(/^[A-Za-z0-9_]{1,1024}$/, 'is no dataset name: letters, digits and _')

const keyPart = z.string().refine((part) => !part.startsWith('/'), 'must not start with "/": S3 keys do not')

const appRule = z.union([
  z.strictObject({
    /** A column of the format, or a dotted path into `rest`. */
    field: z.string().min(1),
    /** The app is the first group of this expression, or its whole match; without it, the whole value. */
    match: z.instanceof(RegExp).optional(),
  }),
  z.strictObject({
    /** The app is the first group of this expression on the object key, or its whole match. */
    key: z.instanceof(RegExp),
  }),
])

const source = z.strictObject({
  /** The S3 bucket the logs are in. */
  bucket: bucketName,
  /** Only keys that start with this. */
  prefix: keyPart.default(''),
  /** Only keys that end with this. */
  suffix: z.string().default(''),
  /** How the lines are read. */
  format: z.enum(formatNames),
  /** Where a row's app is found. The format's own rule when absent. */
  app: appRule.optional(),
  /** The app of a row in which none is found. */
  defaultApp: z.string().min(1).default('unknown'),
  /** `tables`: one table an app. `cluster`: one table for the source, clustered by app. */
  split: z.enum(['tables', 'cluster']).default('tables'),
  /** At most so many tables for this source; rows of further apps go to `<source>_other`. */
  maxTables: z.int().min(1).max(5_000).default(200),
  ...sourceDeployment,
})

export const bridgeSchema = z.strictObject({
  /** Every resource's name begins with it. Another environment has another. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'is no name: a-z, 0-9 and single dashes')
    .max(20)
    .default('causeway'),
  aws: z.strictObject({
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is no AWS region, such as us-east-1'),
    ...awsDeployment,
  }),
  google: z.strictObject({
    project: z
      .string()
      .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'is no project id: 6-30 of a-z, 0-9 and dash'),
    /** BigQuery location of both datasets, such as `US` or `europe-west1`. */
    location: z.string().min(2),
    /** Where objects land between the clouds. */
    landingBucket: bucketName,
    /** Where the ledger is: what keeps every row from being loaded twice. Kept longer than any redelivery. */
    ledgerBucket: bucketName,
    ...googleDeployment,
  }),
  /** Dataset of the log tables. */
  dataset: datasetName.default('logs'),
  /** Dataset of the bridge's own tables, `objects` and `rejects`. */
  stateDataset: datasetName.default('causeway'),
  /** By name: a letter, then letters and digits, at most 31, as tables are named <source>_<app>. */
  sources: z.record(z.string(), source),
  watch,
  state: stateBackend,
  labels,
})

/** What a `bridge.config.ts` may say. */
export type BridgeInput = z.input<typeof bridgeSchema> & {
  /** What is different in another environment, by its name: given settings replace, sources one by one. */
  readonly environments?: Readonly<Record<string, EnvironmentInput>>
}
/** Settings of another environment; all are optional. */
export type EnvironmentInput = Partial<Omit<z.input<typeof bridgeSchema>, 'aws' | 'google' | 'sources'>> & {
  readonly [Part in 'aws' | 'google']?: Partial<z.input<typeof bridgeSchema>[Part]>
} & { readonly sources?: Readonly<Record<string, Partial<z.input<typeof source>>>> }
type ParsedBridge = z.output<typeof bridgeSchema>

/** One source, with every default filled in, and how it is deployed. */
export type DeployedSource = Readonly<ParsedBridge['sources'][string]> & { readonly name: string }
/** One source as the functions know it. */
export type Source = Omit<DeployedSource, keyof typeof sourceDeployment>
/** Where the app of a row is found. */
export type AppRule = z.output<typeof appRule>
/** A valid configuration, with every default filled in. */
export type Bridge = Readonly<Omit<ParsedBridge, 'sources'>> & {
  readonly sources: readonly DeployedSource[]
  /** The other environments of this configuration, by name. */
  readonly environments: Readonly<Record<string, Bridge>>
}
