import { Failure, type Stage } from './failure.ts'
import { type Reject, reject } from './reject.ts'
import { withinTime } from './time-limit.ts'

/** The longest a source's own code may take over one line, in milliseconds: far beyond any pause of the machine. */
const lineMillis = 1000
/** The object is given up after so many lines were cut off: each holds up everything else for a second. */
const mostCutOff = 5

/** Runs code of a source, which may never return, over the lines of one object. */
export class LineLimit {
  readonly #what: string
  readonly #stage: Stage
  #cutOff = 0

  /** @param what the code is, in a message. */
  constructor(what: string, stage: Stage) {
    this.#what = what
    this.#stage = stage
  }

  /**
   * What the work makes of lines, in their order; a reject where it was cut off. All lines share one call, because a call
   * is what takes time. Work that was cut off may be begun again, so it must leave nothing behind.
   * @throws Failure when too many lines were cut off.
   */
  each<Line extends { readonly line?: number | undefined }, Result>(
    lines: readonly Line[],
    work: (line: Line) => Result,
  ): (Result | Reject)[] {
    const results: (Result | Reject)[] = []
    const workOn = () => {
      for (const line of lines.slice(results.length)) results.push(work(line))
    }
    while (results.length < lines.length) {
      if (withinTime(lineMillis, workOn)) break
      // The line under way may have met the end of the others' time, or a pause of the machine: it gets a time of its own.
      const next = results.length
      const culprit = lines[next]
      if (!culprit) break
      withinTime(lineMillis, () => results.push(work(culprit)))
      if (results.length === next) results.push(this.#cut(culprit))
    }
    return results
  }

  #cut({ line }: { readonly line?: number | undefined }): Reject {
    this.#cutOff += 1
    const reason = `${this.#what} did not return within ${lineMillis} ms and was cut off`
    if (this.#cutOff < mostCutOff) return reject('user_error', reason)
    const where = `on ${this.#cutOff} lines${line === undefined ? '' : `, the last of them line ${line}`}`
    throw new Failure(
      'object',
      this.#stage,
      'functions_stuck',
      `${reason} ${where}: mend it and replay the object`,
    )
  }
}
