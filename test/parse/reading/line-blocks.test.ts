import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineBlocks, type TextBlock } from '../../../functions/parse/reading/line-blocks.ts'
import { chunksOf } from '../../split/read-object.ts'

const limit = 8

async function blocksOf(bytes: Buffer, sizes: readonly number[]): Promise<TextBlock[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield* chunksOf(bytes, sizes)
  }
  const blocks: TextBlock[] = []
  for await (const block of lineBlocks(chunks(), limit)) blocks.push(block)
  return blocks
}

/** The lines of a buffer, without their ends; nothing after the last newline is no line. */
function naiveLines(bytes: Buffer): string[] {
  const lines = bytes.toString('latin1').split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** What a reader makes of blocks: each line, or the head and length of one too long. */
function readLines(blocks: readonly TextBlock[]): string[] {
  return blocks.flatMap((block) =>
    block.kind === 'overlong'
      ? [`${block.head.toString('latin1')}... ${block.length}`]
      : naiveLines(block.bytes).map(shorten),
  )
}

function shorten(line: string): string {
  return line.length > limit ? `${line.slice(0, limit)}... ${line.length}` : line
}

const content = fc
  .array(fc.constantFrom('\n', '\r\n', 'a', 'bcd', 'efghijkl', 'mnopqrstuvwxyz', '\n\n'), { maxLength: 30 })
  .map((parts) => Buffer.from(parts.join('')))
const sizes = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 6 })

test('lines are those of a naive split, whatever the chunks', async () => {
  await fc.assert(
    fc.asyncProperty(content, sizes, async (bytes, chunkSizes) => {
      expect(readLines(await blocksOf(bytes, chunkSizes))).toEqual(naiveLines(bytes).map(shorten))
    }),
    { numRuns: 1000 },
  )
})

test('no block of lines holds more than a chunk and the limit', async () => {
  await fc.assert(
    fc.asyncProperty(content, fc.integer({ min: 1, max: 25 }), async (bytes, size) => {
      for (const block of await blocksOf(bytes, [size])) {
        const held = block.kind === 'lines' ? block.bytes.length - size : block.head.length
        expect(held).toBeLessThanOrEqual(limit)
      }
    }),
  )
})

test.each([7, 8, 9, 10, 30])('a line of %d bytes, cut anywhere, with and without its end', async (length) => {
  for (const end of ['', '\n', '\r\n', '\nnext']) {
    const bytes = Buffer.from(`first\n${'x'.repeat(length)}${end}`)
    for (let cut = 1; cut <= bytes.length; cut++)
      expect(readLines(await blocksOf(bytes, [cut, bytes.length]))).toEqual(naiveLines(bytes).map(shorten))
  }
})
