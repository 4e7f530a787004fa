import type { Format } from '../../model/format.ts'
import { shareLikeHeader } from '../detecting/header-detection.ts'
import type { SeparatedKind } from '../text/delimiters.ts'
import { separatedRecords } from '../text/separated-records.ts'
import { SeparatedParser } from './separated-parser.ts'

/**
 * The format of values between commas or tabs, below a header that names them, as RFC 4180 has it: a record may go on
 * over lines within quotes. What the columns are is the file's own affair and may differ from file to file, so all values
 * are in `rest` by their names, as text; empty ones and `-` are left out. The event_time is that of the first well-known
 * time name whose value is a time. A record with more or fewer values than there are names is a reject.
 */
export function separatedValues(
  { name, about, settings }: Pick<Format, 'name' | 'about'> & Required<Pick<Format, 'settings'>>,
  kind: SeparatedKind,
): Format {
  return {
    name,
    about,
    delivery: 'none',
    evolves: true,
    settings,
    columns: [],
    app: { fields: ['app', 'service', 'service_name', 'component', 'application'] },
    detection: { reads: 'any', share: ({ head }) => shareLikeHeader(head, kind) },
    blocks: (bytes, settings) => separatedRecords(bytes, kind, settings),
    parser: (appFields, options = {}) => {
      const parser = new SeparatedParser(kind, appFields, options)
      return (bytes, start, end, row) => parser.parse(bytes, start, end, row)
    },
  }
}
