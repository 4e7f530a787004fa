import type { Readable } from 'node:stream'
import { decompress } from './decompress.ts'
import type { Format } from './format.ts'
import { type LineBlock, lineBlocks } from './line-blocks.ts'

/** The lines of an object, decompressed and cut as its format counts them. */
export function blocksOf(object: Readable, format: Format): AsyncGenerator<LineBlock> {
  const bytes = decompress(object)
  return format.blocks ? format.blocks(bytes) : lineBlocks(bytes)
}
