import { messageOf } from '../../model/failure.ts'
import { LineLimit } from '../../model/line-limit.ts'
import { type Reject, reject } from '../../model/reject.ts'

/** What an expression finds in a line. */
type Match = { readonly kind: 'match'; readonly groups: Groups } | Reject

/** The text of each named group; undefined for a group that took no part. */
type Groups = Readonly<Record<string, string | undefined>>

const noMatch = reject('malformed', 'the line does not match the pattern')

/** An expression of the user's, from the start of the lines of one object: it may never return. */
export class LinePattern {
  readonly #expression: RegExp
  readonly #limit = new LineLimit('the pattern', 'parse')
  /** Matches of the lines that come next, by their text. */
  #ahead: ReadonlyMap<string, Match> = new Map()

  constructor({ source, flags }: RegExp) {
    // Anchored: an expression tried at every place of a line takes as many times longer.
    this.#expression = new RegExp(source, `${flags.replaceAll(/[gy]/g, '')}y`)
  }

  /** Matches a block of lines, which a time limit makes much cheaper than one at a time. */
  lookAhead(bytes: Buffer, first: number): void {
    const texts = bytes.toString('utf8').split('\n')
    const lines = texts.map((text, index) => ({
      line: first + index,
      text: text.endsWith('\r') ? text.slice(0, -1) : text,
    }))
    const matches = this.#limit.each(lines, ({ text }) => this.#try(text))
    this.#ahead = new Map(matches.map((match, index) => [lines[index]?.text ?? '', match]))
  }

  /** @throws Failure when the expression was cut off too often. */
  match(text: string): Match {
    const known = this.#ahead.get(text)
    if (known) return known
    const [alone = noMatch] = this.#limit.each([{ line: undefined, text }], () => this.#try(text))
    return alone
  }

  /** In a line of megabytes, backtracking can outgrow the stack. */
  #try(text: string): Match {
    this.#expression.lastIndex = 0
    try {
      const match = this.#expression.exec(text)
      return match ? { kind: 'match', groups: match.groups ?? {} } : noMatch
    } catch (error) {
      return reject('user_error', `the pattern failed: ${messageOf(error)}`)
    }
  }
}
