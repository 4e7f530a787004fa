/**
 * What the field behind one in loose quotes begins with. All take the place where it starts, and look at no more of the
 * line than is asked for.
 */
const space = 0x20
const quote = 0x22
const dash = 0x2d
/** No TLS cipher has a longer name. */
const longestCipher = 64

export function isDashField(bytes: Buffer, start: number, end: number): boolean {
  return bytes[start] === dash && (start + 1 === end || bytes[start + 1] === space)
}

export function isQuoted(bytes: Buffer, start: number, end: number): boolean {
  return bytes[start] === quote || isDashField(bytes, start, end)
}

/** A TLS cipher, and a protocol such as `TLSv1.2`; both are `-` without TLS. */
export function isCipher(bytes: Buffer, start: number, end: number): boolean {
  let at = start
  while (at < end && at < start + longestCipher && isOfCipher(bytes[at] as number)) at++
  if (at === start || bytes[at] !== space) return false
  return isDashField(bytes, at + 1, end) || isProtocol(bytes, at + 1, end)
}

function isOfCipher(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || byte === dash || byte === 0x5f
}

/** `TLSv` or `SSLv`. */
function isProtocol(bytes: Buffer, start: number, end: number): boolean {
  return (
    end - start > 4 && bytes[start + 3] === 0x76 && bytes[start + 1] === (bytes[start] === 0x54 ? 0x4c : 0x53)
  )
}
