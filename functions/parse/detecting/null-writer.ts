import type { RowWriter } from '../../model/row-writer.ts'

/** Discards what is written: for finding out whether a line parses. */
export const nullWriter: RowWriter = {
  text: () => undefined,
  string: () => undefined,
  integer: () => undefined,
  float: () => undefined,
  boolean: () => undefined,
  timestamp: () => undefined,
  eventTime: () => true,
  app: () => undefined,
  rest: () => undefined,
  restText: () => undefined,
}
