import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { Failure } from '../../functions/model/failure.ts'
import { openObject } from '../../functions/parse/open-object.ts'
import { openParquet } from '../../functions/parse/parquet.ts'
import { chunksOf } from '../split/read-object.ts'
import { parquetFile } from './parquet-file.ts'

async function records(bytes: Buffer): Promise<string[]> {
  const found: string[] = []
  const stream = Readable.from(chunksOf(bytes, [1000]))
  const { blocks } = await openObject(stream, 'one.parquet', { format: 'json-lines' })
  for await (const block of blocks) {
    if (block.kind !== 'records') throw new Error(`no records but ${block.kind}`)
    found.push(...block.records.map((record) => record.toString()))
  }
  return found
}

test('rows become JSON objects that lose nothing', async () => {
  const bytes = await parquetFile(`SELECT 9007199254740993::BIGINT AS big, 1.5::DOUBLE AS part,
    'é"' AS text, true AS flag, NULL::VARCHAR AS nothing, ['a','b'] AS list, {'x': 1} AS inner,
    TIMESTAMP '2026-11-20 10:15:00.123456' AS at, '2026-11-20 10:15:00.123456789'::TIMESTAMP_NS AS exactly,
    DATE '2026-11-20' AS day, '-infinity'::DOUBLE AS endless, 18446744073709551615::UBIGINT AS most`)
  expect(await records(bytes)).toEqual([
    '{"big":9007199254740993,"part":1.5,"text":"é\\"","flag":true,"nothing":null,"list":["a","b"],"inner":{"x":1},' +
      '"at":"2026-11-20T10:15:00.123456Z","exactly":"2026-11-20T10:15:00.123456789Z","day":"2026-11-20",' +
      '"endless":"-Infinity","most":18446744073709551615}',
  ])
})

test.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'lz4_raw', 'brotli'])(
  '%s pages',
  async (compression) => {
    const bytes = await parquetFile(
      `SELECT range AS n, 'line ' || range AS message FROM range(5000)`,
      `, COMPRESSION ${compression}, ROW_GROUP_SIZE 2048`,
    )
    const expected = Array.from({ length: 5000 }, (_, n) => `{"n":${n},"message":"line ${n}"}`)
    expect(await records(bytes)).toEqual(expected)
  },
)

test('a compressed object', async () => {
  expect(await records(gzipSync(await parquetFile('SELECT 1 AS n')))).toEqual(['{"n":1}'])
})

test('a damaged object fails as a whole, whichever byte it is', async () => {
  const bytes = await parquetFile(`SELECT range AS n, 'line ' || range AS message FROM range(50)`)
  let failures = 0
  for (let at = 4; at < bytes.length; at += 3) {
    const damaged = Buffer.from(bytes)
    damaged[at] = (damaged[at] ?? 0) ^ 0xff
    const outcome = await records(damaged).catch((error: unknown) => error)
    if (Array.isArray(outcome)) continue
    expect(outcome).toMatchObject({ name: 'Failure', kind: 'object', code: 'corrupt_parquet' })
    failures += 1
  }
  expect(failures).toBeGreaterThan(20)
  for (const length of [4, 5, 12, bytes.length - 1])
    await expect(records(bytes.subarray(0, length))).rejects.toBeInstanceOf(Failure)
})

test('an object over the limit is refused before it is read to the end', async () => {
  const bytes = await parquetFile(`SELECT range AS n FROM range(50000)`, ', ROW_GROUP_SIZE 2048')
  let taken = 0
  async function* chunks(): AsyncGenerator<Buffer> {
    for (const chunk of chunksOf(bytes, [1000])) {
      taken += 1
      yield chunk
    }
  }
  await expect(openParquet(chunks(), 10_000)).rejects.toMatchObject({
    kind: 'object',
    code: 'object_too_large',
  })
  expect(taken).toBe(11)
})
