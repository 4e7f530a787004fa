/** A second reading of ALB lines, with nothing of the first: fields by regular expression, cells by the column's kind. */

const columns =
  'type time@ elb client: target: request_processing_time# target_processing_time# response_processing_time# elb_status_code% target_status_code% received_bytes% sent_bytes% request! user_agent ssl_cipher ssl_protocol target_group_arn trace_id domain_name chosen_cert_arn matched_rule_priority request_creation_time@ actions_executed, redirect_url lambda_error_reason target_port_list_ target_status_code_list_ classification classification_reason conn_trace_id transformed_host transformed_uri request_transform_status'.split(
    ' ',
  )

/** The row of a well-formed line, without what every row has. INT64 and TIMESTAMP are decimal text. */
export function naiveAlbRow(line: string): Record<string, unknown> {
  const fields = Array.from(
    line.matchAll(/"(.*?)"(?= |$)|(\S+)/g),
    ([, quoted, bare]) => quoted ?? bare ?? '',
  )
  const row = Object.assign(
    {},
    ...columns.map((column, index) => cells(column, fields[index] ?? '-')),
  ) as Record<string, unknown>
  const extra = fields.slice(columns.length)
  if (extra.length > 0) row['rest'] = JSON.stringify({ extra_fields: extra })
  return row
}

function cells(column: string, value: string): Record<string, unknown> {
  const name = column.replace(/[@:#%!,_]$/, '')
  if (value === '-') return {}
  switch (column.at(-1)) {
    case '@':
      return {
        [name]: String(Date.parse(value.slice(0, 23).concat('Z')) * 1000 + Number(value.slice(23, 26))),
      }
    case ':': {
      const [, ip, port] = /^\[?(.*?)\]?:(\d+)$/.exec(value) ?? []
      return { [`${name}_ip`]: ip, [`${name}_port`]: port }
    }
    case '#':
      return { [name]: Number(value) }
    case '!': {
      const [, verb, url, proto] = /^(\S+) (.*) (\S+)$/.exec(value) ?? []
      const parts = { request_verb: verb, request_url: url, request_proto: proto }
      return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== '-'))
    }
    case ',':
      return { [name]: value.split(',') }
    case '_':
      return { [name]: value.split(' ') }
    default:
      return { [name]: value }
  }
}
