import { isIP } from 'node:net'
import { type Field, integer, text } from './fields.ts'

const space = 0x20
const dash = 0x2d
const colon = 0x3a
/** More than a name, a port, another name and an identity take together. */
const longestHead = 1024

/** `name:port`. A name is an address in brackets, or has no colon. A list of addresses is none. */
const nameAndPort = /^(?:[^:,]+|\[[^\]]+\]):\d{1,5}$/
/** A name that is no address. */
const plainName = /^(?=.*[a-z])[^:,]+$/i

/** A virtual host in front of a line: its name, and its port behind a colon if that is there. */
export const virtualHostFields: readonly [name: Field, port: Field] = [
  { ...text('server_name', 'Name of the server block or virtual host'), span: spanUpToPort },
  integer('server_port', 'Port of the server'),
]

/**
 * How many of these fields a line of Apache's begins with: both in `vhost_combined` (`%v:%p %h %l %u %t`), the name in
 * the manual's `%v %h %l %u %t`, none in `combined` (`%h %l %u %t`). A user's name may have spaces, so the number of
 * words does not decide. The identity does: it is `-` unless somebody asks for it by RFC 1413, and never an address.
 */
export function countVirtualHostFields(bytes: Buffer, start: number, end: number): 0 | 1 | 2 {
  let second = start
  while (second < end && bytes[second] !== space) second++
  if (bytes[second + 1] === dash && bytes[second + 2] === space) return 0
  const head = bytes.toString('latin1', start, Math.min(end, start + longestHead))
  const beforeTime = head.slice(0, Math.max(head.indexOf(' ['), 0)).split(' ')
  const [name = '', client = '', identity] = beforeTime
  // A list of clients and proxies is no name.
  if (beforeTime.length < 4 || name.includes(',')) return 0
  if (nameAndPort.test(name)) return 2
  return identity === '-' && (plainName.test(name) || isIP(client) !== 0) ? 1 : 0
}

function spanUpToPort(bytes: Buffer, start: number, end: number): number {
  let to = -1
  for (let at = start; at < end && bytes[at] !== space; at++) if (bytes[at] === colon) to = at
  return to
}
