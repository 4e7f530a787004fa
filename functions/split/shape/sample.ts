import { createHash } from 'node:crypto'

/** Decides which lines of an object are kept. */
export type Sample = (line: number) => boolean

/**
 * Keeps about `rate` of the lines, of 0 to 1: by the object's URI and the line's number, so that a redelivery, a
 * replay and any other instance keep the same ones.
 */
export function sampleOf(uri: string, rate: number): Sample {
  const seed = createHash('sha256').update(uri).digest().readUInt32LE()
  return (line) => mix(seed ^ line) / 2 ** 32 < rate
}

/** The finalizer of MurmurHash3: every bit of the input changes about half the bits of the result. */
function mix(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
