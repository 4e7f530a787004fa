import { randomUUID } from 'node:crypto'
import type { Contents } from './contents.ts'
import { GcsError, invalid } from './error.ts'
import { bodyOf, type GcsRequest, json, type Reply } from './http.ts'
import type { Objects } from './objects.ts'
import type { UploadSession, UploadSessions } from './upload-sessions.ts'
import { announcedUpload, type Uploads } from './uploads.ts'

/** Every chunk but the last is a multiple of this, and so is what is kept of a chunk that was cut short. */
const quantum = 256 * 1024

/**
 * objects.insert in many requests. A session is open until its last byte is here; then it is finished and
 * answers every further request with the object it became, which is how a caller recovers from a lost reply.
 */
export class ResumableUploads {
  readonly #contents: Contents
  readonly #objects: Objects
  readonly #uploads: Uploads
  readonly #sessions: UploadSessions
  readonly #origin: string
  readonly #clock: () => Date
  readonly #busy = new Set<string>()

  constructor(dependencies: {
    contents: Contents
    objects: Objects
    uploads: Uploads
    sessions: UploadSessions
    origin: string
    clock: () => Date
  }) {
    this.#contents = dependencies.contents
    this.#objects = dependencies.objects
    this.#uploads = dependencies.uploads
    this.#sessions = dependencies.sessions
    this.#origin = dependencies.origin
    this.#clock = dependencies.clock
  }

  /** Gives the session's own URI, to which the bytes go. */
  async start(request: GcsRequest): Promise<Reply> {
    const upload = await announcedUpload(request)
    this.#objects.requireInsertable(upload)
    const id = randomUUID()
    this.#contents.open(id)
    this.#sessions.start(id, upload, this.#clock())
    const query = new URLSearchParams({ uploadType: 'resumable', name: upload.name, upload_id: id })
    const location = `${this.#origin}/upload/storage/v1/b/${upload.bucket}/o?${query}`
    return { status: 200, headers: { location, 'x-guploader-uploadid': id } }
  }

  /** Takes a chunk, or tells how much has been received. */
  async resume({ incoming, query }: GcsRequest): Promise<Reply> {
    const session = this.#sessions.get(query.get('upload_id') ?? '')
    if (session.finishedAs) return json(session.finishedAs)
    if (this.#busy.has(session.id))
      throw new GcsError(503, 'backendError', 'The upload is busy with another chunk.')
    this.#busy.add(session.id)
    try {
      return await this.#advance(session, incoming)
    } finally {
      this.#busy.delete(session.id)
    }
  }

  cancel({ query }: GcsRequest): Reply {
    const { id } = this.#sessions.get(query.get('upload_id') ?? '')
    this.#sessions.end(id)
    this.#contents.discard(id)
    return { status: 499 }
  }

  async #advance(session: UploadSession, incoming: GcsRequest['incoming']): Promise<Reply> {
    const onDisk = this.#contents.received(session.id)
    const range = contentRange(incoming.headers['content-range'])
    const offset = onDisk === range.total ? onDisk : onDisk - (onDisk % quantum)
    if (range.start !== undefined) {
      if (range.start !== offset) {
        throw invalid(`The chunk starts at byte ${range.start}; byte ${offset} is the next to be received.`)
      }
      await this.#contents.receive(session.id, bodyOf(incoming), offset)
    }
    const received = range.start === undefined ? offset : this.#contents.received(session.id)
    return (await this.#finished(session, range, received, incoming)) ?? incomplete(received)
  }

  /** The object, once its last byte is here. A chunk without a known end is the last. */
  async #finished(
    { id, upload }: UploadSession,
    { start, end, total }: ContentRange,
    received: number,
    incoming: GcsRequest['incoming'],
  ): Promise<Reply | undefined> {
    if (end !== undefined && received !== end + 1) {
      throw invalid(`The chunk ends at byte ${received - 1}, not at byte ${end} as its Content-Range says.`)
    }
    const endless = start !== undefined && end === undefined && total === undefined
    if (!endless && received !== total) {
      if (received % quantum === 0 && received < (total ?? Infinity)) return undefined
      throw invalid(
        `A chunk that is not the last must be a multiple of ${quantum} bytes; ${received} received.`,
      )
    }
    const hashes = incoming.headers['x-goog-hash']
    const resource = await this.#uploads.complete(id, upload, hashes, (finishedAs) =>
      this.#sessions.finish(id, finishedAs),
    )
    this.#contents.discard(id)
    return json(resource)
  }
}

interface ContentRange {
  /** First byte of the chunk; absent in a question for the status. */
  readonly start?: number | undefined
  /** Last byte of the chunk, if told. */
  readonly end?: number | undefined
  /** Size of the object, if told. */
  readonly total?: number | undefined
}

/** `bytes 0-99/200`, `bytes 0-99/*`, what the official client sends unchunked (`bytes 0-*` + `/*`), or a question. */
function contentRange(header: string | undefined): ContentRange {
  if (header === undefined) return { start: 0 }
  const match = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(header)
  if (!match) throw invalid(`Failed to parse Content-Range header: ${header}`)
  const number = (text: string | undefined) => (text === undefined || text === '*' ? undefined : Number(text))
  return { start: number(match[1]), end: number(match[2]), total: number(match[3]) }
}

function incomplete(received: number): Reply {
  return { status: 308, headers: received > 0 ? { range: `bytes=0-${received - 1}` } : {} }
}
