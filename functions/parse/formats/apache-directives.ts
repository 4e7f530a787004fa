import { text } from '../text/fields.ts'
import type { LogTemplate, LogVariable } from '../text/log-template.ts'
import { request } from '../text/request-line.ts'
import { readIsoTime } from '../text/timestamps.ts'
import { virtualHostFields } from '../text/virtual-host.ts'
import {
  bodyBytesSent,
  clientInPlace,
  forwardedFor,
  referer,
  remoteLogname,
  requestLength,
  status,
  userAgent,
  userInPlace,
} from './nginx-fields.ts'
import { epochTime, timeRead, timeTaken } from './web-times.ts'

type Meaning = Omit<LogVariable, 'written'>

const [serverName, serverPort] = virtualHostFields

/** https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats and mod_logio [2026-11]. */
const directives: Readonly<Record<string, Meaning>> = {
  a: { name: 'remote_ip', field: clientInPlace },
  A: { name: 'local_ip' },
  b: { name: 'body_bytes_sent', field: bodyBytesSent },
  B: { name: 'body_bytes_sent', field: bodyBytesSent },
  D: { name: 'request_time_us', field: timeTaken(1_000_000) },
  f: { name: 'filename', isFree: true },
  h: { name: 'remote_host', field: clientInPlace },
  H: { name: 'server_protocol', field: text('request_proto', '') },
  I: { name: 'bytes_received', field: requestLength },
  k: { name: 'keepalive_requests' },
  l: { name: 'remote_logname', field: remoteLogname },
  L: { name: 'log_id' },
  m: { name: 'request_method', field: text('request_verb', '') },
  O: { name: 'bytes_sent' },
  p: { name: 'server_port', field: serverPort },
  P: { name: 'pid' },
  q: { name: 'query_string', isFree: true },
  r: { name: 'request', field: request(), spaces: 'any', isText: true },
  R: { name: 'handler' },
  s: { name: 'status', field: status },
  S: { name: 'bytes_transferred' },
  T: { name: 'request_time', field: timeTaken(1) },
  u: { name: 'remote_user', field: userInPlace, spaces: 'any' },
  U: { name: 'uri', isFree: true },
  v: { name: 'server_name', field: serverName },
  V: { name: 'server_name', field: serverName },
  X: { name: 'connection_status' },
  '^FB': { name: 'first_byte_us' },
}

/** With an argument in braces: what it says goes into the name. */
const withArgument: Readonly<Record<string, (argument: string) => Meaning | undefined>> = {
  a: (which) => (which === 'c' ? { name: 'peer_ip' } : undefined),
  c: (name) => ({ name: snake(name) }),
  C: (name) => ({ name: `cookie_${name}`, isFree: true }),
  e: (name) => ({ name: `env_${name}`, spaces: 'any', isFree: true }),
  i: (name) => header(snake(name)),
  n: (name) => ({ name: `note_${name}`, spaces: 'any', isFree: true }),
  o: (name) => ({ name: `sent_http_${snake(name)}`, spaces: 'any', isFree: true }),
  p: (which) => (which === 'canonical' ? directives['p'] : { name: `${which}_port` }),
  P: (which) => ({ name: which }),
  t: (format) => timeIn(format.replace(/^(?:begin|end):/, '')),
  T: (unit) => ({ s: directives['T'], ms: milliseconds, us: directives['D'] })[unit],
  x: (name) => ({ name: snake(name), spaces: 'any' }),
  '^ti': (name) => ({ name: `trailer_${snake(name)}`, spaces: 'any', isFree: true }),
  '^to': (name) => ({ name: `sent_trailer_${snake(name)}`, spaces: 'any', isFree: true }),
}

const milliseconds: Meaning = { name: 'request_time_ms', field: timeTaken(1000) }

const headers: Readonly<Record<string, Omit<Meaning, 'name'>>> = {
  referer: { field: referer, spaces: 'any' },
  user_agent: { field: userAgent, spaces: 'any', isText: true },
  x_forwarded_for: { field: forwardedFor, spaces: 'list' },
}

function header(name: string): Meaning {
  return { name: `http_${name}`, spaces: 'any', isFree: true, ...headers[name] }
}

/** Parts of a second since 1970, or a time as strftime(3) writes it. Without a zone it is no moment. */
function timeIn(format: string): Meaning {
  const parts = { sec: 1, msec: 1000, usec: 1_000_000 }[format]
  if (parts) return { name: 'time', field: epochTime(parts) }
  const spaces = format.split(' ').length - 1
  const known = format.replace('%F', '%Y-%m-%d').replace('%T', '%H:%M:%S')
  if (/^%Y-%m-%d[T ]%H:%M:%S%z$/.test(known)) return { name: 'time', field: timeRead(readIsoTime), spaces }
  if (known === '%d/%b/%Y:%H:%M:%S %z') return { name: 'time', field: timeRead(), spaces }
  return { name: 'time', spaces }
}

function snake(name: string): string {
  return name.toLowerCase().replaceAll('-', '_')
}

/** The path and, behind it, the query: what the client asked for. A path of its own has no question mark. */
const pathAndQuery: Meaning = { name: 'request_uri', field: text('request_url', '') }

/** A directive with its conditions and argument, an escape as in the configuration file, or a lone percent sign. */
const token =
  /%[!\d,<>]*(?:(?<path>U%q)|\{(?<argument>[^}]*)\}(?<taker>\^ti|\^to|[A-Za-z])|(?<plain>\^FB|[A-Za-z%]))|\\(?<escape>["\\nt])|%/g
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t' }

/**
 * A format as in Apache's `LogFormat`, with its quotes escaped or not.
 * @returns the template; or, as text, what is wrong.
 */
export function apacheTemplate(format: string): LogTemplate | string {
  const parts: (string | LogVariable)[] = []
  const addText = (added: string) => {
    const last = parts.at(-1)
    if (typeof last === 'string') parts[parts.length - 1] = last + added
    else if (added !== '') parts.push(added)
  }
  let from = 0
  for (const { 0: written, index, groups = {} } of format.matchAll(token)) {
    addText(format.slice(from, index))
    from = index + written.length
    const { plain, escape: escaped } = groups
    const meaning = meaningOf(groups)
    if (escaped !== undefined) addText(escapes[escaped] ?? escaped)
    else if (plain === '%') addText('%')
    else if (plain === 't') {
      // Apache puts it in brackets.
      addText('[')
      parts.push({ written, name: 'time', field: timeRead(), spaces: 1 })
      addText(']')
    } else if (!meaning)
      return `Apache has no directive ${written === '%' ? format.slice(index, index + 2) : written}`
    else parts.push({ written, ...meaning })
  }
  addText(format.slice(from))
  return parts
}

function meaningOf(groups: Readonly<Record<string, string | undefined>>): Meaning | undefined {
  const { path, argument, taker = '', plain = '' } = groups
  if (path !== undefined) return pathAndQuery
  return argument === undefined ? directives[plain] : withArgument[taker]?.(argument)
}
