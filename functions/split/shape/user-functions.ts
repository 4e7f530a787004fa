import type { AppFunction, Filter, LogRow, MappedRow, Mapper } from '../../config/log-row.ts'
import { appName } from '../../model/app-name.ts'
import { UserError } from '../../model/user-error.ts'

/** What a source's own functions are. */
export interface UserFunctions {
  readonly app?: AppFunction | undefined
  readonly filter?: Filter | undefined
  readonly map?: Mapper | undefined
}

/** A row and the app it belongs to. */
export interface AppRow {
  readonly app: string
  readonly row: MappedRow
}

/** A message longer than this is cut. */
const longestMessage = 1000

/**
 * What a line becomes: app, filter, map, in this order. None when the line is filtered.
 * @throws UserError
 */
export function applyFunctions(functions: UserFunctions, row: LogRow, defaultApp: string): AppRow[] {
  const { app, filter, map } = functions
  let read = row
  if (app) read = { ...row, app: appOf(call('app', app, row), 'app gave', defaultApp) }
  if (filter) {
    const kept: unknown = call('filter', filter, read)
    if (typeof kept !== 'boolean') throw new UserError(`filter gave ${kindOf(kept)}, not true or false`)
    if (!kept) return []
  }
  if (!map) return [{ app: read.app, row: read }]
  return listOf(call('map', map, read)).map((mapped) => ({
    app: appOf(mapped['app'], 'map gave a row whose app is', defaultApp),
    row: mapped,
  }))
}

function call<T>(name: string, called: (row: LogRow) => T, row: LogRow): T {
  try {
    return called(row)
  } catch (error) {
    throw new UserError(`${name} threw: ${thrownText(error).slice(0, longestMessage)}`)
  }
}

/** Anything may be thrown, even a value that has no text. */
function thrownText(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`
  return typeof error === 'string' ? error : kindOf(error)
}

function appOf(value: unknown, what: string, defaultApp: string): string {
  if (value === null || value === undefined || value === '') return defaultApp
  if (typeof value !== 'string') throw new UserError(`${what} ${kindOf(value)}, not text`)
  return appName(value.toWellFormed())
}

function listOf(mapped: unknown): MappedRow[] {
  if (mapped === null || mapped === undefined) return []
  const rows: unknown[] = Array.isArray(mapped) ? mapped : [mapped]
  return rows.map((row) => {
    if (isPlain(row)) return row
    throw new UserError(`map gave ${kindOf(row)}, not a row, a list of rows or nothing`)
  })
}

function isPlain(value: unknown): value is MappedRow {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** What a value is, without showing it. */
function kindOf(value: unknown): string {
  if (value instanceof Promise) return 'a Promise (functions must be synchronous)'
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object'
    ? `an object (${value.constructor?.name ?? 'no class'})`
    : `a ${typeof value}`
}
