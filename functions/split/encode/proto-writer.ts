const varintType = 0
const fixed64Type = 1
const bytesType = 2

/** Bytes of one slab: messages are written into it one behind the other, and handed out without a copy. */
const slabBytes = 256 * 1024

/** Bytes up to which a loop copies faster than the runtime. */
const longestLoop = 96

/**
 * Writes protobuf messages, field by field.
 * Only what rows need: strings, int64, double, bool. https://protobuf.dev/programming-guides/encoding/
 */
export class ProtoWriter {
  #slab = Buffer.allocUnsafe(1024)
  #words = wordsOf(this.#slab)
  #start = 0
  #end = 0
  /** What was copied from last: lines come in blocks. */
  #source: Buffer | undefined
  #sourceWords = this.#words

  /** Forgets the message that was begun. */
  rewind(): void {
    this.#end = this.#start
  }

  /** The message that was begun, and begins the next. */
  endMessage(): Buffer {
    const message = this.#slab.subarray(this.#start, this.#end)
    this.#start = this.#end
    return message
  }

  /** UTF-8 text that stands in `source[start, end)`. */
  bytes(field: number, source: Buffer, start: number, end: number): void {
    const length = end - start
    this.#reserve(length + 16)
    this.#varint(field * 8 + bytesType)
    this.#varint(length)
    if (length > longestLoop) this.#end += source.copy(this.#slab, this.#end, start, end)
    else this.#copy(source, start, end)
  }

  /** Most fields are short: for those a loop, four bytes at a time, is faster than a call into the runtime. */
  #copy(source: Buffer, start: number, end: number): void {
    if (source !== this.#source) {
      this.#source = source
      this.#sourceWords = wordsOf(source)
    }
    const [from, to] = [this.#sourceWords, this.#words]
    let at = start
    let target = this.#end
    for (const last = end - 4; at <= last; at += 4, target += 4) to.setUint32(target, from.getUint32(at))
    for (; at < end; at++) this.#slab[target++] = source[at] as number
    this.#end = target
  }

  string(field: number, value: string): void {
    this.#reserve(value.length * 3 + 16)
    this.#varint(field * 8 + bytesType)
    // A UTF-16 unit takes at most three bytes. When that bound fixes the size of the length prefix, the text is written
    // first and measured on the way.
    const most = value.length * 3
    const lengthBytes = most < 0x80 ? 1 : value.length >= 0x80 && most < 0x4000 ? 2 : 0
    if (lengthBytes === 0) {
      this.#varint(Buffer.byteLength(value))
      this.#end += this.#slab.write(value, this.#end, most, 'utf8')
      return
    }
    const length = this.#slab.write(value, this.#end + lengthBytes, most, 'utf8')
    if (lengthBytes === 2) this.#slab[this.#end++] = (length & 0x7f) | 0x80
    this.#slab[this.#end++] = lengthBytes === 2 ? length >>> 7 : length
    this.#end += length
  }

  int64(field: number, value: number | bigint): void {
    this.#reserve(24)
    this.#varint(field * 8 + varintType)
    if (typeof value === 'number' && value >= 0) this.#varint(value)
    else this.#bigVarint(BigInt.asUintN(64, BigInt(value)))
  }

  double(field: number, value: number): void {
    this.#reserve(24)
    this.#varint(field * 8 + fixed64Type)
    this.#end = this.#slab.writeDoubleLE(value, this.#end)
  }

  bool(field: number, value: boolean): void {
    this.int64(field, value ? 1 : 0)
  }

  /** Fields written elsewhere, as they are. */
  raw(fields: Buffer): void {
    this.#reserve(fields.length)
    this.#end += fields.copy(this.#slab, this.#end)
  }

  /** Any integer from 0 to 2^53. Bit operations take 32 bits, so the low 28 bits of a larger one are written apart. */
  #varint(value: number): void {
    let left = value
    if (left > 0x7fffffff) {
      left = Math.floor(value / 0x10000000)
      const low = value - left * 0x10000000
      for (let shift = 0; shift < 28; shift += 7) this.#slab[this.#end++] = ((low >>> shift) & 0x7f) | 0x80
    }
    while (left > 0x7f) {
      this.#slab[this.#end++] = (left & 0x7f) | 0x80
      left >>>= 7
    }
    this.#slab[this.#end++] = left
  }

  #bigVarint(value: bigint): void {
    let left = value
    while (left > 0x7fn) {
      this.#slab[this.#end++] = Number(left & 0x7fn) | 0x80
      left >>= 7n
    }
    this.#slab[this.#end++] = Number(left)
  }

  /** Makes room, moving the message that was begun to a new slab when this one is full. */
  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#slab.length) return
    const begun = this.#end - this.#start
    const size = Math.max(
      this.#slab.length < slabBytes ? this.#slab.length * 2 : slabBytes,
      (begun + bytes) * 2,
    )
    const next = Buffer.allocUnsafe(size)
    this.#slab.copy(next, 0, this.#start, this.#end)
    this.#slab = next
    this.#words = wordsOf(next)
    this.#start = 0
    this.#end = begun
  }
}

function wordsOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
