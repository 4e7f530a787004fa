const castagnoliReflected = 0x82f63b78

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ castagnoliReflected : remainder >>> 1
  }
  return remainder
})

/** CRC-32C of bytes that arrive in pieces. */
export class Crc32c {
  #state = 0xffffffff

  update(bytes: Uint8Array): void {
    let state = this.#state
    for (const byte of bytes) state = (table[(state ^ byte) & 0xff] ?? 0) ^ (state >>> 8)
    this.#state = state
  }

  /** As an unsigned number. */
  get value(): number {
    return (this.#state ^ 0xffffffff) >>> 0
  }

  /** Base64 of the big-endian value, as Cloud Storage writes it. */
  base64(): string {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(this.value)
    return bytes.toString('base64')
  }
}
