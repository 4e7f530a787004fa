import { padEnd, padStart, printable, textWidth, truncateMiddle } from './cell-text.ts'
import { formatCount } from './count.ts'
import { paint, type Terminal } from './terminal.ts'

export type Cell = string | number | bigint | boolean | null

interface Column {
  readonly title: string
  readonly cells: readonly string[]
  readonly numeric: boolean
  readonly width: number
}

const gap = '  '
/** A text column is not squeezed below this many characters: a wider line is better than unreadable cells. */
const narrowest = 8

/**
 * Aligned columns under a header; numbers to the right, with thousands separators. On a TTY the widest text
 * columns give up their middle until a line fits; numbers are never cut.
 */
export function table(
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
  terminal: Terminal,
): string {
  const columns = squeeze(
    titles.map((title, index) =>
      columnOf(
        title,
        rows.map((row) => row[index] ?? null),
      ),
    ),
    terminal,
  )
  const header = paint(
    terminal,
    'bold',
    line(columns, (column) => column.title, terminal),
  )
  const body = rows.map((_, row) => line(columns, (column) => column.cells[row] ?? '', terminal))
  return [header, ...body].join('\n')
}

function columnOf(title: string, cells: readonly Cell[]): Column {
  const numeric = cells.some(isNumber) && cells.every((cell) => cell === null || isNumber(cell))
  const texts = cells.map((cell) => (isNumber(cell) ? formatCount(cell) : printable(String(cell))))
  const width = texts.reduce((widest, text) => Math.max(widest, textWidth(text)), textWidth(title))
  return { title, cells: texts, numeric, width }
}

function isNumber(cell: Cell): cell is number | bigint {
  return typeof cell === 'number' || typeof cell === 'bigint'
}

/** Finds the largest width that, as a cap on the text columns, makes a line fit. */
function squeeze(columns: readonly Column[], terminal: Terminal): readonly Column[] {
  const total = (cap: number) =>
    columns.reduce((sum, column) => sum + cappedWidth(column, cap), gap.length * (columns.length - 1))
  let cap = Math.max(narrowest, ...columns.map((column) => column.width))
  while (terminal.isTty && cap > narrowest && total(cap) > terminal.columns) cap -= 1
  return columns.map((column) => ({ ...column, width: cappedWidth(column, cap) }))
}

function cappedWidth(column: Column, cap: number): number {
  return column.numeric ? column.width : Math.min(column.width, cap)
}

function line(columns: readonly Column[], text: (column: Column) => string, terminal: Terminal): string {
  const ellipsis = terminal.ascii ? '~' : '…'
  const cells = columns.map((column) => {
    const cell = truncateMiddle(text(column), column.width, ellipsis)
    return column.numeric ? padStart(cell, column.width) : padEnd(cell, column.width)
  })
  return cells.join(gap).trimEnd()
}
