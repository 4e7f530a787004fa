import { linkSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { type Attributes, checked } from './attributes.ts'
import type { Buckets } from './buckets.ts'
import type { Checksums, Contents } from './contents.ts'
import { atomically } from './database.ts'
import { invalid, noSuchObject } from './error.ts'
import type { ObjectEvents } from './events.ts'
import { type Preconditions, requireForWrite } from './preconditions.ts'
import { type StoredObject, storedObject } from './stored-object.ts'

interface Target {
  readonly bucket: string
  readonly name: string
  readonly conditions: Preconditions
}

/**
 * The objects. Every change is one atomic step: the preconditions are checked, the bytes get their name, the
 * metadata is written and its notifications are put in the outbox, or none of it happens.
 */
export class Objects {
  readonly #database: DatabaseSync
  readonly #contents: Contents
  readonly #buckets: Buckets
  readonly #events: ObjectEvents
  readonly #clock: () => Date

  constructor(dependencies: {
    database: DatabaseSync
    contents: Contents
    buckets: Buckets
    events: ObjectEvents
    clock: () => Date
  }) {
    this.#database = dependencies.database
    this.#contents = dependencies.contents
    this.#buckets = dependencies.buckets
    this.#events = dependencies.events
    this.#clock = dependencies.clock
  }

  find(bucket: string, name: string): StoredObject | undefined {
    const row = this.#database
      .prepare('SELECT * FROM objects WHERE bucket = ? AND name = ?')
      .get(bucket, name)
    return row && storedObject(row)
  }

  /** The live version; 404 when there is none or it is not of the generation asked for. */
  get(bucket: string, name: string, generation?: number): StoredObject {
    this.#buckets.get(bucket)
    const object = this.find(bucket, name)
    if (!object || (generation !== undefined && generation !== object.generation))
      throw noSuchObject(bucket, name)
    return object
  }

  /** Throws what an insert to this target would be refused with, so far as it can be known beforehand. */
  requireInsertable({ bucket, name, conditions }: Target): void {
    this.#buckets.get(bucket)
    const bytes = Buffer.byteLength(name)
    if (bytes < 1 || bytes > 1024 || /[\r\n]/.test(name) || name === '.' || name === '..') {
      throw invalid(`Invalid object name: '${name}'`)
    }
    requireForWrite(conditions, this.find(bucket, name))
  }

  /** Makes a received upload the live version. What `alongside` writes is part of the atomic step. */
  insert(
    target: Target,
    uploadId: string,
    checksums: Checksums,
    attributes: Attributes,
    alongside: (object: StoredObject) => void,
  ): StoredObject {
    return this.#replace(target, checksums, attributes, this.#contents.uploadFile(uploadId), alongside)
  }

  /** Makes a copy of the source the live version. Its bytes are shared, since they never change. */
  copy(source: StoredObject, target: Target, attributes: Attributes): StoredObject {
    return this.#replace(target, source, attributes, this.#contents.objectFile(source.generation))
  }

  /** Changes the attributes of the live version. */
  change(
    target: Target,
    generation: number | undefined,
    change: (before: Attributes) => Attributes,
  ): StoredObject {
    return atomically(this.#database, () => {
      const before = this.get(target.bucket, target.name, generation)
      requireForWrite(target.conditions, before)
      const after: StoredObject = {
        ...before,
        attributes: change(before.attributes),
        metageneration: before.metageneration + 1,
        updated: this.#clock().toISOString(),
      }
      this.#write(after)
      this.#events.record('OBJECT_METADATA_UPDATE', after)
      return after
    })
  }

  delete(target: Target, generation: number | undefined): void {
    const gone = atomically(this.#database, () => {
      const object = this.get(target.bucket, target.name, generation)
      requireForWrite(target.conditions, object)
      this.#database.prepare('DELETE FROM objects WHERE generation = ?').run(object.generation)
      this.#events.record('OBJECT_DELETE', object)
      return object
    })
    rmSync(this.#contents.objectFile(gone.generation), { force: true })
  }

  isLive(generation: number): boolean {
    return this.#database.prepare('SELECT 1 FROM objects WHERE generation = ?').get(generation) !== undefined
  }

  /** Links the bytes rather than moving them: a kill before the commit must not cost an upload its file. */
  #replace(
    target: Target,
    { size, md5Hash, crc32c }: Checksums,
    attributes: Attributes,
    bytes: string,
    alongside: (object: StoredObject) => void = () => undefined,
  ): StoredObject {
    const { object, overwritten } = atomically(this.#database, () => {
      this.requireInsertable(target)
      const { bucket, name } = target
      const overwritten = this.find(bucket, name)
      const generation = this.#nextGeneration()
      const created = this.#clock().toISOString()
      const object: StoredObject = {
        bucket,
        name,
        generation,
        metageneration: 1,
        size,
        md5Hash,
        crc32c,
        created,
        updated: created,
        attributes: checked(undefined, attributes),
      }
      this.#write(object)
      this.#events.recordReplacement(object, overwritten)
      alongside(object)
      linkSync(bytes, this.#contents.objectFile(generation))
      return { object, overwritten }
    })
    if (overwritten) rmSync(this.#contents.objectFile(overwritten.generation), { force: true })
    return object
  }

  #write(object: StoredObject): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        ...[object.bucket, object.name, object.generation, object.metageneration, object.size],
        ...[object.md5Hash, object.crc32c, object.created, object.updated, JSON.stringify(object.attributes)],
      )
  }

  /** Never repeats, whatever the clock does and however often the process is restarted. */
  #nextGeneration(): number {
    const row = this.#database
      .prepare('UPDATE last_generation SET value = max(value + 1, ?) RETURNING value')
      .get(this.#clock().getTime() * 1000)
    return Number(row?.['value'])
  }
}
