import { PassThrough, Readable } from 'node:stream'
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Failure } from '../../../functions/model/failure.ts'
import { decompress } from '../../../functions/parse/reading/decompress.ts'
import { chunksOf } from '../../split/read-object.ts'

const checksummed = { params: { [constants.ZSTD_c_checksumFlag]: 1 } }
const compressors = {
  gzip: (bytes: Uint8Array) => gzipSync(bytes),
  zstd: (bytes: Uint8Array) => zstdCompressSync(bytes, checksummed),
}
const both = Object.keys(compressors) as (keyof typeof compressors)[]
const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 })
const text = Buffer.from('one line\nanother line\n'.repeat(40))

const unhandled: unknown[] = []
const remember = (error: unknown) => unhandled.push(error)
beforeEach(() => process.on('unhandledRejection', remember))
afterEach(() => {
  process.off('unhandledRejection', remember)
  expect(unhandled).toEqual([])
})

async function read(bytes: Buffer, chunkSizes: readonly number[] = [64 * 1024]): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of decompress(Readable.from(chunksOf(bytes, chunkSizes)))) parts.push(part)
  return Buffer.concat(parts)
}

/** What reading ends with: the bytes, or the failure. */
async function outcome(bytes: Buffer, chunkSizes?: readonly number[]): Promise<unknown> {
  return read(bytes, chunkSizes).catch((error: unknown) => error)
}

test.each(both)('any number of %s members or frames, in any chunks, are one text', async (name) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 6 }),
      sizes,
      async (parts, chunkSizes) => {
        const packed = Buffer.concat(parts.map(compressors[name]))
        expect(await read(packed, chunkSizes)).toEqual(Buffer.concat(parts))
      },
    ),
    { numRuns: 150 },
  )
})

test.each(both)('many large %s frames in one write', async (name) => {
  const part = Buffer.from('0123456789abcdef'.repeat(20_000))
  const packed = Buffer.concat(Array.from({ length: 30 }, () => compressors[name](part)))
  expect((await read(packed, [packed.length])).equals(Buffer.concat(Array(30).fill(part)))).toBe(true)
})

test.each(both)('a %s object cut anywhere within a member fails as an object', async (name) => {
  const first = compressors[name](text)
  const packed = Buffer.concat([first, compressors[name](text)])
  for (let length = 4; length < packed.length; length++) {
    const got = await outcome(packed.subarray(0, length), [length % 2 === 0 ? 7 : length])
    if (length === first.length) expect(got).toEqual(text)
    else
      expect(got).toMatchObject({ name: 'Failure', kind: 'object', stage: 'parse', code: `corrupt_${name}` })
  }
})

test.each(both)('a flipped bit in %s fails, or changes nothing', async (name) => {
  const packed = compressors[name](text)
  let failed = 0
  for (let bit = 32; bit < packed.length * 8; bit++) {
    const flipped = Buffer.from(packed)
    flipped.writeUInt8((flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3)
    const got = await outcome(flipped)
    if (got instanceof Failure) expect([got.kind, got.code]).toEqual(['object', `corrupt_${name}`])
    else expect(got).toEqual(text)
    if (got instanceof Failure) failed += 1
  }
  expect(failed).toBeGreaterThan(packed.length * 4)
})

test('zeros after the last gzip member are padding', async () => {
  for (const chunkSizes of [[1], [100], [10_000]])
    expect(await read(Buffer.concat([gzipSync(text), Buffer.alloc(700)]), chunkSizes)).toEqual(text)
})

test.each(both)('anything else after the last %s member is damage', async (name) => {
  for (const rest of ['x', 'garbage that goes on', compressors[name](text).subarray(0, 3)]) {
    const packed = Buffer.concat([compressors[name](text), Buffer.from(rest)])
    for (const chunkSizes of [[1], [packed.length]])
      expect(await outcome(packed, chunkSizes)).toMatchObject({ kind: 'object', code: `corrupt_${name}` })
  }
})

test.each([
  [''],
  ['\x1f'],
  ['\x1f\x1f'],
  ['(plain text in parentheses)\n'],
  ['(\xb5/'],
  ['\x1f field\x1fseparated\n'],
])('%j is no compressed data', async (plain) => {
  const bytes = Buffer.from(plain, 'latin1')
  for (const chunkSizes of [[1], [2], [100]]) expect(await read(bytes, chunkSizes)).toEqual(bytes)
})

test('an error of the source passes as it is', async () => {
  for (const head of [text, gzipSync(text).subarray(0, 20), zstdCompressSync(text).subarray(0, 20)]) {
    const lost = new Failure('system', 'parse', 'read_failed', 'connection lost')
    const source = new PassThrough()
    source.write(head)
    const reading = (async () => {
      for await (const part of decompress(source)) expect(part.length).toBeGreaterThan(0)
    })()
    setImmediate(() => source.destroy(lost))
    await expect(reading).rejects.toBe(lost)
  }
})

test.each(['plain', ...both] as const)(
  'a reader of %s that stops early ends a stalled source',
  async (name) => {
    const source = new PassThrough()
    source.write(name === 'plain' ? text : compressors[name](text))
    // The source never ends: whoever stops must not wait for it.
    for await (const part of decompress(source)) {
      expect(part.length).toBeGreaterThan(0)
      break
    }
    expect(source.destroyed).toBe(true)
    await new Promise(setImmediate)
  },
)
