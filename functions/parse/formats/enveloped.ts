import type { FirstLines, Format, FormatSettings } from '../../model/format.ts'
import type { LineBlock } from '../../model/line-block.ts'
import { reject } from '../../model/reject.ts'
import type { LineParser } from '../../model/row-writer.ts'
import { envelopedLines, type ReadEnvelope } from '../json/enveloped-lines.ts'
import { lineBlocks } from '../reading/line-blocks.ts'
import { jsonLines } from './json-lines.ts'

/** What a format of wrapped messages is made of. */
export interface EnvelopedFormat extends Pick<Format, 'name' | 'about' | 'app'> {
  readonly read: ReadEnvelope
  /** Object keys it is under, where its lines may be another log's. */
  readonly key?: RegExp
  /** What its lines are, for people. */
  readonly line: string
  /** Cuts the bytes into lines, or records of several. */
  readonly cut?: (bytes: AsyncIterable<Buffer>) => AsyncGenerator<LineBlock>
}

/** A format of lines that wrap the messages of applications: these have the columns of `json-lines`. */
export function enveloped({ read, line, cut = lineBlocks, name, about, app, key }: EnvelopedFormat): Format {
  const none = reject('malformed', `the line is not ${line}`)
  return {
    name,
    about,
    app,
    delivery: 'none',
    settings: ['joinLines', 'time'],
    evolves: true,
    columns: jsonLines.columns,
    ...(jsonLines.paths && { paths: jsonLines.paths }),
    wrapper: 'log',
    detection: {
      reads: 'kind',
      share: (first) => shareOf(first, read),
      ...(key && { key, onlyByKey: true }),
    },
    blocks: (bytes, { joinLines }: FormatSettings) => envelopedLines(cut(bytes), read, joinLines),
    parser: (appFields, options) => {
      const parse = jsonLines.parser(appFields, options)
      const own: LineParser = (bytes, start, end, row) => {
        const result = parse(bytes, start, end, row)
        return result.kind === 'reject' ? none : result
      }
      return own
    },
  }
}

function shareOf({ lines }: FirstLines, read: ReadEnvelope): number {
  return lines.length === 0 ? 0 : lines.filter((line) => read(line) !== undefined).length / lines.length
}
