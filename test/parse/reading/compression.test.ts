import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Failure } from '../../../functions/model/failure.ts'
import { openObject } from '../../../functions/parse/open-object.ts'
import { decompress } from '../../../functions/parse/reading/decompress.ts'
import { anySource, chunksOf, readObject, sourceOf } from '../../split/read-object.ts'
import { packed, text } from './packed.ts'

const content: Readonly<Record<keyof typeof packed, string>> = {
  bzip2: text + text,
  xz: text + text,
  zip: text + text,
  'zip, streamed': text + text,
  LZ4: text.repeat(121),
  snappy: text + text,
}
const all = Object.entries(packed).map(
  ([name, base64]) => [name as keyof typeof packed, Buffer.from(base64, 'base64')] as const,
)

async function read(bytes: Buffer, size = 64 * 1024): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of decompress(Readable.from(chunksOf(bytes, [size])))) parts.push(part)
  return Buffer.concat(parts).toString()
}

test.each(all)('%s is read, in chunks of any size', async (name, bytes) => {
  for (const size of [1, 2, 7, 100, 64 * 1024]) expect(await read(bytes, size)).toBe(content[name])
})

test.each(all)('%s that is cut off is a failure of the object, never less text', async (name, bytes) => {
  // The end of a first stream or member is no cut that can be told, but for zip, whose directory is at its end.
  // So may be snappy's first chunk, which has no text.
  const whole = new Set([text, text.repeat(120), ...(name === 'snappy' ? [''] : [])])
  for (let length = 10; length < bytes.length; length += name === 'LZ4' ? 13 : 1) {
    const outcome = await read(bytes.subarray(0, length)).catch((error: unknown) => error)
    if (typeof outcome === 'string')
      expect([name.startsWith('zip'), whole.has(outcome), length]).toEqual([false, true, length])
    else expect(outcome).toMatchObject({ kind: 'object', stage: 'parse', code: 'corrupt_data' })
  }
})

test.each(all.filter(([name]) => name !== 'LZ4'))(
  '%s with a changed byte is never another text',
  async (name, bytes) => {
    for (let at = 10; at < bytes.length; at += 3) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0x55
      const outcome = await read(changed).catch((error: unknown) => error)
      // A byte of a name, a time or padding changes nothing, and one of a first magic ends with the stream before it.
      if (typeof outcome === 'string') expect([content[name], text]).toContain(outcome)
      else expect(outcome).toBeInstanceOf(Failure)
    }
  },
)

test.each(all)('%s within gzip, and gzip within gzip, is read', async (name, bytes) => {
  expect(await read(gzipSync(bytes))).toBe(content[name])
  expect(await read(gzipSync(gzipSync(text)))).toBe(text)
})

test('an encrypted member of a zip, and one of an unknown method, say what they are', async () => {
  const zip = Buffer.from(packed.zip, 'base64')
  const at = zip.indexOf('logs/a.log') - 30
  const encrypted = Buffer.from(zip)
  encrypted.writeUInt16LE(1, at + 6)
  await expect(read(encrypted)).rejects.toThrow('a member of the archive is encrypted')
  const other = Buffer.from(zip)
  other.writeUInt16LE(99, at + 8)
  await expect(read(other)).rejects.toThrow('compressed by method 99, which is not read')
})

test.each([
  ['a 7z archive', Buffer.from('377abcaf271c0004', 'hex')],
  ['an ORC file', Buffer.from('ORC\n\u0003\0\0\0')],
  ['an Avro file', Buffer.from('Obj\u0001\u0004\u0014avro.codec')],
  ['a tar archive', Buffer.concat([Buffer.from('a.log'), Buffer.alloc(252), Buffer.from('ustar\0')])],
  ['a PDF', Buffer.from('%PDF-1.7\n')],
])('%s is named, whatever format the source says', async (what, bytes) => {
  for (const reading of [{}, { format: 'text' }, { format: 'json-lines' }] as const) {
    const opened = openObject(Readable.from([bytes]), 'logs/one', reading)
    await expect(opened).rejects.toMatchObject({
      code: 'unknown_format',
      message: expect.stringContaining(`it is ${what}`),
    })
  }
})

test.each(['BZh is a word\n', 'ORC is a word\n', 'Rar! is a word\n', 'PK is a word\n'])(
  'text stays text: %s',
  async (line) => {
    expect((await readObject(anySource, line)).rows).toMatchObject([{ message: line.trim() }])
  },
)

describe('encodings', () => {
  const lines = '{"message":"café"}\n{"message":"€"}\n'
  const utf16be = Buffer.from(`\ufeff${lines}`, 'utf16le').swap16()
  test.each([
    ['UTF-16 with its mark', Buffer.from(`\ufeff${lines}`, 'utf16le')],
    ['big-endian UTF-16 with its mark', utf16be],
    ['UTF-16 without a mark', Buffer.from(`{"message":"plain ASCII"}\n${lines}`, 'utf16le')],
  ])('%s', async (_, bytes) => {
    for (const sizes of [[1], [7], [1000]]) {
      const { rows, rejects, linesNotUtf8 } = await readObject(anySource, bytes, { sizes })
      expect([rejects, linesNotUtf8]).toEqual([[], 0])
      expect(rows.slice(-2).map((row) => row['message'])).toEqual(['café', '€'])
    }
  })

  test('latin1 and windows-1252, where the source says so; else its bytes are counted', async () => {
    const latin1 = Buffer.from('{"message":"café"}\n{"message":"plain"}\n', 'latin1')
    const json = sourceOf({ format: 'json-lines' })
    expect((await readObject({ ...json, encoding: 'latin1' }, latin1)).rows).toMatchObject([
      { message: 'café' },
      {},
    ])
    const euro = Buffer.from([...Buffer.from('{"message":"'), 0x80, ...Buffer.from('"}\n')])
    expect((await readObject({ ...json, encoding: 'windows-1252' }, euro)).rows).toMatchObject([
      { message: '€' },
    ])
    const { rows, linesNotUtf8 } = await readObject(json, latin1)
    expect([rows[0]?.['message'], linesNotUtf8]).toEqual(['caf\ufffd', 1])
  })

  test('NULs in front of a line are left out, as a log has them that was truncated while it was written', async () => {
    const bytes = Buffer.concat([Buffer.alloc(4096), Buffer.from('{"a":1}\n\0\0{"a":2}\n')])
    for (const sizes of [[1], [1000]]) {
      const { rows, rejects } = await readObject(anySource, bytes, { sizes })
      expect([rows.length, rejects]).toEqual([2, []])
    }
  })
})
