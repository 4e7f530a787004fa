import { isAddress, isClient } from './addresses.ts'

const space = 0x20
const dash = 0x2d
/** More than a name, a port, a list of addresses and an identity take together. */
const longestHead = 4096

/** What stands in front of a web server's time. */
export interface LineHead {
  /** Fields of the virtual host: none, its name, its name and port. */
  readonly host: 0 | 1 | 2
  /** A list of addresses, as of `$proxy_add_x_forwarded_for`. */
  readonly list: boolean
  /** The address of the client. */
  readonly client: boolean
}

/** All there are: a line's is one of these. */
const heads: readonly LineHead[] = ([0, 1, 2] as const).flatMap((host) => [
  { host, list: false, client: true },
  { host, list: true, client: true },
  { host, list: true, client: false },
])
const plain = head(0, false, true)

function head(host: 0 | 1 | 2, list: boolean, client: boolean): LineHead | undefined {
  return heads.find((one) => one.host === host && one.list === list && one.client === client)
}

/** A name and a port. */
const nameAndPort = /^(?:[\w.-]+|\[[\da-f:.]+\]):\d{1,5}$/i

/**
 * What a line begins with: `%h %l %u [` of the common format; before it the virtual host as in Apache's `%v:%p`
 * (`vhost_combined`) or the manual's `%v`; in place of the client a list of addresses between commas, or both, as
 * Elastic's module for nginx has it
 * (https://www.elastic.co/docs/reference/beats/filebeat/filebeat-module-nginx [2026-11]). A user's name may have
 * spaces, so the number of words does not decide. The identity does: it is `-` unless somebody asks for it by RFC 1413,
 * and never an address. Undefined when the words say nothing for certain.
 */
export function lineHeadOf(bytes: Buffer, start: number, end: number): LineHead | undefined {
  let second = start
  while (second < end && bytes[second] !== space) second++
  if (bytes[second + 1] === dash && bytes[second + 2] === space && bytes[start] !== 0x22) return plain
  const text = bytes.toString('latin1', start, Math.min(end, start + longestHead))
  const words = text.slice(0, Math.max(text.indexOf(' ['), 0)).split(' ')
  const listAt = words.slice(0, 2).findIndex((word) => word.startsWith('"') || word.endsWith(','))
  return listAt < 0 ? headOfWords(words) : headWithList(words, listAt)
}

function headOfWords(words: readonly string[]): LineHead | undefined {
  const [name = '', client = '', identity] = words
  if (words.length < 3) return undefined
  if (words.length > 3 && nameAndPort.test(name)) return head(2, false, true)
  if (words.length > 3 && identity === '-' && isHost(name) && isClientWord(client))
    return head(1, false, true)
  return plain
}

function headWithList(words: readonly string[], listAt: number): LineHead | undefined {
  const [name = ''] = words
  const host = listAt === 0 ? 0 : nameAndPort.test(name) ? 2 : isHost(name) ? 1 : undefined
  let last = listAt
  while (words[last]?.endsWith(',')) last++
  const elements = words.slice(listAt, last + 1).join('')
  const isList = elements
    .replace(/^"(.*)"$/, '$1')
    .split(',')
    .every(isClientWord)
  const [next = '', identity = ''] = words.slice(last + 1)
  const behind = words.length - last - 1
  if (host === undefined || !isList) return undefined
  if (next === '-' && behind > 1) return head(host, true, false)
  return identity === '-' && behind > 2 && isClientWord(next) ? head(host, true, true) : undefined
}

function isClientWord(word: string): boolean {
  const bytes = Buffer.from(word, 'latin1')
  return isClient(bytes, 0, bytes.length)
}

/** The name of a virtual host, `_` where it has none, or an address. A number is none. */
function isHost(word: string): boolean {
  const bytes = Buffer.from(word, 'latin1')
  return (/^[\w.*-]+$/.test(word) && /[a-z_*-]/i.test(word)) || isAddress(bytes, 0, bytes.length)
}
