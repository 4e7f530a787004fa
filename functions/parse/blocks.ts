import type { Readable } from 'node:stream'
import { decompress, peek } from './decompress.ts'
import type { Format } from './format.ts'
import { type LineBlock, lineBlocks } from './line-blocks.ts'
import { parquetMagic, parquetRecords } from './parquet.ts'

/** The lines of an object, decompressed and cut as its format counts them; of Parquet, its rows as JSON. */
export async function* blocksOf(object: Readable, format: Format): AsyncGenerator<LineBlock> {
  const bytes = decompress(object)
  try {
    const { head, rest } = await peek(bytes, parquetMagic.length)
    if (head.equals(parquetMagic)) yield* parquetRecords(rest)
    else yield* format.blocks ? format.blocks(rest) : lineBlocks(rest)
  } finally {
    await bytes.return(undefined)
  }
}
