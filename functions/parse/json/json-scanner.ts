const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const dot = 0x2e
const zero = 0x30
const colon = 0x3a
const openList = 0x5b
const backslash = 0x5c
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** What `seen` says of what was passed: it holds an escape. */
const escaped = 1
/** The same: it is to be rewritten before BigQuery takes it. */
export const doubtful = 2

/** Bytes that do not simply go on a string: quote, backslash, control characters. */
const endsRun = new Uint8Array(256)
  .fill(1, 0, 0x20)
  .fill(1, quote, quote + 1)
  .fill(1, backslash, backslash + 1)

/** Digits a double holds whatever they are. */
const safeDigits = 15

/**
 * Passes over JSON in `bytes` before `end`, refusing what JSON.parse would refuse. Every method takes where something
 * begins and gives where it ends. What lies at or behind `end` is never taken for the end of a string or a value.
 */
export class JsonScanner {
  bytes: Buffer = Buffer.alloc(0)
  end = 0
  /** What was special about what was passed since this was last set to 0. */
  seen = 0

  /** Behind the value at `at`, which may hold so many brackets within each other; -1 when none ends before the end. */
  value(at: number, levels: number): number {
    if (at >= this.end) return -1
    switch (this.bytes[at]) {
      case quote: {
        const close = this.string(at + 1)
        return close < 0 ? -1 : close + 1
      }
      case openObject:
        return levels === 0 ? -1 : this.#object(at + 1, levels - 1)
      case openList:
        return levels === 0 ? -1 : this.#list(at + 1, levels - 1)
      case 0x74:
        return this.#literal(at, 'true')
      case 0x66:
        return this.#literal(at, 'false')
      case 0x6e:
        return this.#literal(at, 'null')
      default:
        return this.#number(at)
    }
  }

  #object(from: number, levels: number): number {
    const { bytes } = this
    let at = this.blanks(from)
    if (bytes[at] === closeObject) return at + 1
    for (;;) {
      const nameEnd = bytes[at] === quote ? this.string(at + 1) : -1
      if (nameEnd < 0) return -1
      at = this.blanks(nameEnd + 1)
      if (bytes[at] !== colon) return -1
      const end = this.value(this.blanks(at + 1), levels)
      if (end < 0) return -1
      at = this.blanks(end)
      if (bytes[at] === closeObject) return at + 1
      if (bytes[at] !== comma) return -1
      at = this.blanks(at + 1)
    }
  }

  #list(from: number, levels: number): number {
    const { bytes } = this
    let at = this.blanks(from)
    if (bytes[at] === closeList) return at + 1
    for (;;) {
      const end = this.value(at, levels)
      if (end < 0) return -1
      at = this.blanks(end)
      if (bytes[at] === closeList) return at + 1
      if (bytes[at] !== comma) return -1
      at = this.blanks(at + 1)
    }
  }

  /** The quote that ends the string whose text starts at `from`; -1 if none does, or the string is none of JSON's. */
  string(from: number): number {
    const { bytes } = this
    const end = this.end
    for (let at = from; at < end; at++) {
      const byte = bytes[at] as number
      if (endsRun[byte] === 0) continue
      if (byte === quote) return at
      if (byte !== backslash) return -1
      at = this.#escape(at + 1)
      if (at < 0) return -1
    }
    return -1
  }

  /** The last byte of the escape whose letter stands at `at`; -1 if it is none. */
  #escape(at: number): number {
    this.seen |= escaped
    switch (this.bytes[at]) {
      case 0x75:
        break
      case quote:
      case backslash:
      case 0x2f:
      case 0x62:
      case 0x66:
      case 0x6e:
      case 0x72:
      case 0x74:
        return at
      default:
        return -1
    }
    for (let digit = at + 1; digit <= at + 4; digit++) if (!isHexDigit(this.bytes[digit])) return -1
    // One of a surrogate pair; whether the other is there, rewriting finds out.
    if (((this.bytes[at + 1] as number) | 0x20) === 0x64) this.seen |= doubtful
    return at + 4
  }

  #literal(at: number, word: string): number {
    for (let index = 1; index < word.length; index++)
      if (this.bytes[at + index] !== word.charCodeAt(index)) return -1
    return at + word.length
  }

  /** Behind a number. One that a double may not hold is to be rewritten. */
  #number(from: number): number {
    const { bytes } = this
    const start = bytes[from] === minus ? from + 1 : from
    const whole = this.#digits(start)
    let digits = whole - start
    if (digits === 0 || (digits > 1 && bytes[start] === zero)) return -1
    let at = whole
    if (bytes[at] === dot) {
      at = this.#digits(whole + 1)
      if (at === whole + 1) return -1
      digits += at - whole - 1
    }
    const isUnixMicros = digits === 16 && whole - start === 10 && (bytes[start] as number) <= zero + 7
    if (digits > safeDigits && !isUnixMicros) this.seen |= doubtful
    if (((bytes[at] as number) | 0x20) !== 0x65) return at
    const sign = bytes[at + 1]
    const exponent = sign === minus || sign === 0x2b ? at + 2 : at + 1
    at = this.#digits(exponent)
    if (at - exponent > 2) this.seen |= doubtful
    return at === exponent ? -1 : at
  }

  #digits(from: number): number {
    const { bytes } = this
    const end = this.end
    let at = from
    while (at < end && (bytes[at] as number) >= zero && (bytes[at] as number) <= zero + 9) at++
    return at
  }

  blanks(from: number): number {
    const { bytes } = this
    const end = this.end
    let at = from
    for (; at < end; at++) {
      const byte = bytes[at] as number
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break
    }
    return at
  }
}

function isHexDigit(byte = 0): boolean {
  const letter = byte | 0x20
  return (byte >= zero && byte <= zero + 9) || (letter >= 0x61 && letter <= 0x66)
}
