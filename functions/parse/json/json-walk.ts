const tab = 0x09
const newline = 0x0a
const carriageReturn = 0x0d
/** In front of each document in a text sequence: https://www.rfc-editor.org/rfc/rfc7464 */
const recordSeparator = 0x1e
const space = 0x20
const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openList = 0x5b
const backslash = 0x5c
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** What stood last, where that is no comma, colon or bracket that opens: a name, another string, something that closed, a scalar. */
const [name, string, closed, scalar] = [1, 2, 3, 0]

/** Why a walk stopped. */
export type Stop =
  /** The chunk ended. */
  | 'chunk'
  /** A byte that JSON has not there. */
  | 'wrong'
  /** A list that is a member of the value itself. */
  | 'list'
  /** Behind the bracket that closes the value. */
  | 'closed'
  /** A comma, or a bracket that closes a list, where nothing of the value is open: it is an element, and ends before. */
  | 'comma'
  | 'listEnd'

/**
 * Follows the grammar of JSON through one value, as far as brackets, strings and what stands between them go: enough to
 * find its end, and nearly any damage. Scalars may be anything, and commas may be too many.
 */
export class JsonWalk {
  stop: Stop = 'chunk'
  /** Commas between the members of the value. */
  commas = 0
  readonly #open: number[] = []
  #last = comma
  #inString = false
  #escaped = false

  /** At the first byte of a value. */
  begin(): void {
    this.#open.length = 0
    this.#last = comma
    this.#inString = false
    this.#escaped = false
    this.commas = 0
  }

  /** Behind a list that is a member of an object, and the comma that follows it. */
  beginBehindList(): void {
    this.begin()
    this.#open.push(openObject)
  }

  /** Whether the value is a bracket that has closed, and whatever follows it is not part of it. */
  get isClosed(): boolean {
    return this.#open.length === 0 && this.#last === closed
  }

  /** Into the list where the walk stopped. */
  enterList(): void {
    this.#open.push(openList)
    this.#last = openList
  }

  /**
   * To where the walk stops, and why is in `stop`. Gives where that is, or behind it for `closed`.
   * @param atLists whether to stop at lists that are members of the value.
   */
  walk(chunk: Buffer, from: number, atLists: boolean): number {
    const open = this.#open
    let at = from
    if (this.#inString) {
      at = this.#passString(chunk, from)
      if (this.stop !== 'chunk' || at >= chunk.length) return at
    }
    let last = this.#last
    const stopAt = (stop: Stop, place: number) => {
      this.stop = stop
      this.#last = last
      return place
    }
    for (; at < chunk.length; at++) {
      const byte = chunk[at] ?? scalar
      switch (byte) {
        case quote: {
          if (last === string || last === name || last === scalar || last === closed)
            return stopAt('wrong', at)
          last = open[open.length - 1] === openObject && last !== colon ? name : string
          const close = closingQuote(chunk, at + 1)
          if (close < 0) {
            this.#inString = true
            this.#last = last
            at = this.#passString(chunk, at + 1) - 1
            if (this.stop !== 'chunk' || this.#inString) return at + 1
          } else at = close
          break
        }
        case openObject:
        case openList: {
          const isExpected =
            open[open.length - 1] === openObject ? last === colon : last === comma || last === openList
          if (!isExpected) return stopAt('wrong', at)
          if (atLists && byte === openList && open.length === 1) return stopAt('list', at)
          open.push(byte)
          last = byte
          break
        }
        case closeObject:
        case closeList:
          if (open.length === 0) return stopAt(byte === closeList ? 'listEnd' : 'wrong', at)
          if (last === colon || last === comma) return stopAt('wrong', at)
          if ((open.pop() === openObject) !== (byte === closeObject)) return stopAt('wrong', at)
          last = closed
          if (open.length === 0) return stopAt('closed', at + 1)
          break
        case comma:
          if (open.length === 0) return stopAt('comma', at)
          if (open.length === 1) this.commas += 1
          last = comma
          break
        case colon:
          if (last !== name) return stopAt('wrong', at)
          last = colon
          break
        case space:
        case newline:
        case tab:
        case carriageReturn:
          break
        case recordSeparator:
          return stopAt('wrong', at)
        default:
          if (last === string || last === name || last === closed) return stopAt('wrong', at)
          last = scalar
      }
    }
    return stopAt('chunk', chunk.length)
  }

  /** To the end of the string at hand, or of the chunk. A line's end is in no string. */
  #passString(chunk: Buffer, from: number): number {
    this.stop = 'chunk'
    let at = this.#escaped ? from + 1 : from
    this.#escaped = false
    for (; at < chunk.length; at++) {
      const byte = chunk[at]
      if (byte === quote) {
        this.#inString = false
        return at + 1
      }
      if (byte === backslash) at += 1
      else if (byte === newline) {
        this.stop = 'wrong'
        return at
      }
    }
    this.#escaped = at > chunk.length
    return chunk.length
  }
}

/**
 * The quote that ends a string which starts at `from`; -1 when the string needs a closer look. Most strings do not matter
 * here: passing over them in one loop takes half the time.
 */
function closingQuote(chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at]
    if (byte === quote) return at
    if (byte === backslash) at += 1
    else if (byte === newline) return -1
  }
  return -1
}
