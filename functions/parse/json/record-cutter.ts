import type { LineBlock } from '../../model/line-block.ts'
import { isBlank, PartialRecord, trimEnd } from './partial-record.ts'
import { SureStarts } from './sure-starts.ts'
import { withEnvelope } from './with-envelope.ts'

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

/** What stands before a byte within a record: one of the brackets that open, a comma, a colon, or one of these. */
const string = quote
const closed = closeObject
const scalar = 0

/** What closes an envelope cut off behind the bracket that opens its list. */
const emptyList = Buffer.from(']}')
/** What a list that is a document, and was cut off, leaves beside its elements. */
const listBegun = Buffer.from('[')

/** Blanks in front of a record that are looked at. */
const widestIndent = 256

/**
 * Where the cutter is:
 * - `between` documents.
 * - `bracket`: behind a bracket that opens a list of documents, or is text.
 * - `document`: in a document that is no element of a list; its list not seen or, when `#listed`, behind it.
 * - `list`: before an element.
 * - `element`: in one, or behind it and before its comma.
 * - `behind` the list that a document has as a member, before what follows.
 * - `lost`: in what is no JSON, until a record surely begins.
 */
type Place = 'between' | 'bracket' | 'document' | 'list' | 'element' | 'behind' | 'lost'

/**
 * The state of cutting one object's documents into records, see jsonRecords.
 *
 * A record is given out when what follows it shows that it was one: of a document with a damaged byte, no part may pass for
 * a record. From the damage on, all is one text that nobody reads, until a record surely begins.
 */
export class RecordCutter {
  readonly #list: Buffer | undefined
  readonly #envelopes: boolean
  readonly #attach: boolean
  readonly #limit: number
  #place: Place = 'between'
  /** Brackets that are open in the record at hand, and what stood last in it. */
  readonly #open: number[] = []
  #last = scalar
  #inString = false
  #escaped = false
  /** Whether we are in a list: of the document at hand's, or one that is a document itself. */
  #inList: 'member' | 'document' | undefined
  /** Of the document at hand: whether its list has begun, the commas between members, and what was before the list. */
  #listed = false
  #commas = 0
  #envelope: Buffer = emptyList
  /** What each element gets as a member. */
  #attached: Buffer | undefined
  /** Where the string at hand began in the record, and whether the last one at its top was the list's name. */
  #stringAt = 0
  #named = false
  /** Length of the record at hand, when it has ended but nothing shown yet that it was one. 0: it goes on. */
  #ended = 0
  /** An ended record ahead of the one at hand, with what is between, which the end of this one shows to be one. */
  #ahead: { readonly text: Buffer; readonly ended: number; readonly length: number } | undefined
  /** Whether a comma followed the document that ended, or none may. */
  #comma = true
  /** Whether the document at hand began where only one right behind it, or nothing, shows that it was one. */
  #tentative = false
  /** Whether it is a text sequence: known from the first byte. */
  #isSequence: boolean | undefined
  /** Whether a list may begin in the line of what ended. */
  #listMayBegin = true
  /** Blanks since the last line's end, unless there was anything else. */
  #indent: string | undefined = ''
  /** Whether the record at hand began its line. */
  #startsLine = false
  /** While lost: whether it began as text that is a line of its own, whether any is held, and the last byte but blanks. */
  #isText = false
  #holdsText = false
  #before = scalar
  #documents = new SureStarts('')
  #elements = new SureStarts()
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

