import type { LineBlock } from '../../model/line-block.ts'
import { byteOrderMark } from '../reading/byte-order-mark.ts'
import { isBlank, PartialRecord, trimEnd } from './partial-record.ts'

/** How documents that hold many records are recognised and cut. */
export interface Framing {
  /** Name of the member that lists the records of a document. A document without it is one record. */
  readonly list: string | undefined
  /**
   * Whether what a document has before its list is always a record too, ahead of the others, as a document with an
   * empty list. Otherwise only where there is anything.
   */
  readonly envelope: boolean
  /** What a document has before its list becomes a member `envelope` of each of its records instead. */
  readonly attach?: true
}

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
/** In front of each document in a text sequence: https://www.rfc-editor.org/rfc/rfc7464 */
const recordSeparator = 0x1e
const colon = 0x3a

/** What closes an envelope cut off behind the bracket that opens its list. */
const emptyList = Buffer.from(']}')

/**
 * Where the cutter is:
 * - `between` documents: nothing is held.
 * - `bracket`: behind a bracket that opens a list of documents, or is text.
 * - `text`: in what is no document.
 * - `document`: in a document, its list not seen or, when `#listed`, behind it.
 * - `list`: in the list, before an element.
 * - `element`: in an element.
 * - `after`: right behind the list.
 */
type Place = 'between' | 'bracket' | 'text' | 'document' | 'list' | 'element' | 'after'

/** The state of cutting one object's documents into records, see jsonRecords. */
export class RecordCutter {
  readonly #list: Buffer | undefined
  readonly #envelopes: boolean
  readonly #attach: boolean
  readonly #limit: number
  #place: Place = 'between'
  /** Brackets that are open. Elements stand two deep. */
  #depth = 0
  #inString = false
  #escaped = false
  /** Of the document at hand: whether its list has begun, the commas between members, and what was before the list. */
  #listed = false
  #commas = 0
  #envelope: Buffer = emptyList
  /** What each element gets as a member. */
  #attached: Buffer | undefined
  /** Where the string at hand began in the record, and whether the last one was the list's name. */
  #stringAt = 0
  #named = false
  readonly #record: PartialRecord
  #blocks: LineBlock[] = []
  #records: Buffer[] = []

  constructor(framing: Framing, limit: number) {
    this.#list = framing.list === undefined ? undefined : Buffer.from(framing.list)
    this.#envelopes = framing.envelope
    this.#attach = framing.attach === true
    this.#limit = limit
    this.#record = new PartialRecord(limit)
  }

  /** The records that end in this chunk. */
  cut(chunk: Buffer): LineBlock[] {
    this.#record.nextChunk()
    for (let at = 0; at < chunk.length; ) {
      if (this.#inString) at = this.#passString(chunk, at)
      else if (this.#place === 'element' || this.#place === 'document') at = this.#passBracket(chunk, at)
      else at = this.#passOutside(chunk, at)
    }
    if (this.#holds()) this.#record.keep(chunk, chunk.length)
    return this.#take()
  }

  /**
   * What the end of the object leaves. A document that was not closed leaves a record nobody takes for whole: its
   * last, or what was before its list if that one is whole.
   */
  finish(): LineBlock[] {
    this.#record.nextChunk()
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
        case quote: {
          this.#stringAt = this.#record.lengthAt(at) + 1
          const close = closingQuote(chunk, at + 1)
          if (close < 0) {
            this.#inString = true
            return at + 1
          }
          this.#named = this.#depth === 1 && this.#isName(chunk, close)
          at = close
          break
        }
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
          if (this.#depth === 1) this.#commas += 1
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
    const fits = this.#record.lengthAt(at + 1) <= this.#limit
    if (!this.#named || this.#listed || !fits) return false
    this.#envelope = this.#record.bytesTo(chunk, at + 1)
    if (this.#attach)
      this.#attached = this.#commas > 0 ? Buffer.concat([this.#envelope, emptyList]) : undefined
    else if (this.#envelopes || this.#commas > 0)
      this.#records.push(Buffer.concat([this.#envelope, emptyList]))
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
    if (isBlank(byte)) return at + 1
    if (this.#place === 'bracket') {
      const isList = byte === openObject || byte === openList || byte === closeList
      this.#place = isList ? 'between' : 'text'
      return isList ? at : at + 1
    }
    if (this.#place === 'between') {
      if (isBetween(byte)) return at + 1
      if (byte === openList) {
        this.#record.begin(at)
        this.#place = 'bracket'
        return at + 1
      }
      this.#record.begin(at)
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
    this.#record.begin(at)
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
    this.#commas = 0
  }

  /** Whether the string that ends at `at` is the name of the list. */
  #isName(chunk: Buffer, at: number): boolean {
    if (!this.#list || this.#listed) return false
    const length = this.#record.lengthAt(at) - this.#stringAt
    return length === this.#list.length && this.#record.endsWith(this.#list, chunk, at)
  }

  /**
   * Whether the brace at `at` cannot belong to the document, which was cut off then: another begins here.
   * Kinds of brackets are not distinguished. So a foreign brace may go unnoticed, but none of the document's is mistaken.
   */
  #breaksOff(chunk: Buffer, at: number): boolean {
    const before = this.#record.lastBefore(chunk, at)
    return before !== colon && before !== openList && (before !== comma || this.#depth === 1)
  }

  #holds(): boolean {
    const place = this.#place
    return place === 'bracket' || place === 'text' || place === 'document' || place === 'element'
  }

  /** Ends the record at hand at `end`, without the blanks it ends with. */
  #end(chunk: Buffer, end: number): void {
    const length = this.#record.lengthAt(end)
    const bytes = this.#record.bytesTo(chunk, end)
    if (length > this.#limit) {
      this.#flush()
      this.#blocks.push({ kind: 'overlong', head: bytes, length })
      return
    }
    const record = this.#asDocument(trimEnd(bytes))
    if (this.#place !== 'text' || !record.equals(byteOrderMark)) this.#records.push(record)
  }

  /** The members behind a list become a document of their own, with the list empty, as those before it do. */
  #asDocument(record: Buffer): Buffer {
    const isBehind = this.#place === 'document' && this.#listed && record[0] === comma
    if (isBehind) return Buffer.concat([Buffer.from(`{"${this.#list}":[]`), record])
    if (this.#place !== 'element' || !this.#attached) return record
    // Only an object has members.
    if (record[0] !== openObject || record.at(-1) !== closeObject) return record
    const isEmpty = record.subarray(1, -1).every(isBlank)
    const name = Buffer.from(isEmpty ? '"envelope":' : ',"envelope":')
    return Buffer.concat([record.subarray(0, -1), name, this.#attached, record.subarray(-1)])
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

/** What may stand between documents and belongs to none: they may be elements of a list, or be ended by commas. */
function isBetween(byte: number): boolean {
  return byte === comma || byte === closeList || byte === recordSeparator
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
