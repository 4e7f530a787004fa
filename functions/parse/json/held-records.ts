import type { LineBlock } from '../../model/line-block.ts'
import { PartialRecord, trimEnd } from './partial-record.ts'
import type { SureStarts } from './sure-starts.ts'
import { withEnvelope } from './with-envelope.ts'

const closeList = 0x5d

/** A record that has ended, with what follows it so far: that shows whether it was one. */
interface Ended {
  readonly text: Buffer
  readonly ended: number
  readonly length: number
}

/**
 * The record at hand, and those that are to be given out: a record as soon as what follows it shows that it was one, and
 * what is none as it stands, for the parser to reject.
 */
export class HeldRecords {
  readonly text: PartialRecord
  /** What each record gets as a member. */
  attached: Buffer | undefined
  /** Where records begin, as those do that are given out. */
  starts: SureStarts | undefined
  readonly #list: string | undefined
  readonly #limit: number
  /** Length of the record at hand, when it has ended. 0: it goes on. */
  #ended = 0
  /** An ended record ahead of the one at hand, which the end of this one shows to be one. */
  #ahead: Ended | undefined
  #blocks: LineBlock[] = []
  #records: Buffer[] = []

  /** @param list the member of documents whose elements are records. */
  constructor(list: string | undefined, limit: number) {
    this.#list = list
    this.#limit = limit
    this.text = new PartialRecord(limit)
  }

  get hasEnded(): boolean {
    return this.#ended > 0
  }

  /** The record at hand ends at `at`; what follows is kept with it until it is confirmed. */
  end(at: number): void {
    this.#ended = this.text.lengthAt(at)
  }

  /** What was a record is none, with all that follows. */
  doubt(): void {
    this.#ended = 0
  }

  /** What ended before `at` was a record. Whether there was one. */
  confirm(chunk: Buffer, at: number): boolean {
    this.confirmAhead()
    if (this.#ended === 0) return false
    this.#giveRecord(this.text.bytesTo(chunk, at), this.#ended)
    this.#ended = 0
    return true
  }

  /** What ended before `at` is confirmed by the end of what begins there. */
  putAhead(chunk: Buffer, at: number): void {
    this.confirmAhead()
    if (this.#ended === 0) return
    this.#ahead = { text: this.text.bytesTo(chunk, at), ended: this.#ended, length: this.text.lengthAt(at) }
    this.#ended = 0
  }

  confirmAhead(): void {
    if (this.#ahead) this.#giveRecord(this.#ahead.text, this.#ahead.ended)
    this.#ahead = undefined
  }

  /** Gives out a record that was made up. */
  give(record: Buffer): void {
    this.#records.push(record)
  }

  /** Gives out all that is held up to `at` as a record that is none. */
  giveLost(chunk: Buffer, at: number): void {
    const here = this.text.bytesTo(chunk, at)
    const text = this.#ahead ? Buffer.concat([this.#ahead.text, here]) : here
    const length = (this.#ahead?.length ?? 0) + this.text.lengthAt(at)
    this.#ahead = undefined
    this.#giveText(text, length)
  }

  /** The blocks so far, in order; forgets them. */
  take(): LineBlock[] {
    this.#flush()
    const blocks = this.#blocks
    this.#blocks = []
    return blocks
  }

  #giveRecord(text: Buffer, length: number): void {
    const record = trimEnd(text.subarray(0, length))
    this.starts?.check(record)
    if (length > this.#limit) this.#giveText(text, length)
    else this.#records.push(this.#asDocument(record))
  }

  #giveText(text: Buffer, length: number): void {
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
    return this.attached ? withEnvelope(record, this.attached) : record
  }

  #flush(): void {
    if (this.#records.length > 0) this.#blocks.push({ kind: 'records', records: this.#records })
    this.#records = []
  }
}
