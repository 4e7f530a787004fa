import { isClient } from '../text/addresses.ts'
import { type Field, float, integer, logTime, text, textUntilBracket } from '../text/fields.ts'
import { request } from '../text/request-line.ts'
import { virtualHostFields } from '../text/virtual-host.ts'

const space = 0x20
const comma = 0x2c
const dash = 0x2d
const longestIdentity = 512

export const remoteAddr = text('remote_addr', 'Address of the client')
export const remoteLogname = text('remote_logname', 'Identity by RFC 1413; nginx has none')
export const remoteUser = text('remote_user', 'User name of Basic authentication')
export const time = logTime('time', 'When the request was answered')
export const status = integer('status', 'Status code of the answer')
export const bodyBytesSent = integer('body_bytes_sent', 'Bytes of the body sent')
export const referer = text('http_referer', 'Referer header, escapes kept')
export const userAgent = text('http_user_agent', 'User-Agent header, escapes kept')
export const forwardedFor = text('http_x_forwarded_for', 'X-Forwarded-For header')
export const gzipRatio = float('gzip_ratio', 'Compression ratio')
export const requestLength = integer('request_length', 'Bytes of the request')
export const requestTime = float('request_time', 'Seconds from the first byte of the request to the answer')

/** All of the format, named for nginx's variables, in the order of its columns. */
export const nginxFields: readonly Field[] = [
  remoteAddr,
  remoteLogname,
  remoteUser,
  time,
  request(),
  status,
  bodyBytesSent,
  referer,
  userAgent,
  forwardedFor,
  gzipRatio,
  requestLength,
  requestTime,
  text('host', 'Host of the request'),
  ...virtualHostFields,
  text('request_id', 'Id of the request'),
  text('upstream_addr', 'Servers tried, as nginx lists them'),
  text('upstream_status', 'Their status codes, as nginx lists them'),
  text('upstream_response_time', 'Seconds each took, as nginx lists them'),
]

/** The client where only its place says so. Its host has a name instead of an address where Apache looks names up. */
export const clientInPlace: Field = {
  ...remoteAddr,
  expects: 'address and no name of a host',
  write: onlyIf(isClient, remoteAddr),
}

/** The user in its place: up to the time, which is in brackets. */
export const userInPlace: Field = {
  ...textUntilBracket(remoteUser),
  expects: 'user name: another field stands before it',
  write: onlyIf((bytes, start, end) => !hasDashWord(bytes, start, end), remoteUser),
}

/** What stands behind the client in every line. */
export const commonFields: readonly Field[] = [
  { ...remoteLogname, expects: 'identity by RFC 1413', write: onlyIf(isIdentity, remoteLogname) },
  userInPlace,
  time,
  request(),
  status,
  bodyBytesSent,
]

function onlyIf(
  fits: (bytes: Buffer, start: number, end: number) => boolean,
  { write }: Field,
): Field['write'] {
  return (row, column, bytes, start, end) => fits(bytes, start, end) && write(row, column, bytes, start, end)
}

/** No list, address or name of a host, which stand in its place in other formats. */
function isIdentity(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[end - 1] === comma || end - start > longestIdentity) return false
  const isOfHost = bytes.subarray(start, end).includes('.') || bytes.subarray(start, end).includes('::')
  return !(isOfHost && isClient(bytes, start, end))
}

/** A lone dash is a field without a value. */
function hasDashWord(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const isAlone = bytes[at] === dash && (at === start || bytes[at - 1] === space)
    if (isAlone && (at + 1 === end || bytes[at + 1] === space)) return true
  }
  return false
}
