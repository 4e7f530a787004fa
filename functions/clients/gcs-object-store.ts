import { Readable } from 'node:stream'
import { Storage } from '@google-cloud/storage'
import { withDeadline } from '../model/deadline.ts'
import { Failure, messageOf } from '../model/failure.ts'
import type { LandedObject } from '../model/object.ts'
import type { ObjectStore } from '../parse/object-store.ts'

/** Milliseconds to wait for the next bytes. */
const patience = 20_000

/** Cloud Storage over the official client, which checks the CRC32C of what it read. */
export class GcsObjectStore implements ObjectStore {
  readonly #client: Storage

  constructor(project: string) {
    this.#client = new Storage({ projectId: project })
  }

  read(object: LandedObject): Readable {
    const file = this.#client.bucket(object.bucket).file(object.name, { generation: object.generation })
    return Readable.from(bytesOf(file.createReadStream({ decompress: false }), object), { objectMode: false })
  }
}

async function* bytesOf(download: Readable, object: LandedObject): AsyncGenerator<Buffer> {
  const where = `gs://${object.bucket}/${object.name}#${object.generation}`
  // An error after the last byte was taken must not end the process.
  download.on('error', () => undefined)
  const chunks: AsyncIterator<Buffer> = download[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await withDeadline(chunks.next(), patience, where)
      if (next.done) return
      yield next.value
    }
  } catch (error) {
    throw failureOf(where, error)
  } finally {
    download.destroy()
  }
}

function failureOf(where: string, error: unknown): Failure {
  const missing = error instanceof Error && 'code' in error && Number(error.code) === 404
  if (!missing) {
    return new Failure('system', 'parse', 'read_failed', `reading ${where}: ${messageOf(error)}`, error)
  }
  const what = `${where} is gone: deleted or replaced since it was announced`
  return new Failure('object', 'parse', 'object_missing', what, error)
}
