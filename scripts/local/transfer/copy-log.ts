import { appendFileSync, createReadStream, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { jsonLine } from '../../json-line.ts'

const copyRecord = z.strictObject({
  /** `s3://bucket/key` */
  source: z.string(),
  /** `gs://bucket/object` */
  destination: z.string(),
  /** S3's, without quotes. Absent when the object was gone. */
  etag: z.string().optional(),
  bytes: z.number().int().nonnegative(),
  /** S3's eventTime; absent in a batch. All times are ISO 8601 with milliseconds. */
  uploadedAt: z.string().optional(),
  eventReceivedAt: z.string().optional(),
  copiedAt: z.string(),
  outcome: z.enum(['copied', 'skipped', 'failed']),
  error: z.string().optional(),
})

/** One copy action, as the service would write it to Cloud Logging. */
export type CopyRecord = z.infer<typeof copyRecord>

/** Appends copy actions to `<directory>/copies.ndjson`. On disk when `write` returns. */
export class CopyLog {
  readonly #path: string

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true })
    this.#path = copyLogPath(directory)
  }

  write(record: CopyRecord): void {
    appendFileSync(this.#path, jsonLine(record))
  }
}

/** Reads the copy actions of a directory, oldest first. Passes over a line that a kill has cut short. */
export async function* readCopyLog(directory: string): AsyncGenerator<CopyRecord> {
  if (!existsSync(copyLogPath(directory))) return
  const lines = createInterface({ input: createReadStream(copyLogPath(directory)) })
  for await (const line of lines) {
    const record = copyRecord.safeParse(parseJson(line))
    if (record.success) yield record.data
  }
}

function copyLogPath(directory: string): string {
  return join(directory, 'copies.ndjson')
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
