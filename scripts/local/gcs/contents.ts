import { createHash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Crc32c } from '../../../functions/parse/reading/compression/crc32c.ts'

export interface Checksums {
  readonly size: number
  readonly md5Hash: string
  readonly crc32c: string
}

/** The bytes of objects and of uploads, as files. A finished object's file never changes. */
export class Contents {
  readonly #objects: string
  readonly #uploads: string

  constructor(directory: string) {
    this.#objects = join(directory, 'objects')
    this.#uploads = join(directory, 'uploads')
    mkdirSync(this.#objects, { recursive: true })
    mkdirSync(this.#uploads, { recursive: true })
  }

  objectFile(generation: number): string {
    return join(this.#objects, String(generation))
  }

  uploadFile(id: string): string {
    return join(this.#uploads, id)
  }

  /** Makes room for an upload that comes in chunks. */
  open(id: string): void {
    writeFileSync(this.uploadFile(id), '')
  }

  /** Bytes of an upload that are on disk. */
  received(id: string): number {
    return statSync(this.uploadFile(id)).size
  }

  /** Writes the bytes at the offset, which ends what was there. Throws when they stop short. */
  async receive(id: string, bytes: AsyncIterable<Uint8Array>, offset = 0): Promise<void> {
    if (offset > 0) truncateSync(this.uploadFile(id), offset)
    await pipeline(bytes, createWriteStream(this.uploadFile(id), { flags: offset > 0 ? 'a' : 'w' }))
  }

  /** Reads an upload back, so that the checksums speak of what is on disk. */
  async checksums(id: string): Promise<Checksums> {
    const md5 = createHash('md5')
    const crc32c = new Crc32c()
    let size = 0
    for await (const bytes of createReadStream(this.uploadFile(id))) {
      md5.update(bytes)
      crc32c.update(bytes)
      size += bytes.length
    }
    return { size, md5Hash: md5.digest('base64'), crc32c: crc32c.base64() }
  }

  discard(id: string): void {
    rmSync(this.uploadFile(id), { force: true })
  }

  /** Removes what a killed process left behind: files no object and no upload session knows. */
  sweep(isObject: (generation: number) => boolean, isUpload: (id: string) => boolean): void {
    for (const file of readdirSync(this.#objects))
      if (!isObject(Number(file))) rmSync(join(this.#objects, file))
    for (const file of readdirSync(this.#uploads)) if (!isUpload(file)) rmSync(join(this.#uploads, file))
  }
}
