import { PassThrough, pipeline, type Readable } from 'node:stream'
import { Storage } from '@google-cloud/storage'
import { Failure, messageOf } from '../model/failure.ts'
import type { LandedObject } from '../model/object.ts'
import type { ObjectStore } from '../parse/object-store.ts'

/** Cloud Storage over the official client, which checks the CRC32C of what it read. */
export class GcsObjectStore implements ObjectStore {
  readonly #client: Storage

  constructor(project: string) {
    this.#client = new Storage({ projectId: project })
  }

  read(object: LandedObject): Readable {
    const file = this.#client.bucket(object.bucket).file(object.name, { generation: object.generation })
    const bytes = file.createReadStream({ decompress: false })
    const out = new PassThrough()
    // Before pipeline listens, which would end `out` with the error as it is.
    bytes.on('error', (error) => out.destroy(failureOf(object, error)))
    // A reader that stops early destroys `out`, and pipeline the download with it.
    pipeline(bytes, out, () => undefined)
    return out
  }
}

function failureOf(object: LandedObject, error: Error): Failure {
  const where = `gs://${object.bucket}/${object.name}#${object.generation}`
  const missing = 'code' in error && Number(error.code) === 404
  if (!missing)
    return new Failure('system', 'parse', 'read_failed', `reading ${where}: ${messageOf(error)}`, error)
  return new Failure(
    'object',
    'parse',
    'object_missing',
    `${where} is gone: deleted or replaced since it was announced`,
    error,
  )
}
