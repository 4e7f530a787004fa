import { Readable } from 'node:stream'
import { Storage } from '@google-cloud/storage'
import { withDeadline } from '../model/deadline.ts'
import { Failure, messageOf } from '../model/failure.ts'
import type { LandedObject } from '../model/object.ts'
import type { ObjectStore } from '../parse/reading/object-store.ts'
import { restError } from './rest-error.ts'

/** Milliseconds to wait for the next bytes. */
const defaultTimeoutMs = 20_000

/**
 * Cloud Storage over the official client, which checks the CRC32C of what it read. Its own retries are off: each
 * retry of a download leaves an error that nobody can catch, which ends the process.
 */
export class GcsObjectStore implements ObjectStore {
  readonly #client: Storage
  readonly #timeoutMs: number

  constructor(project: string, timeoutMs = defaultTimeoutMs) {
    this.#timeoutMs = timeoutMs
    this.#client = new Storage({ projectId: project, retryOptions: { autoRetry: false } })
  }

  read(object: LandedObject): Readable {
    const file = this.#client.bucket(object.bucket).file(object.name, { generation: object.generation })
    const download = file.createReadStream({ decompress: false })
    return Readable.from(bytesOf(download, object, this.#timeoutMs), { objectMode: false })
  }
}

async function* bytesOf(download: Readable, object: LandedObject, timeoutMs: number): AsyncGenerator<Buffer> {
  const where = `gs://${object.bucket}/${object.name}#${object.generation}`
  // An error after the last byte was taken must not end the process.
  download.on('error', () => undefined)
  let answered = false
  download.once('response', () => {
    answered = true
  })
  const chunks: AsyncIterator<Buffer> = download[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await withDeadline(chunks.next(), timeoutMs, where)
      if (next.done) return
      yield next.value
    }
  } catch (error) {
    throw failureOf(where, error)
  } finally {
    // When the answer comes after the download was destroyed, the client throws where nobody can catch it.
    if (answered) download.destroy()
    else download.once('response', () => setImmediate(() => download.destroy()))
  }
}

function failureOf(where: string, error: unknown): Failure {
  const missing = error instanceof Error && 'code' in error && Number(error.code) === 404
  if (!missing) {
    return new Failure(
      'system',
      'parse',
      'read_failed',
      `reading ${where}: ${messageOf(error)}`,
      restError(error),
    )
  }
  const what = `${where} is gone: deleted or replaced since it was announced`
  return new Failure('object', 'parse', 'object_missing', what, error)
}
