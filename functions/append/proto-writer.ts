const varintType = 0
const fixed64Type = 1
const bytesType = 2

/**
 * Writes protobuf fields, one after the other, into a buffer of its own that grows and is used again.
 * Only what rows need: strings, int64, double, bool. https://protobuf.dev/programming-guides/encoding/
 */
export class ProtoWriter {
  #buffer = Buffer.allocUnsafe(16 * 1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Forgets what was written after `length`. */
  rewind(length = 0): void {
    this.#length = length
  }

  /** A copy of what was written. */
  take(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length))
  }

  /** UTF-8 text that stands in `source[start, end)`. */
  bytes(field: number, source: Buffer, start: number, end: number): void {
    this.#reserve(end - start + 16)
    this.#tag(field, bytesType)
    this.#varint(end - start)
    source.copy(this.#buffer, this.#length, start, end)
    this.#length += end - start
  }

  string(field: number, value: string): void {
    const length = Buffer.byteLength(value)
    this.#reserve(length + 16)
    this.#tag(field, bytesType)
    this.#varint(length)
    this.#length += this.#buffer.write(value, this.#length, length, 'utf8')
  }

  int64(field: number, value: number | bigint): void {
    this.#reserve(16)
    this.#tag(field, varintType)
    if (typeof value === 'number' && value >= 0) this.#varint(value)
    else this.#bigVarint(BigInt.asUintN(64, BigInt(value)))
  }

  double(field: number, value: number): void {
    this.#reserve(16)
    this.#tag(field, fixed64Type)
    this.#length = this.#buffer.writeDoubleLE(value, this.#length)
  }

  bool(field: number, value: boolean): void {
    this.int64(field, value ? 1 : 0)
  }

  /** Fields written elsewhere, as they are. */
  raw(fields: Buffer): void {
    this.#reserve(fields.length)
    fields.copy(this.#buffer, this.#length)
    this.#length += fields.length
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType)
  }

  /** Any integer from 0 to 2^53. */
  #varint(value: number): void {
    let left = value
    while (left > 0x7f) {
      this.#buffer[this.#length++] = (left % 0x80) | 0x80
      left = Math.floor(left / 0x80)
    }
    this.#buffer[this.#length++] = left
  }

  #bigVarint(value: bigint): void {
    let left = value
    while (left > 0x7fn) {
      this.#buffer[this.#length++] = Number(left & 0x7fn) | 0x80
      left >>= 7n
    }
    this.#buffer[this.#length++] = Number(left)
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}
