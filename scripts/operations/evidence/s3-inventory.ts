import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { z } from 'zod'
import { decompress } from '../../../functions/parse/reading/decompress.ts'
import { CommandError } from '../../commands/command-error.ts'
import type { Found } from './evidence.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html [2026-11] */
const manifestSchema = z.object({
  sourceBucket: z.string(),
  destinationBucket: z.string(),
  fileFormat: z.enum(['CSV', 'Parquet', 'ORC']),
  fileSchema: z.string(),
  files: z.array(z.object({ key: z.string() })),
})

/** A file of an inventory, and how it is read. */
interface InventoryFile {
  readonly uri: string
  readonly isParquet: boolean
  /** Names of the values, where the file itself has none. */
  readonly columns?: readonly string[]
  /** CSV of S3 Inventory has its keys as in a URL: of Athena and others, as they are. */
  readonly encodesKeys: boolean
}

/**
 * The current objects that inventories list: without a List call to the bucket that they are about.
 * @param uris each the `manifest.json` of an S3 Inventory; or a CSV with a header or a Parquet file, as an export of an S3
 *   Metadata table is. `s3://bucket/key`, or a path.
 * @throws CommandError for ORC, and for what is no inventory.
 */
export async function* inventoriedObjects(s3: S3Client, uris: readonly string[]): AsyncGenerator<Found> {
  for (const uri of uris) {
    for (const file of await filesOf(s3, uri)) {
      let line = 0
      for await (const row of file.isParquet ? parquetRows(s3, file.uri) : csvRows(s3, file)) {
        line += 1
        const found = readRow(row, file, line)
        if (found) yield found
      }
    }
  }
}

async function filesOf(s3: S3Client, uri: string): Promise<InventoryFile[]> {
  if (/\.orc$/i.test(uri)) throw noOrc(uri)
  if (/\.parquet$/i.test(uri)) return [{ uri, isParquet: true, encodesKeys: false }]
  if (!/\.json$/i.test(uri)) return [{ uri, isParquet: false, encodesKeys: false }]
  const chunks = await Array.fromAsync(await open(s3, uri))
  const parsed = manifestSchema.safeParse(parseJson(Buffer.concat(chunks).toString()))
  if (!parsed.success) throw new CommandError(`${uri} is no manifest of an S3 Inventory`)
  const { fileFormat, fileSchema, destinationBucket, files } = parsed.data
  if (fileFormat === 'ORC') throw noOrc(uri)
  const bucket = destinationBucket.replace(/^arn:[^:]+:s3:::/, '')
  const isParquet = fileFormat === 'Parquet'
  const columns = isParquet ? undefined : fileSchema.split(',').map((name) => name.trim())
  if (columns) checkColumns(uri, columns)
  return files.map(({ key }) => ({
    uri: `s3://${bucket}/${key}`,
    isParquet,
    encodesKeys: !isParquet,
    ...(columns && { columns }),
  }))
}

function noOrc(uri: string): CommandError {
  return new CommandError(
    `${uri} is in ORC, which is not read here: set the inventory to CSV or Parquet, and take its next list`,
  )
}

type Row = Readonly<Record<string, unknown>>

async function* csvRows(s3: S3Client, file: InventoryFile): AsyncGenerator<Row> {
  const text = Readable.from(decompress(await open(s3, file.uri)), { objectMode: false })
  let columns = file.columns
  let line = 0
  for await (const record of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    if (record === '') continue
    const values = valuesOf(record)
    if (!columns) {
      columns = values
      checkColumns(file.uri, columns)
      continue
    }
    if (values.length !== columns.length)
      throw new CommandError(
        `${file.uri}, line ${line}: ${values.length} values, and there are ${columns.length} columns`,
      )
    yield Object.fromEntries(columns.map((name, index) => [name, values[index]]))
  }
}

/** Values between commas, in quotes or not. */
function valuesOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare,
  )
}

async function* parquetRows(s3: S3Client, uri: string): AsyncGenerator<Row> {
  const file = await openRanges(s3, uri)
  const metadata = await parquetMetadataAsync(file)
  const names = parquetSchema(metadata).children.map(({ element }) => element.name)
  checkColumns(uri, names)
  const columns = names.filter((name) => fieldOf(name) !== undefined)
  let rowStart = 0
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows)
    yield* await parquetReadObjects({ file, metadata, compressors, columns, rowStart, rowEnd })
    rowStart = rowEnd
  }
}

