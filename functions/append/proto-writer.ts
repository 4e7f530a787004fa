const varintType = 0
const fixed64Type = 1
const bytesType = 2

/** Messages are written one behind the other into pieces of memory of this size, and handed out where they stand. */
const slabBytes = 256 * 1024

/**
 * Writes protobuf messages, field by field.
 * Only what rows need: strings, int64, double, bool. https://protobuf.dev/programming-guides/encoding/
 */
export class ProtoWriter {
  #slab = Buffer.allocUnsafe(1024)
  #start = 0
  #end = 0

  /** Forgets the message that was begun. */
  rewind(): void {
    this.#end = this.#start
  }

  /** The message that was begun, and begins the next. */
  take(): Buffer {
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
    const slab = this.#slab
    // Most fields are short: for those a loop is faster than a call into the runtime.
    if (length <= 24) for (let at = start; at < end; at++) slab[this.#end++] = source[at] as number
    else this.#end += source.copy(slab, this.#end, start, end)
  }

  string(field: number, value: string): void {
    this.#reserve(value.length * 3 + 16)
    this.#varint(field * 8 + bytesType)
    // A UTF-16 unit takes at most three bytes. Where that settles how long the length will be, the text is written
    // first and measured by the way.
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

  /** Any integer from 0 to 2^53. Bit operations take 32 bits, so what is larger sheds its low ones by division. */
  #varint(value: number): void {
    let left = value
    while (left > 0x7fffffff) {
      this.#slab[this.#end++] = (left % 0x80) | 0x80
      left = Math.floor(left / 0x80)
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
    this.#start = 0
    this.#end = begun
  }
}
