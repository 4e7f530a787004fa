import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { batchesIn, NdjsonFile } from '../ndjson-file.ts'
import type { Evidence, Found } from './evidence.ts'

/** All that was found of one key. */
export interface KeyGroup {
  readonly bucket: string
  readonly key: string
  readonly evidence: readonly Evidence[]
}

/** Files that evidence is spread over: a million objects make about 10 MB in each. */
const partitions = 64
const linesAtOnce = 1_000

/**
 * Brings together what several places say of the same key, in memory for a small part of all keys: evidence waits in files,
 * by a hash of its key, and each file is read alone.
 */
export class KeyGroups {
  readonly #directory: string
  readonly #files: readonly NdjsonFile[]

  constructor() {
    this.#directory = mkdtempSync(join(tmpdir(), 'causeway-evidence-'))
    this.#files = Array.from({ length: partitions }, (_, index) => new NdjsonFile(this.#path(index)))
  }

  async add({ bucket, key, evidence }: Found): Promise<void> {
    await this.#files[partitionOf(key)]?.add([bucket, key, evidence])
  }

  /** Every key once, in no order. Nothing may be added any more. */
  async *groups(): AsyncGenerator<KeyGroup> {
    await this.#close()
    for (let index = 0; index < partitions; index++) yield* (await this.#readPartition(index)).values()
  }

  /** Removes the files. */
  async remove(): Promise<void> {
    await this.#close()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  async #close(): Promise<void> {
    for (const file of this.#files) await file.close()
  }

  async #readPartition(index: number): Promise<Map<string, KeyGroup & { evidence: Evidence[] }>> {
    const groups = new Map<string, KeyGroup & { evidence: Evidence[] }>()
    for await (const batch of batchesIn<[string, string, Evidence]>(this.#path(index), linesAtOnce))
      for (const [bucket, key, evidence] of batch) {
        const id = `${bucket}/${key}`
        const group = groups.get(id) ?? { bucket, key, evidence: [] }
        group.evidence.push(evidence)
        groups.set(id, group)
      }
    return groups
  }

  #path(index: number): string {
    return join(this.#directory, `${index}.ndjson`)
  }
}

/** FNV-1a, which spreads keys that differ in their last letters only. */
function partitionOf(key: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % partitions
}
