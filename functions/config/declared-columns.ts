import type { Column } from '../model/column.ts'
import type { DeclaredColumns } from './log-row.ts'

/** The columns a source declares, behind those of its format. */
export function declaredColumns(declared: DeclaredColumns | undefined): Column[] {
  return Object.entries(declared ?? {}).map(([name, type]) => ({
    name,
    type,
    description: 'Declared by the configuration',
  }))
}
