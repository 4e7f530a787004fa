import type { Readable } from 'node:stream'
import type { LandedObject } from '../../model/object.ts'

/** Reads landed objects. */
export interface ObjectStore {
  /**
   * The bytes of exactly that generation, as stored: not decompressed. One call of the service; errors come on the
   * stream, as Failures.
   */
  read(object: LandedObject): Readable
}
