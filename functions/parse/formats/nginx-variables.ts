import { type Field, text } from '../text/fields.ts'
import type { LogTemplate, LogVariable } from '../text/log-template.ts'
import { readIsoTime } from '../text/timestamps.ts'
import { clientInPlace, nginxFields, userInPlace } from './nginx-fields.ts'
import { epochTime, timeRead } from './web-times.ts'

/** Names that are not those of the column their value becomes, or that are read in another way. */
const special: Readonly<Record<string, Omit<LogVariable, 'written' | 'name'>>> = {
  remote_addr: { field: clientInPlace },
  remote_user: { field: userInPlace, spaces: 'any' },
  time_local: { field: timeRead(), spaces: 1 },
  time_iso8601: { field: timeRead(readIsoTime) },
  msec: { field: epochTime(1) },
  request: { spaces: 'any', isText: true },
  request_method: { field: text('request_verb', '') },
  request_uri: { field: text('request_url', '') },
  server_protocol: { field: text('request_proto', '') },
  req_id: { field: text('request_id', '') },
  http_referer: { spaces: 'any' },
  http_user_agent: { spaces: 'any', isText: true },
  http_x_forwarded_for: { spaces: 'list' },
  proxy_add_x_forwarded_for: { spaces: 'list' },
}

const fields: ReadonlyMap<string, Field> = new Map(
  nginxFields.map((field) => {
    const name = field.columns[0]?.name ?? ''
    return [name === 'request_verb' ? 'request' : name, field]
  }),
)

/** Those that are words of the server, or of a client that nginx checks. Any other may be whatever a client sends. */
const checked =
  /^(?:(?:remote|server|time|bytes|connection|proxy|ssl|tcpinfo|geoip2?|upstream|service|ingress)_(?!http_|cookie_|trailer_|add_).*|request_(?:length|time|id|method|uri)|req_id|msec|status|body_bytes_sent|connection|gzip_ratio|host|hostname|https|scheme|pid|pipe|namespace)$/

/** `$name` or `${name}`: https://nginx.org/en/docs/varindex.html. */
const variable = /\$(?:\{(\w+)\}|(\w+))/g

/**
 * A format as in nginx's `log_format`
 * (https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format [2026-11]). Variables may have any name: users
 * and modules make their own. `time` is none.
 */
export function nginxTemplate(format: string): LogTemplate {
  const parts: (string | LogVariable)[] = []
  let from = 0
  for (const found of format.matchAll(variable)) {
    if (found.index > from) parts.push(format.slice(from, found.index))
    parts.push(nginxVariable(found[1] ?? found[2] ?? '', found[0]))
    from = found.index + found[0].length
  }
  if (from < format.length) parts.push(format.slice(from))
  return parts
}

function nginxVariable(name: string, written: string): LogVariable {
  const field = name === 'time' ? undefined : fields.get(name)
  const spaces = name.startsWith('upstream_') ? { spaces: 'list' as const } : {}
  const free = checked.test(name) ? {} : { isFree: true as const }
  return { written, name, ...(field && { field }), ...spaces, ...free, ...special[name] }
}
