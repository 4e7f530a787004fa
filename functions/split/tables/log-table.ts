import { declaredColumns } from '../../config/declared-columns.ts'
import { leading, trailing } from '../../model/standard-columns.ts'
import type { TableLayout } from '../../model/table.ts'
import { formats } from '../../parse/formats.ts'
import type { LogSource } from './log-source.ts'

/** The layout every log table of a source in one format has, whichever app it holds. */
export function logTableLayout(source: Pick<LogSource, 'name' | 'format' | 'columns'>): TableLayout {
  const declared = declaredColumns(source.columns)
  return {
    columns: [...leading, ...formats[source.format].columns, ...declared, ...trailing],
    partitionBy: 'event_time',
    clusterBy: ['app'],
    description: `Lines of source ${source.name} (${source.format}), loaded by Causeway`,
  }
}
