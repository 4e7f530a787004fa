import type { Column } from '../../model/column.ts'
import { isObject } from '../../parse/json/json-document.ts'
import { cellFor } from '../tables/cell-for.ts'
import { isoMicros } from './iso-micros.ts'

/**
 * Moves fields that have a declared column out of `rest`, and out of what FireLens's `log` held, into their columns.
 * A value its column cannot hold stays in `rest`, where it stood if another of its name is there.
 * @returns how many such there are.
 */
export function liftDeclared(row: Record<string, unknown>, columns: readonly Column[]): number {
  const rest = row['rest']
  if (!isObject(rest)) return 0
  const left: Record<string, unknown> = { ...rest }
  const inner: Record<string, unknown> | undefined = isObject(rest['log']) ? { ...rest['log'] } : undefined
  let misfits = 0
  for (const column of columns) {
    const holder = inner && Object.hasOwn(inner, column.name) ? inner : left
    if (!Object.hasOwn(holder, column.name)) continue
    const value = holder[column.name]
    delete holder[column.name]
    const cell = value === null ? null : cellFor(column, value)
    if (cell === undefined) {
      misfits += 1
      const place = inner && Object.hasOwn(left, column.name) ? inner : left
      place[column.name] = value
    } else if (cell !== null) row[column.name] = asRead(column, cell, value)
  }
  if (inner && Object.keys(inner).length > 0) left['log'] = inner
  else if (inner) delete left['log']
  row['rest'] = left
  return misfits
}

/** See LogRow. */
function asRead(column: Column, cell: unknown, value: unknown): unknown {
  if (column.type === 'JSON') return value
  return column.type === 'TIMESTAMP' ? isoMicros(Number(cell)) : cell
}
