import { z } from 'zod'
import { longestApp } from '../model/app-name.ts'
import type { ColumnType } from '../model/column.ts'
import { type FormatName, formatNames } from '../parse/formats.ts'
import {
  awsDeployment,
  googleDeployment,
  labels,
  sourceDeployment,
  stateBackend,
  watch,
} from './deployment.ts'
import { formatSettings } from './format-settings.ts'
import type { AppFunction, DeclaredColumns, Filter, MappedOf, Mapper, SourceRow } from './log-row.ts'

const bucketName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'is no bucket name: 3-63 of a-z, 0-9, dot and dash, without s3:// or gs://',
  )

/** BigQuery: letters, digits and underscores, up to 1,024; https://docs.cloud.google.com/bigquery/docs/datasets#dataset-naming */
const datasetName = z.string().regex(/^[A-Za-z0-9_]{1,1024}$/, 'is no dataset name: letters, digits and _')

const keyPart = z.string().refine((part) => !part.startsWith('/'), 'must not start with "/": S3 keys do not')

/** Functions are checked for being functions; what they take and give, TypeScript checks. */
function synchronous<T>(): z.ZodType<T, T> {
  return z.custom<T>(
    (value) => typeof value === 'function' && value.constructor.name === 'Function',
    'must be a function, such as (row) => ..., and not an async one or a generator: rows are not waited for',
  )
}

const columnType = z.enum([
  'STRING',
  'INT64',
  'FLOAT64',
  'BOOL',
  'TIMESTAMP',
  'JSON',
] as const satisfies ColumnType[])

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

export const sourceSchema = z.strictObject({
  /** The S3 bucket the logs are in. */
  bucket: bucketName,
  /** Only keys that start with this. */
  prefix: keyPart.default(''),
  /** Only keys that end with this. */
  suffix: z.string().default(''),
  /** How the lines are read. When absent, detected by each object's key and first bytes: each format has its own tables. */
  format: z.enum(formatNames).optional(),
  ...formatSettings,
  /** Where a row's app is found. The format's own rule when absent. */
  app: z.union([appRule, synchronous<AppFunction>()]).optional(),
  /** The app of a row in which none is found. */
  defaultApp: z
    .string()
    .min(1)
    .max(longestApp, `is longer than an app's name may be: shorten it to ${longestApp} characters`)
    .default('unknown'),
  /** `tables`: one table an app. `cluster`: one table for the source, clustered by app. */
  split: z.enum(['tables', 'cluster']).default('tables'),
  /** At most so many tables for this source; rows of further apps go to `<source>_other`. */
  maxTables: z.int().min(1).max(5_000).default(200),
  /** Columns beside those of the format, which the source must name: filled from fields of that name, or by `map`. */
  columns: z.record(z.string(), columnType).optional(),
  /**
   * What becomes of a field that has no column. `keep`, as when absent: it is kept in `rest`. `discard`: it is dropped,
   * and counted. `evolve`: it becomes a column of its first value's type, which tables get as rows need it; functions
   * see it in `rest`. A value that does not fit its column is in `rest` in any case.
   */
  contract: z
    .enum(['keep', 'discard', 'evolve'], {
      error: ({ input }) => (input === 'freeze' ? 'freeze is called keep now: write keep' : undefined),
    })
    .optional(),
  /**
   * Values taken out of a row before anything else sees it: `drop`, `hash` (HMAC-SHA-256 with the key
   * CAUSEWAY_HASH_KEY) or `mask`. By column, or by path of a field, as the table or the log spells it. The source must
   * name its format.
   */
  redact: z.record(z.string(), z.enum(['drop', 'hash', 'mask'])).optional(),
  /** True keeps the line. */
  filter: synchronous<Filter>().optional(),
  /** The rows a line becomes. */
  map: synchronous<Mapper>().optional(),
  /** The share of lines kept, by the object's URI and the line's number: the same ones each time. */
  sample: z
    .number()
    .refine((share) => share >= 0 && share <= 1, 'must be a share from 0 to 1, such as 0.1')
    .optional(),
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
    /** Where the ledger is: what keeps every row from being loaded twice. Kept for ever, or `ledgerDays`. */
    ledgerBucket: bucketName,
    ...googleDeployment,
  }),
  /** Dataset of the log tables. */
  dataset: datasetName.default('logs'),
  /** Dataset of the bridge's own tables, `objects` and `rejects`. */
  stateDataset: datasetName.default('causeway'),
  /** By name: a letter, then letters and digits, at most 31, as tables are named <source>_<app>. */
  sources: z.record(z.string(), sourceSchema),
  watch,
  state: stateBackend,
  labels,
})

type ParsedBridge = z.output<typeof bridgeSchema>
type SourceSettings = z.input<typeof sourceSchema>

type PlainSettings = Omit<SourceSettings, 'format' | 'columns' | 'app' | 'filter' | 'map'>

/** What a source may say. Its functions see the columns of its format, and those it declares, with their types. */
export type SourceInput<
  Format extends FormatName = FormatName,
  Declared = DeclaredColumns,
> = PlainSettings & {
  readonly format?: Format
  readonly columns?: Declared
  readonly app?: z.input<typeof appRule> | AppFunction<SourceRow<Format, Declared>>
  readonly filter?: Filter<SourceRow<Format, Declared>>
  readonly map?: Mapper<SourceRow<Format, Declared>, MappedOf<Format, Declared>>
}

/** A source of which only one setting matters, so that TypeScript finds it without the others. */
type Only<Setting extends keyof SourceInput, Value> = { readonly [S in Setting]?: Value } & {
  readonly [Other in Exclude<keyof SourceInput, Setting>]?: unknown
}

/** A source's format as written. Where there is no such format, TypeScript lists those there are. */
type Detected<Format> = Format extends FormatName ? Format : unknown

/** Any format, unless it is known which. */
type Known<Format> = Format extends FormatName ? Format : FormatName

/** What a `bridge.config.ts` may say, given each source's format, if it has one, and the columns it declares. */
export type BridgeInput<
  Formats = Record<string, FormatName>,
  Declared = Record<string, DeclaredColumns>,
> = Omit<z.input<typeof bridgeSchema>, 'sources'> & {
  readonly sources: {
    readonly [Name in keyof Formats]: SourceInput<
      Known<Formats[Name]>,
      Name extends keyof Declared ? Declared[Name] : unknown
    >
  } & { readonly [Name in keyof Formats]: Only<'format', Detected<Formats[Name]>> } & {
    readonly [Name in keyof Declared]: Only<'columns', Declared[Name] & DeclaredColumns>
  }
  /** What is different in another environment, by its name: given settings replace, sources one by one. */
  readonly environments?: Readonly<Record<string, EnvironmentInput>>
}

/** Settings of another environment; all are optional. */
export type EnvironmentInput = Partial<Omit<z.input<typeof bridgeSchema>, 'aws' | 'google' | 'sources'>> & {
  readonly [Part in 'aws' | 'google']?: Partial<z.input<typeof bridgeSchema>[Part]>
} & { readonly sources?: Readonly<Record<string, Partial<SourceInput>>> }

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
