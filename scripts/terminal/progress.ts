import { stripVTControlCharacters } from 'node:util'
import { truncateMiddle } from './cell-text.ts'
import { formatCount } from './count.ts'
import type { Terminal } from './terminal.ts'

/** One figure of the line: `uploaded 12/12`, or `loaded 9` where the end is not known. */
export interface StageCount {
  readonly stage: string
  readonly count: number
  readonly total?: number
}

/** Where the line goes: standard error, so that standard output stays the command's result. */
export interface TextSink {
  write(text: string): unknown
}

export interface ProgressOptions {
  readonly stream: TextSink
  readonly terminal: Terminal
  /** Milliseconds; only differences matter. */
  readonly now: () => number
}

/** A terminal is redrawn at most ten times a second; a log file gets a line at most every five seconds. */
const intervalMs = { terminal: 100, log: 5_000 } as const

/**
 * How far each stage is: one line redrawn in place on a TTY, one line per change elsewhere.
 *
 * Has no timer: `show` is called as often as there is news, and what came too early to be drawn is drawn by a
 * later `show` or by `done`. The owner calls `done` on every way out; the cursor is then on a fresh line.
 */
export class Progress {
  readonly #options: ProgressOptions
  #latest = ''
  #drawn = ''
  #drawnAt = Number.NEGATIVE_INFINITY
  #isDone = false

  constructor(options: ProgressOptions) {
    this.#options = options
  }

  show(stages: readonly StageCount[]): void {
    if (this.#isDone) return
    this.#latest = progressLine(stages, this.#options.terminal)
    const { terminal, now } = this.#options
    const interval = terminal.isTty ? intervalMs.terminal : intervalMs.log
    if (now() - this.#drawnAt >= interval) this.#draw()
  }

  /** Draws the last state and ends the line. Safe to call twice; nothing is drawn afterwards. */
  done(): void {
    if (this.#isDone) return
    this.#draw()
    this.#isDone = true
    if (this.#options.terminal.isTty && this.#drawn !== '') this.#options.stream.write('\n')
  }

  #draw(): void {
    if (this.#latest === this.#drawn) return
    const { stream, terminal, now } = this.#options
    stream.write(terminal.isTty ? `\r${this.#latest}${eraseToEnd}` : `${this.#latest}\n`)
    this.#drawn = this.#latest
    this.#drawnAt = now()
  }
}

const eraseToEnd = '\u001b[K'

function progressLine(stages: readonly StageCount[], terminal: Terminal): string {
  const figures = stages.map(({ stage, count, total }) =>
    total === undefined
      ? `${stage} ${formatCount(count)}`
      : `${stage} ${formatCount(count)}/${formatCount(total)}`,
  )
  const line = stripVTControlCharacters(figures.join(terminal.ascii ? ' | ' : ' · '))
  // The last column stays free: a line that fills it wraps, and a wrapped line cannot be redrawn in place.
  return terminal.isTty ? truncateMiddle(line, terminal.columns - 1, terminal.ascii ? '~' : '…') : line
}
