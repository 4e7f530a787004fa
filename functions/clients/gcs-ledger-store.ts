import { Storage } from '@google-cloud/storage'
import { type LedgerStore, LedgerStoreError } from '../commit/ledger-store.ts'
import { withDeadline } from '../model/deadline.ts'
import { messageOf } from '../model/failure.ts'

/** Milliseconds to wait for an answer. */
const patience = 20_000

/**
 * The ledger's bucket in Cloud Storage. Its own retries are off: a lost reply is for the ledger to understand.
 * Each method is one request.
 */
export class GcsLedgerStore implements LedgerStore {
  readonly #bucket

  constructor(project: string, bucket: string) {
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

  async read(name: string): Promise<{ body: string; generation: string } | undefined> {
    try {
      return await withDeadline(this.#download(name), patience, name)
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw unavailable(`reading ${name}`, error)
    }
  }

  async #download(name: string): Promise<{ body: string; generation: string }> {
    const stream = this.#bucket.file(name).createReadStream({ decompress: false })
    // An error after this has given up must not end the process.
    stream.on('error', () => undefined)
    let generation = ''
    stream.once('response', (response: { headers: Record<string, unknown> }) => {
      generation = String(response.headers['x-goog-generation'] ?? '')
    })
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk)
    return { body: Buffer.concat(chunks).toString('utf8'), generation }
  }

  /** The new generation; undefined when the precondition did not hold. */
  async #write(name: string, body: string, ifGenerationMatch: string | 0): Promise<string | undefined> {
    const file = this.#bucket.file(name)
    try {
      const options = {
        resumable: false,
        contentType: 'application/json',
        preconditionOpts: { ifGenerationMatch },
      }
      await withDeadline(file.save(body, options), patience, name)
      return String(file.metadata.generation)
    } catch (error) {
      if (statusOf(error) === 412) return undefined
      throw unavailable(`writing ${name}`, error)
    }
  }
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'code' in error ? Number(error.code) : Number.NaN
}

function unavailable(what: string, error: unknown): LedgerStoreError {
  const status = statusOf(error)
  const retryable = Number.isNaN(status) || status >= 500 || status === 429 || status === 408
  return new LedgerStoreError(`${what}: ${messageOf(error)}`, retryable, error)
}
