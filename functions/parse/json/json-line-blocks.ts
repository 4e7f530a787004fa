import type { FormatSettings } from '../../model/format.ts'
import type { LineBlock } from '../../model/line-block.ts'
import { peek } from '../reading/decompress.ts'
import { lineBlocks } from '../reading/line-blocks.ts'
import { layoutOf, longLine } from './json-layout.ts'
import { jsonRecords } from './json-records.ts'
import { otlpRecords } from './otlp-records.ts'

/**
 * Cuts a file of JSON objects into objects, however they are laid out: one a line, in a list, over several lines, one right
 * after the other, in a text sequence, or in a list that a member of each document has.
 */
export async function* jsonLineBlocks(
  source: AsyncIterable<Buffer>,
  { records }: FormatSettings,
): AsyncGenerator<LineBlock> {
  const { head, rest } = await peek(source, longLine)
  const layout = layoutOf(head, records)
  if (layout === 'lines') yield* lineBlocks(rest)
  else if (layout === 'otlp') yield* otlpRecords(jsonRecords(rest))
  else yield* jsonRecords(rest, layout)
}