/** What of an object is read, by the names that S3 Inventory and S3 Metadata have for it. */
const fields = {
  bucket: ['bucket'],
  key: ['key'],
  etag: ['etag', 'e_tag'],
  size: ['size'],
  uploadedAt: ['lastmodifieddate', 'last_modified_date'],
  storageClass: ['storageclass', 'storage_class'],
  isLatest: ['islatest', 'is_latest'],
  isDeleteMarker: ['isdeletemarker', 'is_delete_marker'],
} satisfies Readonly<Record<string, readonly string[]>>

type Field = keyof typeof fields

/** Without these an object is not known. @throws CommandError */
function checkColumns(uri: string, names: readonly string[]): void {
  const found = new Set(names.map(fieldOf))
  if (['bucket', 'key', 'etag', 'uploadedAt'].every((field) => found.has(field as Field))) return
  throw new CommandError(
    `${uri} needs the fields Bucket, Key, ETag and LastModifiedDate, and has ${names.join(', ')}: add them to the configuration of the inventory`,
  )
}

function fieldOf(name: string): Field | undefined {
  const known = Object.keys(fields) as Field[]
  return known.find((field) => fields[field].includes(name.toLowerCase()))
}

/** Undefined for versions that are not the current one. */
function readRow(row: Row, { uri, encodesKeys }: InventoryFile, line: number): Found | undefined {
  const found: Partial<Record<Field, unknown>> = {}
  for (const [name, value] of Object.entries(row)) {
    const field = fieldOf(name)
    if (field) found[field] = value
  }
  if (String(found.isLatest ?? true) === 'false' || String(found.isDeleteMarker ?? false) === 'true')
    return undefined
  const uploadedAt = timeOf(found.uploadedAt)
  const { bucket, key, etag, storageClass } = found
  const isWhole = typeof bucket === 'string' && typeof key === 'string' && typeof etag === 'string'
  if (!isWhole || Number.isNaN(uploadedAt))
    throw new CommandError(
      `${uri}, record ${line}: its bucket, key, ETag or LastModifiedDate is missing, or cannot be read`,
    )
  return {
    bucket,
    key: encodesKeys ? decodeURIComponent(key.replaceAll('+', ' ')) : key,
    evidence: {
      of: 's3',
      etag: etag.replaceAll('"', ''),
      bytes: Number(found.size ?? 0),
      uploadedAt,
      ...(typeof storageClass === 'string' && storageClass !== '' && { storageClass }),
    },
  }
}

/** A text of ISO 8601, with a blank for its `T` as Athena writes it; or a date. */
function timeOf(value: unknown): number {
  if (value instanceof Date) return value.getTime()
  const text = String(value).replace(' ', 'T')
  return Date.parse(/(Z|[+-]\d\d:?\d\d|UTC)$/.test(text) ? text.replace(/T?UTC$/, 'Z') : `${text}Z`)
}

async function open(s3: S3Client, uri: string): Promise<Readable> {
  const place = inS3(uri)
  if (!place) return createReadStream(uri)
  const { Body } = await s3.send(new GetObjectCommand(place))
  if (Body instanceof Readable) return Body
  throw new CommandError(`${uri} could not be read`)
}

/** A file of which parts are read: a whole inventory need not fit into memory. */
async function openRanges(s3: S3Client, uri: string): Promise<AsyncBuffer> {
  const place = inS3(uri)
  const byteLength = place
    ? ((await s3.send(new HeadObjectCommand(place))).ContentLength ?? 0)
    : (await stat(uri)).size
  const slice = async (start: number, end = byteLength): Promise<ArrayBuffer> => {
    const part = place
      ? (await s3.send(new GetObjectCommand({ ...place, Range: `bytes=${start}-${end - 1}` }))).Body
      : createReadStream(uri, { start, end: end - 1 })
    if (!(part instanceof Readable)) throw new CommandError(`${uri} could not be read`)
    return Uint8Array.from(Buffer.concat(await Array.fromAsync(part))).buffer
  }
  return { byteLength, slice }
}

function inS3(uri: string): { readonly Bucket: string; readonly Key: string } | undefined {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? []
  return Bucket === undefined || Key === undefined ? undefined : { Bucket, Key }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON: the schema says that it is no manifest.
    return undefined
  }
}
