import { gzipSync } from 'node:zlib'
import type { FileMetadata } from '@google-cloud/storage'
import type { Bridge } from '../../functions/config/schema.ts'
import { pushBody } from '../local/function/push-notification.ts'
import type { LocalLoader } from '../local/loader.ts'
import type { Random } from '../random.ts'

/** Distinct bodies; an event makes another object of one by its ETag. */
const bodies = 40
const apps = ['web', 'search', 'billing', 'mail']

/** Makes the bodies of pushes: small objects, mostly whole. */
export class SoakEvents {
  readonly #bridge: Bridge
  readonly #random: Random
  readonly #good: readonly FileMetadata[]
  readonly #damaged: FileMetadata
  #count = 0

  private constructor(bridge: Bridge, random: Random, good: readonly FileMetadata[], damaged: FileMetadata) {
    this.#bridge = bridge
    this.#random = random
    this.#good = good
    this.#damaged = damaged
  }

  static async prepare(bridge: Bridge, loader: LocalLoader, random: Random): Promise<SoakEvents> {
    const source = bridge.sources.find(({ format }) => format === 'json-lines')
    if (!source) throw new Error('the configuration has no source of format json-lines')
    const land = (name: string, body: Buffer) =>
      loader.land({ bucket: source.bucket, key: `${source.prefix}${name}${source.suffix}`, etag: '', body })
    const good: FileMetadata[] = []
    for (let n = 0; n < bodies; n++) good.push(await land(`soak ${n}`, lines(random, n % 2 === 0)))
    return new SoakEvents(bridge, random, good, await land('damaged', lines(random, true).subarray(0, -20)))
  }

  /**
   * The body of the next push. Of a hundred, two announce again what was announced, two are the last delivery of an
   * object that cannot be read, and one announces what no source takes: every way an event can end is walked.
   */
  next(): string {
    const etag = String(this.#count++)
    const messageId = etag
    const chance = this.#random()
    const resource = this.#good[this.#count % bodies] ?? this.#damaged
    if (chance < 0.02)
      return pushBody(this.#bridge, resource, {
        messageId,
        etag: String(Math.max(0, this.#count - bodies - 1)),
      })
    if (chance < 0.04) return pushBody(this.#bridge, this.#damaged, { messageId, etag, deadLettered: true })
    if (chance < 0.05)
      return pushBody(this.#bridge, { ...resource, name: `elsewhere/${etag}` }, { messageId })
    return pushBody(this.#bridge, resource, { messageId, etag })
  }
}

/** Twenty lines, one of them bad. */
function lines(random: Random, zipped: boolean): Buffer {
  const text = Array.from({ length: 20 }, (_, n) => {
    const app = apps[Math.floor(random() * apps.length)]
    const message = `line ${n} ${random()}`
    return n === 10 ? '{' : JSON.stringify({ app, timestamp: '2026-11-20T10:15:00Z', message })
  }).join('\n')
  return zipped ? gzipSync(text) : Buffer.from(text)
}
