import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { attributesSchema } from './attributes.ts'
import type { Checksums, Contents } from './contents.ts'
import { invalid, required } from './error.ts'
import { bodyOf, type GcsRequest, json, parseJson, type Reply, readJson } from './http.ts'
import { readMultipart } from './multipart.ts'
import type { Objects } from './objects.ts'
import { preconditionsOf } from './preconditions.ts'
import { objectResource, type StoredObject } from './stored-object.ts'
import type { Upload } from './upload-sessions.ts'

const metadataSchema = attributesSchema.extend({
  name: z.string().optional(),
  md5Hash: z.string().optional(),
  crc32c: z.string().optional(),
})
type Metadata = z.infer<typeof metadataSchema>

/** objects.insert in one request: `uploadType` media and multipart. Nothing exists until every byte is here. */
export class Uploads {
  readonly #contents: Contents
  readonly #objects: Objects
  readonly #origin: string

  constructor(contents: Contents, objects: Objects, origin: string) {
    this.#contents = contents
    this.#objects = objects
    this.#origin = origin
  }

  async insert(request: GcsRequest): Promise<Reply> {
    const type = request.query.get('uploadType')
    if (type === 'media') return this.#media(request)
    if (type === 'multipart') return this.#multipart(request)
    throw type ? invalid(`Invalid uploadType: ${type}`) : required('uploadType')
  }

  /**
   * Checks the bytes received against what the caller expects of them, and makes them an object.
   * What `alongside` writes is written in the same atomic step.
   */
  async complete(
    id: string,
    upload: Upload,
    hashHeader: unknown,
    alongside: (resource: unknown) => void = () => undefined,
  ): Promise<unknown> {
    const checksums = await this.#contents.checksums(id)
    requireChecksums(checksums, { ...upload.expected, ...hashesIn(hashHeader) })
    const resourceOf = (object: StoredObject) => objectResource(object, this.#origin)
    const object = this.#objects.insert(upload, id, checksums, upload.attributes, (inserted) =>
      alongside(resourceOf(inserted)),
    )
    return resourceOf(object)
  }

  async #media(request: GcsRequest): Promise<Reply> {
    const contentType = request.incoming.headers['content-type']
    return this.#receive(request, uploadOf(request, {}, contentType), bodyOf(request.incoming))
  }

  async #multipart(request: GcsRequest): Promise<Reply> {
    const { incoming } = request
    const { metadata, contentType, media } = await readMultipart(
      bodyOf(incoming),
      incoming.headers['content-type'],
    )
    return this.#receive(request, uploadOf(request, parseJson(metadata, metadataSchema), contentType), media)
  }

  async #receive({ incoming }: GcsRequest, upload: Upload, bytes: AsyncIterable<Buffer>): Promise<Reply> {
    this.#objects.requireInsertable(upload)
    const id = randomUUID()
    try {
      await this.#contents.receive(id, bytes)
      return json(await this.complete(id, upload, incoming.headers['x-goog-hash']))
    } finally {
      this.#contents.discard(id)
    }
  }
}

/** The upload a resumable session is started for. */
export async function announcedUpload(request: GcsRequest): Promise<Upload> {
  const contentType = request.incoming.headers['x-upload-content-type']
  const metadata = await readJson(request.incoming, metadataSchema)
  return uploadOf(request, metadata, typeof contentType === 'string' ? contentType : undefined)
}

function uploadOf({ query, path }: GcsRequest, metadata: Metadata, mediaType: string | undefined): Upload {
  const { name: nameInMetadata, md5Hash, crc32c, ...attributes } = metadata
  const name = query.get('name') ?? nameInMetadata
  if (!name) throw required('name')
  const contentEncoding = query.get('contentEncoding') ?? attributes.contentEncoding
  return {
    bucket: path.bucket,
    name,
    conditions: preconditionsOf(query),
    attributes: {
      ...attributes,
      contentType: attributes.contentType ?? mediaType ?? 'application/octet-stream',
      ...(contentEncoding ? { contentEncoding } : {}),
    },
    expected: { md5Hash, crc32c },
  }
}

function hashesIn(header: unknown): Upload['expected'] {
  const hashes = new Map(
    String(header ?? '')
      .split(',')
      .map((pair) => pair.trim().split(/=(.*)/s, 2))
      .map(([name, value]) => [name, value]),
  )
  const md5Hash = hashes.get('md5')
  const crc32c = hashes.get('crc32c')
  return { ...(md5Hash ? { md5Hash } : {}), ...(crc32c ? { crc32c } : {}) }
}

function requireChecksums(actual: Checksums, { crc32c, md5Hash }: Upload['expected']): void {
  if (crc32c && crc32c !== actual.crc32c) {
    throw invalid(`Provided CRC32C "${crc32c}" doesn't match calculated CRC32C "${actual.crc32c}".`)
  }
  if (md5Hash && md5Hash !== actual.md5Hash) {
    throw invalid(`Provided MD5 hash "${md5Hash}" doesn't match calculated MD5 hash "${actual.md5Hash}".`)
  }
}
