import type { Readable } from 'node:stream'
import { Failure } from '../model/failure.ts'
import type { FormatSettings } from '../model/format.ts'
import type { LineBlock } from '../model/line-block.ts'
import { detectFormat, detectParquet } from './detect.ts'
import { fileKind, kindBytes } from './detecting/file-kinds.ts'
import { type FormatName, formatNames, formats } from './formats.ts'
import { maxDetectedParquetBytes, maxParquetBytes, openParquet, parquetMagic } from './parquet.ts'
import { decompress, peek } from './reading/decompress.ts'
import { asUtf8, type Encoding, isText } from './reading/encoding.ts'
import { lineBlocks } from './reading/line-blocks.ts'

/** Decompressed bytes looked at to detect a format: enough for some of the longest records, and always as many. */
const headBytes = 256 * 1024

/** An object that is being read. */
export interface OpenObject {
  readonly format: FormatName
  /** Its lines, decompressed and cut as its format counts them; of Parquet, its rows as JSON. To be read once. */
  readonly blocks: AsyncIterable<LineBlock>
  /** Bytes read so far, decompressed. */
  bytesRead(): number
  /** Lets go of the object, read to its end or not. */
  close(): Promise<void>
}

/** What a source says of how its objects are read. */
export interface Reading extends FormatSettings {
  readonly format?: FormatName | undefined
  /** UTF-8, or UTF-16 by its mark, when absent. */
  readonly encoding?: Encoding | undefined
}

/**
 * Opens an object for its lines, in the format that is given or else detected by its key and first bytes.
 * @param key may be any text.
 * @throws Failure of the object: `unknown_format`, or what is wrong with its first bytes.
 */
export async function openObject(object: Readable, key: string, reading: Reading = {}): Promise<OpenObject> {
  const { format } = reading
  const bytes = decompress(object)
  const close = async () => {
    await bytes.return(undefined)
  }
  try {
    const { head, rest: all } = await peek(bytes, kindBytes)
    let bytesRead = 0
    const see = (chunk: Buffer) => {
      bytesRead += chunk.length
    }
    const isParquet = head.subarray(0, parquetMagic.length).equals(parquetMagic)
    const opened = isParquet
      ? await openedParquet(tapped(all, see), format, key)
      : await openedText(all, head, key, reading, see)
    return { ...opened, bytesRead: () => bytesRead, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The same chunks, each shown as it passes. */
async function* tapped(chunks: AsyncIterable<Buffer>, see: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    see(chunk)
    yield chunk
  }
}

async function openedParquet(bytes: AsyncIterable<Buffer>, given: FormatName | undefined, key: string) {
  const parquet = await openParquet(bytes, given ? maxParquetBytes : maxDetectedParquetBytes)
  const format = given ?? detectParquet(parquet.columns, key)
  if (!format) throw unknownFormat(`its key and columns (${parquet.columns.join(', ')})`)
  return { format, blocks: parquet.records() }
}

async function openedText(
  bytes: AsyncIterable<Buffer>,
  first: Buffer,
  key: string,
  reading: Reading,
  see: (chunk: Buffer) => void,
) {
  // Whatever the source says of it: reading it would make rejects, or rows, of its bytes.
  const otherKind = fileKind(first)
  if (otherKind !== undefined)
    throw new Failure('object', 'parse', 'unknown_format', `it is ${otherKind}, which is no log`)
  const text = asUtf8(bytes, reading.encoding)
  const { head, rest } = await peek(text, reading.format ? 0 : headBytes)
  const format = reading.format ?? detectFormat(head, key)
  if (!reading.format && (!format || format === 'text') && !isText(first))
    throw new Failure(
      'object',
      'parse',
      'unknown_format',
      'it is no text, and none of the compressions that are read',
    )
  if (!format) throw unknownFormat('its key and first bytes')
  const seen = tapped(rest, see)
  return { format, blocks: formats[format].blocks?.(seen, reading) ?? lineBlocks(seen) }
}

function unknownFormat(by: string): Failure {
  const reason = `its format cannot be detected by ${by}: name one of ${formatNames.join(', ')}`
  return new Failure('object', 'parse', 'unknown_format', reason)
}
