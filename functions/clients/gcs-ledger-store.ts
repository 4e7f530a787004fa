import { createHash } from 'node:crypto'
import { Storage } from '@google-cloud/storage'
import { type LedgerStore, LedgerStoreError, type Stored } from '../commit/ledger-store.ts'
import { withDeadline } from '../model/deadline.ts'
import { messageOf } from '../model/failure.ts'
import { restError } from './rest-error.ts'

/** Milliseconds to wait for an answer. */
const defaultTimeoutMs = 20_000

/**
 * The ledger's bucket in Cloud Storage. Its own retries are off: the ledger must know when a reply was lost.
 * Each method is one request.
 */
export class GcsLedgerStore implements LedgerStore {
  readonly #bucket
  readonly #timeoutMs: number

  constructor(project: string, bucket: string, timeoutMs = defaultTimeoutMs) {
    this.#timeoutMs = timeoutMs
    this.#bucket = new Storage({ projectId: project, retryOptions: { autoRetry: false } }).bucket(bucket)
  }

  async create(name: string, body: string) {
    const generation = await this.#write(name, body, 0)
    return generation === undefined ? { kind: 'exists' as const } : { kind: 'written' as const, generation }
  }

  async replace(name: string, body: string, generation: string) {
    const written = await this.#write(name, body, generation)
    return written === undefined
      ? { kind: 'changed' as const }
      : { kind: 'written' as const, generation: written }
  }

  async read(name: string): Promise<Stored | undefined> {
    try {
      return await withDeadline(this.#download(name), this.#timeoutMs, name)
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw unavailable(`reading ${name}`, error)
    }
  }

  async #download(name: string): Promise<Stored> {
    const stream = this.#bucket.file(name).createReadStream({ decompress: false })
    // An error after this has given up must not end the process.
    stream.on('error', () => undefined)
    let headers: Record<string, unknown> = {}
    stream.once('response', (response: { headers: Record<string, unknown> }) => {
      headers = response.headers
    })
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('utf8')
    return { body, generation: generationIn(headers['x-goog-generation']), age: ageOf(headers) }
  }

  /** The new generation; undefined when the precondition did not hold. */
  async #write(name: string, body: string, ifGenerationMatch: string | 0): Promise<string | undefined> {
    const file = this.#bucket.file(name)
    try {
      const options = {
        resumable: false,
        metadata: { contentType: 'application/json', md5Hash: md5Of(body) },
        preconditionOpts: { ifGenerationMatch },
        // The service checks what it got by the hash. The client would delete what is there when a reply is garbled.
        validation: false,
      }
      await withDeadline(file.save(body, options), this.#timeoutMs, name)
      return generationIn(file.metadata.generation)
    } catch (error) {
      if (statusOf(error) === 412) return undefined
      throw unavailable(`writing ${name}`, error)
    }
  }
}

/** @throws Error when the answer has no generation: it is not from the service. */
function generationIn(value: unknown): string {
  const generation = String(value)
  if (/^\d+$/.test(generation)) return generation
  throw new Error('the answer names no generation')
}

function md5Of(body: string): string {
  return createHash('md5').update(body).digest('base64')
}

/** Both times are the service's own, so that no clock of ours matters. Without them it is taken for new. */
function ageOf(headers: Record<string, unknown>): number {
  const [now, written] = [headers['date'], headers['last-modified']].map((time) => Date.parse(String(time)))
  const age = (now ?? Number.NaN) - (written ?? Number.NaN)
  return Number.isNaN(age) ? 0 : age
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'code' in error ? Number(error.code) : Number.NaN
}

function unavailable(what: string, error: unknown): LedgerStoreError {
  const status = statusOf(error)
  const retryable = Number.isNaN(status) || status >= 500 || status === 429 || status === 408
  return new LedgerStoreError(`${what}: ${messageOf(error)}`, retryable, restError(error))
}
