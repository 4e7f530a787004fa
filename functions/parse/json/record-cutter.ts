import type { LineBlock } from '../../model/line-block.ts'
import { HeldRecords } from './held-records.ts'
import { JsonWalk } from './json-walk.ts'
import { isBlank } from './partial-record.ts'
import { SureStarts } from './sure-starts.ts'

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

const newline = 0x0a
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

const nothing = Buffer.alloc(0)
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
  readonly #held: HeldRecords
  readonly #walk = new JsonWalk()
  #place: Place = 'between'
  /** Whether we are in a list: of the document at hand's, or one that is a document itself. */
  #inList: 'member' | 'document' | undefined
  /** Of the document at hand: whether its list has begun, and what was before that. */
  #listed = false
  #envelope: Buffer = emptyList
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
  /** While lost: whether it began as text that is a line of its own, whether any is held, and whether a brace closed last. */
  #isText = false
  #holdsText = false
  #closedLast = false
  readonly #documents = new SureStarts('')
  readonly #elements = new SureStarts()

  constructor(framing: Framing, limit: number) {
    this.#list = framing.list === undefined ? undefined : Buffer.from(`"${framing.list}"`)
    this.#envelopes = framing.envelope
    this.#attach = framing.attach === true
    this.#limit = limit
    this.#held = new HeldRecords(framing.list, limit)
    this.#held.starts = this.#documents
  }

  /** The records that this chunk shows to be some. */
  cut(chunk: Buffer): LineBlock[] {
    this.#held.text.nextChunk()
    for (let at = 0; at < chunk.length; ) {
      if (this.#place === 'element' || this.#place === 'document') at = this.#passRecord(chunk, at)
      else if (this.#place === 'lost') at = this.#passLost(chunk, at)
      else at = this.#passOutside(chunk, at)
    }
    if (this.#holds()) this.#held.text.keep(chunk, chunk.length)
    return this.#held.take()
  }

  /** A record that has ended, when nothing but the object's end follows. */
  ended(): LineBlock[] {
    this.#held.confirm(nothing, 0)
    return this.#held.take()
  }

  /**
   * What the end of the object leaves. A document that was not closed leaves a record nobody takes for whole: its
   * last, or what was before its list if that one is whole.
   */
  finish(): LineBlock[] {
    const held = this.#held
    held.text.nextChunk()
    if (this.#place === 'element' && this.#walk.isClosed) this.#endElement(0)
    const isUnclosed = this.#place === 'list' || this.#place === 'behind'
    if (this.#place === 'behind') this.#place = 'between'
    if (this.#place === 'element') held.confirmAhead()
    if (this.#place !== 'lost') held.confirm(nothing, 0)
    if (isUnclosed) held.give(this.#envelope)
    else if (this.#holds()) held.giveLost(nothing, 0)
    this.#place = 'between'
    return held.take()
  }

  /** To the end of the record, or of the chunk. */
  #passRecord(chunk: Buffer, from: number): number {
    const isDocument = this.#place === 'document'
    const mayList = this.#list !== undefined && isDocument && !this.#listed
    const at = this.#walk.walk(chunk, from, mayList)
    switch (this.#walk.stop) {
      case 'wrong':
        return this.#lose(chunk, at)
      case 'list':
        if (this.#isNamed(chunk, at)) this.#openList(chunk, at)
        else this.#walk.enterList()
        return at + 1
      case 'closed':
        // An element goes on to its comma: what else is behind it shows that it is none.
        if (isDocument) this.#endDocument(at)
        return at
      case 'comma':
        this.#endElement(at)
        return at + 1
      case 'listEnd':
        this.#endElement(at)
        return this.#endList(chunk, at)
      case 'chunk':
        return at
    }
  }

  /** Whether the list that begins at `at` is the one that has the records. */
  #isNamed(chunk: Buffer, at: number): boolean {
    const { text } = this.#held
    if (!this.#list || text.lengthAt(at + 1) > this.#limit) return false
    const before = text.bytesTo(chunk, at)
    let end = before.length
    const passBlanks = () => {
      while (end > 0 && isBlank(before[end - 1] ?? 0)) end--
    }
    passBlanks()
    if (before[end - 1] !== colon) return false
    end -= 1
    passBlanks()
    const start = end - this.#list.length
    return start > 0 && before.subarray(start, end).equals(this.#list) && before[start - 1] !== backslash
  }

  /** The bracket at `at` opens the document's list: what is before it is the envelope. */
  #openList(chunk: Buffer, at: number): void {
    const held = this.#held
    this.#envelope = held.text.bytesTo(chunk, at + 1)
    const hasMore = this.#walk.commas > 0
    if (this.#attach) held.attached = hasMore ? Buffer.concat([this.#envelope, emptyList]) : undefined
    else if (this.#envelopes || hasMore) held.give(Buffer.concat([this.#envelope, emptyList]))
    held.starts = this.#elements
    this.#listed = true
    this.#inList = 'member'
    this.#place = 'list'
  }

  #endElement(at: number): void {
    this.#held.end(at)
    this.#place = 'list'
  }

  /** @param at behind the bracket that closed it. Undefined: nothing of it is held any more. */
  #endDocument(at?: number): void {
    if (at !== undefined) this.#held.end(at)
    this.#place = 'between'
    this.#comma = false
  }

  /** Behind the bracket at `at`, which closes the list. */
  #endList(chunk: Buffer, at: number): number {
    this.#held.confirm(chunk, at)
    this.#held.attached = undefined
    this.#held.starts = this.#documents
    if (this.#inList === 'document') {
      this.#endDocument()
      this.#listMayBegin = true
    } else {
      this.#held.text.begin(at)
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
      default: {
        // A line of text among documents: what follows an object within a document is none of this.
        const isLine = this.#indent !== undefined && this.#documents.has(this.#indent)
        if (isLine && !followsValue(byte)) this.#confirm(chunk, at)
        return this.#lose(chunk, at)
      }
    }
  }

  #passBehind(chunk: Buffer, at: number, byte: number): number {
    if (byte === closeObject) this.#endDocument()
    else if (byte === comma) {
      this.#place = 'document'
      this.#walk.beginBehindList()
    } else return this.#lose(chunk, at)
    return at + 1
  }

  #passBlank(byte: number): void {
    if (byte === newline) this.#indent = ''
    else if (this.#indent !== undefined)
      this.#indent = this.#indent.length < widestIndent ? this.#indent + String.fromCharCode(byte) : undefined
  }

  /** @param starts of what begins, where its brace shows that it does. */
  #begin(at: number, starts?: SureStarts): void {
    if (this.#indent !== undefined && !this.#tentative) starts?.seen(this.#indent)
    this.#isSequence ??= false
    this.#listMayBegin = false
    this.#startsLine = this.#indent !== undefined
    this.#indent = undefined
    this.#held.text.begin(at)
    this.#walk.begin()
  }

  #beginDocument(at: number): number {
    this.#begin(at, this.#documents)
    this.#place = 'document'
    this.#inList = undefined
    this.#listed = false
    this.#held.attached = undefined
    this.#held.starts = this.#documents
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
    this.#envelope = listBegun
    this.#held.attached = undefined
    this.#held.starts = this.#elements
  }

  /** An object shows that what ended before it was a record. Anything else may be a member of the same. */
  #beginElement(chunk: Buffer, at: number, byte: number): number {
    if (byte === openObject || byte === openList) this.#confirm(chunk, at)
    else this.#held.putAhead(chunk, at)
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
    const holds = this.#holds()
    this.#isText = this.#place === 'bracket' ? this.#startsLine : !holds && this.#indent !== undefined
    const indent = holds ? this.#cutLine(chunk, at) : undefined
    if (!holds) this.#begin(at)
    this.#held.doubt()
    this.#place = 'lost'
    this.#holdsText = true
    this.#closedLast = false
    this.#indent = undefined
    return indent === undefined ? at : this.#resume(chunk, at, true)
  }

  /** Where a line was cut off, and another document begins in the next at `at`: the blanks in front of it. */
  #cutLine(chunk: Buffer, at: number): string | undefined {
    if (chunk[at] !== openObject || this.#inList !== undefined) return undefined
    const held = this.#held.text.bytesTo(chunk, at)
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
      if (byte === newline) this.#endLostLine(chunk, at)
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
    if (byte === openObject && this.#closedLast && this.#inList !== 'document')
      return this.#resume(chunk, at, true)
    if (!this.#holdsText) this.#held.text.begin(at)
    this.#holdsText = true
    this.#closedLast = byte === closeObject
    return at + 1
  }

  #endLostLine(chunk: Buffer, at: number): void {
    this.#closedLast = false
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

  #giveLost(chunk: Buffer, at: number): void {
    if (this.#holds()) this.#held.giveLost(chunk, at)
    this.#holdsText = false
  }

  #confirm(chunk: Buffer, at: number): void {
    if (this.#held.confirm(chunk, at)) this.#tentative = false
  }

  /** Whether anything is held of the record at hand, or of one that has ended. */
  #holds(): boolean {
    if (this.#held.hasEnded) return true
    if (this.#place === 'lost') return this.#holdsText
    return this.#place !== 'between' && this.#place !== 'list'
  }
}

/** Whether the byte may stand behind a value within a document, whose end was too early then. */
function followsValue(byte: number): boolean {
  return byte === quote || byte === closeObject || byte === closeList || byte === colon || byte === comma
}
