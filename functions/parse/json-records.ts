import { type LineBlock, maxLineBytes } from './line-blocks.ts'

/** How documents that hold many records are told and cut. */
export interface Framing {
  /** Name of the member that lists the records of a document. A document without it is one record. */
  readonly list: string | undefined
  /**
   * Whether what a document says before its list is always a record too, ahead of the others: as a document whose
   * list is empty. Else only where it says anything.
   */
  readonly envelope: boolean
}

/** Every document is a record. */
const wholeDocuments: Framing = { list: undefined, envelope: false }

const tab = 0x09
const newline = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const quote = 0x22
const comma = 0x2c
const openList = 0x5b
const backslash = 0x5c
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d
const colon = 0x3a
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** What closes an envelope cut off behind the bracket that opens its list. */
const emptyList = Buffer.from(']}')

/**
 * Cuts JSON documents, one after the other with or without anything between, into records: the elements of each
 * one's list, or the whole of it. Memory stays bounded by one chunk and `limit`, however long a list is.
 *
 * Nothing is checked that finding the ends does not need: that is the parser's. What is no document is a record
 * all the same, up to the next line or `{`, and so is what a document cut short leaves: the parser rejects them.
 */
export async function* jsonRecords(
  source: AsyncIterable<Buffer>,
  framing = wholeDocuments,
  limit = maxLineBytes,
): AsyncGenerator<LineBlock> {
  const cutter = new RecordCutter(framing, limit)
  for await (const chunk of source) yield* cutter.cut(chunk)
  yield* cutter.finish()
}

/**
 * Where the cutter is:
 * - `between` documents: nothing is held.
 * - `text`: in what is no document.
 * - `document`: in a document, its list not seen or, when `#listed`, behind it.
 * - `list`: in the list, before an element.
 * - `element`: in an element.
 * - `after`: right behind the list.
 */
type Place = 'between' | 'text' | 'document' | 'list' | 'element' | 'after'

class RecordCutter {
  readonly #list: Buffer | undefined
  readonly #envelopes: boolean
  readonly #limit: number
  #place: Place = 'between'
  /** Brackets that are open. Elements stand two deep. */
  #depth = 0
  #inString = false
  #escaped = false
  /** Of the document at hand: whether its list has begun, its members so far, and what was before the list. */
  #listed = false
  #members = 0
  #envelope: Buffer = emptyList
  /** Where the string at hand began in the record, and whether the last one was the list's name. */
  #stringAt = 0
  #named = false
  /** The record at hand: what earlier chunks had of it, up to the limit, and how it ended; where it begins in this one. */
  #held: Buffer[] = []
  #heldBytes = 0
  #length = 0
  #last = space
  #start = 0
  #blocks: LineBlock[] = []
  #records: Buffer[] = []

  constructor(framing: Framing, limit: number) {
    this.#list = framing.list === undefined ? undefined : Buffer.from(framing.list)
    this.#envelopes = framing.envelope
    this.#limit = limit
  }