  /** The records that this chunk shows to be some. */
  cut(chunk: Buffer): LineBlock[] {
    this.#record.nextChunk()
    for (let at = 0; at < chunk.length; ) {
      if (this.#inString) at = this.#passString(chunk, at)
      else if (this.#place === 'element' || this.#place === 'document') at = this.#passRecord(chunk, at)
      else if (this.#place === 'lost') at = this.#passLost(chunk, at)
      else at = this.#passOutside(chunk, at)
    }
    if (this.#holds()) this.#record.keep(chunk, chunk.length)
    return this.#take()
  }

  /** A record that has ended, when nothing but the object's end follows. */
  ended(): LineBlock[] {
    this.#confirm(nothing, 0)
    return this.#take()
  }

  /**
   * What the end of the object leaves. A document that was not closed leaves a record nobody takes for whole: its
   * last, or what was before its list if that one is whole.
   */
  finish(): LineBlock[] {
    this.#record.nextChunk()
    if (this.#place === 'element' && this.#open.length === 0 && this.#last === closed) {
      this.#ended = this.#record.lengthAt(0)
      this.#place = 'list'
    }
    const isUnclosed = this.#place === 'list' || this.#place === 'behind'
    if (this.#place === 'behind') this.#place = 'between'
    if (this.#place === 'element') this.#confirmAhead()
    if (this.#place !== 'lost') this.#confirm(nothing, 0)
    if (isUnclosed) this.#records.push(this.#envelope)
    else if (this.#holds()) this.#giveLost(nothing, 0)
    this.#place = 'between'
    return this.#take()
  }

  /** To the end of the string, or of the chunk. A line's end is in no string. */
  #passString(chunk: Buffer, from: number): number {
    let at = from
    if (this.#escaped) at += 1
    this.#escaped = false
    for (; at < chunk.length; at++) {
      const byte = chunk[at]
      if (byte === quote) {
        this.#inString = false
        if (this.#open.length === 1) this.#named = this.#last !== colon && this.#isName(chunk, at)
        this.#last = string
        return at + 1
      }
      if (byte === backslash) at += 1
      else if (byte === newline) return this.#lose(chunk, at)
    }
    this.#escaped = at > chunk.length
    return chunk.length
  }

  /** To the end of the record, or the first byte that JSON has not there, and past it; or to a string that needs a closer look. */
  #passRecord(chunk: Buffer, from: number): number {
    const open = this.#open
    let last = this.#last
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? scalar
      switch (byte) {
        case quote: {
          if (last === string || last === scalar || last === closed) return this.#lose(chunk, at)
          this.#stringAt = this.#record.lengthAt(at) + 1
          const close = closingQuote(chunk, at + 1)
          if (close < 0) {
            this.#inString = true
            this.#last = last
            return at + 1
          }
          if (open.length === 1) this.#named = last !== colon && this.#isName(chunk, close)
          at = close
          last = string
          break
        }
        case openObject:
        case openList: {
          const isExpected =
            open[open.length - 1] === openObject ? last === colon : last === comma || last === openList
          if (!isExpected) return this.#lose(chunk, at)
          if (byte === openList && open.length === 1 && this.#opensList(chunk, at)) return at + 1
          open.push(byte)
          last = byte
          break
        }
        case closeObject:
        case closeList:
          if (open.length === 0) {
            if (byte === closeObject) return this.#lose(chunk, at)
            this.#endElement(at)
            return this.#endList(chunk, at)
          }
          if (last === colon || last === comma) return this.#lose(chunk, at)
          if ((open.pop() === openObject) !== (byte === closeObject)) return this.#lose(chunk, at)
          last = closed
          if (open.length === 0 && this.#place === 'document') {
            this.#endDocument(this.#record.lengthAt(at + 1))
            return at + 1
          }
          break
        case comma:
          if (open.length === 0) {
            this.#endElement(at)
            return at + 1
          }
          if (open.length === 1) this.#commas += 1
          last = comma
          break
        case colon:
          if (open[open.length - 1] !== openObject || last !== string) return this.#lose(chunk, at)
          last = colon
          break
        case space:
        case newline:
        case tab:
        case carriageReturn:
          break
        case recordSeparator:
          return this.#lose(chunk, at)
        default:
          if (last === string || last === closed) return this.#lose(chunk, at)
          last = scalar
      }
    }
    this.#last = last
    return chunk.length
  }

  /** Whether the bracket at `at` opens the document's list, which makes what is before it the envelope. */
  #opensList(chunk: Buffer, at: number): boolean {
    const fits = this.#record.lengthAt(at + 1) <= this.#limit
    if (!this.#named || this.#place !== 'document' || this.#listed || !fits) return false
    this.#envelope = this.#record.bytesTo(chunk, at + 1)
    if (this.#attach)
      this.#attached = this.#commas > 0 ? Buffer.concat([this.#envelope, emptyList]) : undefined
    else if (this.#envelopes || this.#commas > 0)
      this.#records.push(Buffer.concat([this.#envelope, emptyList]))
    this.#listed = true
    this.#inList = 'member'
    this.#place = 'list'
    return true
  }

  #endElement(at: number): void {
    this.#ended = this.#record.lengthAt(at)
    this.#place = 'list'
  }

  /** @param length of what is held of it, unless that is nothing. */
  #endDocument(length: number): void {
    this.#ended = length
    this.#place = 'between'
    this.#comma = false
  }

  /** Behind the bracket at `at`, which closes the list. */
  #endList(chunk: Buffer, at: number): number {
    this.#confirm(chunk, at)
    if (this.#inList === 'document') {
      this.#endDocument(0)
      this.#listMayBegin = true
    } else {
      this.#record.begin(at)
      this.#place = 'behind'
    }
    this.#inList = undefined
    return at + 1
  }

  /** Past one byte where no record goes on, or to where one begins. */
  #passOutside(chunk: Buffer, at: number): number {
    const byte = chunk[at] ?? space
    if (isBlank(byte)) {
      this.#passBlank(byte)
      return at + 1
    }
    switch (this.#place) {
      case 'between':
        return this.#passBetween(chunk, at, byte)
      case 'list':
        if (byte === comma) return at + 1
        return byte === closeList ? this.#endList(chunk, at) : this.#beginElement(chunk, at, byte)
      case 'bracket':
        if (byte !== openObject && byte !== openList && byte !== closeList) return this.#lose(chunk, at)
        this.#beginList()
        return at
      default:
        return this.#passBehind(chunk, at, byte)
    }
  }

  #passBetween(chunk: Buffer, at: number, byte: number): number {
    switch (byte) {
      case openObject:
        this.#confirm(chunk, at)
        return this.#beginDocument(at)
      case openList:
        if (!this.#listMayBegin && this.#indent === undefined) return this.#lose(chunk, at)
        this.#confirm(chunk, at)
        return this.#beginBracket(at)
      case recordSeparator:
        this.#isSequence ??= true
        if (!this.#isSequence) return this.#lose(chunk, at)
        this.#confirm(chunk, at)
        return this.#passSeparator(at)
      case comma:
        if (this.#comma || this.#tentative) return this.#lose(chunk, at)
        this.#comma = true
        this.#indent = undefined
        return at + 1
      default:
        // A line of text among documents: what follows an object within a document is none of this.
        if (this.#beginsLine() && !followsValue(byte)) this.#confirm(chunk, at)
        return this.#lose(chunk, at)
    }
  }

  #passBehind(chunk: Buffer, at: number, byte: number): number {
    if (byte === closeObject) this.#endDocument(0)
    else if (byte === comma) {
      this.#place = 'document'
      this.#open.length = 0
      this.#open.push(openObject)
      this.#last = comma
    } else return this.#lose(chunk, at)
    return at + 1
  }

  #passBlank(byte: number): void {
    if (byte === newline) this.#indent = ''
    else if (this.#indent !== undefined)
      this.#indent = this.#indent.length < widestIndent ? this.#indent + String.fromCharCode(byte) : undefined
  }

  #beginsLine(): boolean {
    return this.#indent !== undefined && this.#documents.has(this.#indent)
  }

  /** @param starts of what begins, where its brace shows that it does. */
  #begin(at: number, starts?: SureStarts): void {
    this.#isSequence ??= false
    this.#listMayBegin = false
    if (this.#indent !== undefined && !this.#tentative) starts?.seen(this.#indent)
    this.#startsLine = this.#indent !== undefined
    this.#indent = undefined
    this.#record.begin(at)
    this.#open.length = 0
    this.#last = comma
    this.#named = false
  }

  #beginDocument(at: number): number {
    this.#begin(at, this.#documents)
    this.#place = 'document'
    this.#inList = undefined
    this.#listed = false
    this.#attached = undefined
    this.#commas = 0
    return at
  }

  #beginBracket(at: number): number {
    this.#begin(at, this.#documents)
    this.#place = 'bracket'
    return at + 1
  }

  #beginList(): void {
    this.#place = 'list'
    this.#inList = 'document'
    this.#attached = undefined
    this.#envelope = listBegun
  }

  /** An object shows that what ended before it was a record. Anything else may be a member of the same. */
  #beginElement(chunk: Buffer, at: number, byte: number): number {
    if (byte === openObject || byte === openList) this.#confirm(chunk, at)
    else {
      this.#confirmAhead()
      if (this.#ended > 0) {
        const length = this.#record.lengthAt(at)
        this.#ahead = { text: this.#record.bytesTo(chunk, at), ended: this.#ended, length }
        this.#ended = 0
      }
    }
    this.#begin(at, byte === openObject ? this.#elements : undefined)
    this.#place = 'element'
    return at
  }

  /** Behind the mark that only stands in front of a document: no comma follows that one. */
  #passSeparator(at: number): number {
    this.#place = 'between'
    this.#indent = undefined
    this.#tentative = true
    return at + 1
  }

  /** The byte at `at` cannot stand there: what is held of the record is lost, and what follows until one begins. */
  #lose(chunk: Buffer, at: number): number {
    const held = this.#holds()
    this.#isText = this.#place === 'bracket' ? this.#startsLine : !held && this.#indent !== undefined
    const indent = held ? this.#cutLine(chunk, at) : undefined
    if (!held) this.#begin(at)
    this.#ended = 0
    this.#inString = false
    this.#escaped = false
    this.#place = 'lost'
    this.#holdsText = true
    this.#indent = undefined
    this.#before = scalar
    return indent === undefined ? at : this.#resume(chunk, at, true)
  }

  /** Where a line was cut off, and another document begins in the next at `at`: the blanks in front of it. */
  #cutLine(chunk: Buffer, at: number): string | undefined {
    if (chunk[at] !== openObject || this.#inList !== undefined) return undefined
    const held = this.#record.bytesTo(chunk, at)
    const end = held.indexOf(newline)
    // Behind the first brace of a document over several lines is nothing.
    const isOneLine = end > 1 && held.subarray(1, end).some((byte) => !isBlank(byte))
    const indent = held.toString('latin1', end + 1)
    return isOneLine && this.#documents.areLines(indent) ? indent : undefined
  }

  /** Past one byte of what is lost, or to where a record surely begins. */
  #passLost(chunk: Buffer, at: number): number {
    const byte = chunk[at] ?? space
    if (isBlank(byte)) {
      if (byte === newline) this.#endTextLine(chunk, at)
      this.#passBlank(byte)
      return at + 1
    }
    const indent = this.#indent
    this.#indent = undefined
    if (indent !== undefined) {
      if (byte === openObject && this.#isElementAt(indent)) {
        this.#giveLost(chunk, at)
        return this.#beginElement(chunk, at, byte)
      }
      if ((byte === openObject || byte === openList) && this.#documents.has(indent))
        return this.#resume(chunk, at, false)
    }
    if (byte === recordSeparator && this.#isSequence) {
      this.#giveLost(chunk, at)
      return this.#passSeparator(at)
    }
    if (byte === openObject && this.#before === closed && this.#inList !== 'document')
      return this.#resume(chunk, at, true)
    if (!this.#holdsText) this.#record.begin(at)
    this.#holdsText = true
    this.#before = byte === closeObject ? closed : scalar
    return at + 1
  }

  #endTextLine(chunk: Buffer, at: number): void {
    this.#before = scalar
    if (this.#isText) this.#giveLost(chunk, at)
  }

  #isElementAt(indent: string): boolean {
    if (this.#inList === undefined || !this.#elements.has(indent)) return false
    return this.#inList === 'document' || !this.#elements.isAs(this.#documents)
  }

  /** A document or list of them begins at `at`. */
  #resume(chunk: Buffer, at: number, tentative: boolean): number {
    this.#giveLost(chunk, at)
    this.#tentative = tentative
    return chunk[at] === openList ? this.#beginBracket(at) : this.#beginDocument(at)
  }

  /** Gives out what is lost up to `at` as a record that is none. */
  #giveLost(chunk: Buffer, at: number): void {
    if (!this.#holds()) return
    const here = this.#record.bytesTo(chunk, at)
    const text = this.#ahead ? Buffer.concat([this.#ahead.text, here]) : here
    const length = (this.#ahead?.length ?? 0) + this.#record.lengthAt(at)
    this.#ahead = undefined
    this.#holdsText = false
    this.#give(text, length)
  }

  /** Whether the string that ends at `at` is the name of the list. */
  #isName(chunk: Buffer, at: number): boolean {
    if (!this.#list || this.#listed || this.#place !== 'document') return false
    const length = this.#record.lengthAt(at) - this.#stringAt
    return length === this.#list.length && this.#record.endsWith(this.#list, chunk, at)
  }

  #holds(): boolean {
    if (this.#ended > 0) return true
    if (this.#place === 'lost') return this.#holdsText
    return this.#place !== 'between' && this.#place !== 'list'
  }

  /** Gives out what ended before `at`: it was a record. */
  #confirm(chunk: Buffer, at: number): void {
    this.#confirmAhead()
    if (this.#ended === 0) return
    this.#giveRecord(this.#record.bytesTo(chunk, at), this.#ended)
    this.#ended = 0
    this.#tentative = false
  }

  #confirmAhead(): void {
    if (this.#ahead) this.#giveRecord(this.#ahead.text, this.#ahead.ended)
    this.#ahead = undefined
  }

  #giveRecord(text: Buffer, length: number): void {
    const record = trimEnd(text.subarray(0, length))
    ;(this.#inList ? this.#elements : this.#documents).check(record)
    if (length > this.#limit) this.#give(text, length)
    else this.#records.push(this.#asDocument(record))
  }

  #give(text: Buffer, length: number): void {
    if (length <= this.#limit) {
      this.#records.push(trimEnd(text))
      return
    }
    this.#flush()
    this.#blocks.push({ kind: 'overlong', head: text.subarray(0, this.#limit), length })
  }

  /** The members behind a list become a document of their own, with the list empty, as those before it do. */
  #asDocument(record: Buffer): Buffer {
    if (record[0] === closeList) return Buffer.concat([Buffer.from(`{"${this.#list}":[`), record])
    return this.#inList === 'member' && this.#attached ? withEnvelope(record, this.#attached) : record
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

const nothing = Buffer.alloc(0)

/** Whether the byte may stand behind a value within a document, whose end was too early then. */
function followsValue(byte: number): boolean {
  return byte === quote || byte === closeObject || byte === closeList || byte === colon || byte === comma
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
