/**
 * Reads a protobuf message by field number, knowing no schema: strings as text, varints as bigint, doubles skipped.
 * The simulation looks at rows with this and not with the code that wrote them.
 */
export function readMessage(message: Buffer): Map<number, string | bigint> {
  const fields = new Map<number, string | bigint>()
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]
      if (byte === undefined) throw new Error('the message is cut short')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const tag = Number(varint())
    const wire = tag & 7
    if (wire === 0) fields.set(tag >> 3, varint())
    else if (wire === 1) at += 8
    else if (wire === 2) {
      const length = Number(varint())
      fields.set(tag >> 3, message.toString('utf8', at, at + length))
      at += length
    } else throw new Error(`wire type ${wire} is none that rows have`)
  }
  return fields
}