  /** The records that end in this chunk. */
  cut(chunk: Buffer): LineBlock[] {
    this.#start = 0
    for (let at = 0; at < chunk.length; ) {
      if (this.#inString) at = this.#passString(chunk, at)
      else if (this.#place === 'element' || this.#place === 'document') at = this.#passBracket(chunk, at)
      else at = this.#passOutside(chunk, at)
    }
    if (this.#holds()) this.#hold(chunk, chunk.length)
    return this.#take()
  }

  /**
   * What the end of the object leaves. A document that was not closed leaves a record nobody takes for whole: its
   * last, or what was before its list if that one is whole.
   */
  finish(): LineBlock[] {
    this.#start = 0
    const unclosed = this.#listed && this.#depth <= 2 && !this.#inString && this.#place !== 'document'
    if (this.#holds()) this.#end(Buffer.alloc(0), 0)
    if (unclosed) this.#records.push(this.#envelope)
    this.#place = 'between'
    return this.#take()
  }

  /** To the end of the string, or of the chunk. A line's end is in no string: one there ends a broken record. */
  #passString(chunk: Buffer, from: number): number {
    let at = from
    if (this.#escaped) at += 1
    this.#escaped = false
    for (; at < chunk.length; at++) {
      const byte = chunk[at]
      if (byte === quote) {
        this.#inString = false
        if (this.#depth === 1) this.#named = this.#isName(chunk, at)
        return at + 1
      }
      if (byte === backslash) at += 1
      else if (byte === newline) {
        this.#end(chunk, at)
        this.#leave()
        return at + 1
      }
    }
    this.#escaped = at > chunk.length
    return chunk.length
  }

  /** To the next byte within a record that may change where we are, and past it. */
  #passBracket(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      switch (chunk[at]) {
        case quote:
          this.#inString = true
          this.#stringAt = this.#offset(at) + 1
          return at + 1
        case openObject:
          if (this.#place === 'document' && this.#breaksOff(chunk, at)) {
            this.#end(chunk, at)
            this.#leave()
            return at
          }
          this.#depth += 1
          this.#named = false
          break
        case openList:
          if (this.#depth === 1 && this.#opensList(chunk, at)) return at + 1
          this.#depth += 1
          this.#named = false
          break
        case comma:
          if (this.#place === 'element' && this.#depth === 2) {
            this.#end(chunk, at)
            this.#place = 'list'
            return at + 1
          }
          if (this.#depth === 1) this.#members += 1
          this.#named = false
          break
        case closeObject:
        case closeList:
          if (this.#closes(chunk, at)) return at + 1
          break
        case colon:
        case space:
        case newline:
        case tab:
        case carriageReturn:
          break
        default:
          this.#named = false
      }
    }
    return chunk.length
  }

  /** Whether the bracket at `at` opens the document's list, which makes what is before it the envelope. */
  #opensList(chunk: Buffer, at: number): boolean {
    const length = this.#offset(at) + 1
    if (!this.#named || this.#listed || length > this.#limit) return false
    this.#envelope = Buffer.concat([...this.#held, chunk.subarray(this.#start, at + 1)])
    if (this.#envelopes || this.#members > 0) this.#records.push(Buffer.concat([this.#envelope, emptyList]))
    this.#begin(at + 1)
    this.#listed = true
    this.#depth = 2
    this.#place = 'list'
    return true
  }

  /** Whether the closing bracket at `at` ends the record at hand. */
  #closes(chunk: Buffer, at: number): boolean {
    if (this.#place === 'element' && this.#depth === 2) {
      // A brace here closes nothing: the element is broken, and the list goes on.
      if (chunk[at] === closeObject) return false
      this.#end(chunk, at)
      this.#depth = 1
      this.#place = 'after'
      return true
    }
    this.#depth -= 1
    if (this.#depth > 0) return false
    this.#end(chunk, at + 1)
    this.#leave()
    return true
  }

  /** Past one byte where no record is at hand but text, or to where a record begins. */
  #passOutside(chunk: Buffer, at: number): number {
    const byte = chunk[at] ?? space
    if (this.#place === 'text') {
      if (byte !== newline && byte !== openObject) return at + 1
      this.#end(chunk, at)
      this.#place = 'between'
    }
    if (isSpace(byte)) return at + 1
    if (this.#place === 'between') {
      this.#begin(at)
      this.#place = byte === openObject ? 'document' : 'text'
      if (byte === openObject) this.#depth = 1
      return at + 1
    }
    if (this.#place === 'list' && byte === closeList) {
      this.#depth = 1
      this.#place = 'after'
      return at + 1
    }
    if (this.#place === 'list' && byte === comma) return at + 1
    if (this.#place === 'after' && byte === closeObject) {
      this.#leave()
      return at + 1
    }
    if (this.#place === 'after' && byte === openObject) {
      // Cut off: another document begins.
      this.#records.push(this.#envelope)
      this.#leave()
      return at
    }
    this.#begin(at)
    this.#place = this.#place === 'list' ? 'element' : 'document'
    return at
  }

  /** Leaves the document. */
  #leave(): void {
    this.#place = 'between'
    this.#depth = 0
    this.#inString = false
    this.#listed = false
    this.#named = false
    this.#members = 0
  }

  #isName(chunk: Buffer, at: number): boolean {
    const list = this.#list
    if (!list || this.#listed || this.#offset(at) - this.#stringAt !== list.length) return false
    const from = at - list.length
    if (from >= this.#start) return chunk.subarray(from, at).equals(list)
    const record = Buffer.concat([...this.#held, chunk.subarray(this.#start, at)])
    return record.subarray(-list.length).equals(list)
  }

  /**
   * Whether the brace at `at` cannot belong to the document, which was cut off then: another begins here.
   * Brackets are not told apart, so not all that cannot belong is noticed; but nothing that can is taken for it.
   */
  #breaksOff(chunk: Buffer, at: number): boolean {
    const before = this.#before(chunk, at)
    return before !== colon && before !== openList && (before !== comma || this.#depth === 1)
  }

  /** The last byte of the record before `at` that is no blank. */
  #before(chunk: Buffer, at: number): number {
    for (let back = at - 1; back >= this.#start; back--) {
      const byte = chunk[back] ?? space
      if (!isSpace(byte)) return byte
    }
    return this.#last
  }

  #holds(): boolean {
    return this.#place === 'text' || this.#place === 'document' || this.#place === 'element'
  }

  /** How far into the record a place in the chunk is. */
  #offset(at: number): number {
    return this.#length + at - this.#start
  }

  #begin(at: number): void {
    this.#held = []
    this.#heldBytes = 0
    this.#length = 0
    this.#start = at
  }

  #hold(chunk: Buffer, end: number): void {
    this.#last = this.#before(chunk, end)
    const part = chunk.subarray(this.#start, Math.min(end, this.#start + this.#limit - this.#heldBytes))
    if (part.length > 0) this.#held.push(part)
    this.#heldBytes += part.length
    this.#length += end - this.#start
    this.#start = end
  }

  /** Ends the record at hand at `end`, without the blanks it ends with. */
  #end(chunk: Buffer, end: number): void {
    this.#hold(chunk, end)
    const [only] = this.#held
    const bytes = only && this.#held.length === 1 ? only : Buffer.concat(this.#held)
    if (this.#length > this.#limit) {
      this.#flush()
      this.#blocks.push({ kind: 'overlong', head: bytes, length: this.#length })
      return
    }
    let last = bytes.length
    while (last > 0 && isSpace(bytes[last - 1] ?? 0)) last--
    const record = bytes.subarray(0, last)
    if (this.#place !== 'text' || !record.equals(byteOrderMark)) this.#records.push(record)
  }

  #flush(): void {
    if (this.#records.length > 0) this.#blocks.push({ kind: 'records', records: this.#records })
    this.#records = []
  }

  /** The blocks so far, in order; forgets them. */
  #take(): LineBlock[] {
    this.#flush()
    const blocks = this.#blocks
    this.#blocks = []
    return blocks
  }
}

function isSpace(byte: number): boolean {
  return byte === space || (byte <= 0x0d && byte >= 0x09)
}
