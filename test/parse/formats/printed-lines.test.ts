import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FormatName } from '../../../functions/parse/formats.ts'
import { readObject, sourceOf } from '../../split/read-object.ts'

/** How a field is written, and what its columns then hold. */
type Field = fc.Arbitrary<{ readonly text: string; readonly cells: Readonly<Record<string, unknown>> }>

const nothing = (text: string) => fc.constant({ text, cells: {} })
const field = <T>(
  values: fc.Arbitrary<T>,
  name: string,
  print: (value: T) => string,
  cell = (value: T): unknown => String(value),
): Field => values.map((value) => ({ text: print(value), cells: { [name]: cell(value) } }))
const orDash = (one: Field, dash = '-'): Field =>
  fc.oneof({ weight: 4, arbitrary: one }, { weight: 1, arbitrary: nothing(dash) })

const words = fc.stringMatching(/^[\w./:+=%]{2,12}$/)
const word = (name: string) => orDash(field(words, name, (value) => value))
const exact = (name: string, value: string) => field(fc.constant(value), name, (one) => one)
/** Text as services write it in quotes: what is not printable, and quotes, are escaped. */
const phrases = fc
  .string({
    unit: fc.constantFrom('a', 'Z', '0', ' ', '/', '(', ')', ';', '\\x22', '%20'),
    minLength: 2,
    maxLength: 9,
  })
  .filter((text) => text.trim() === text)
const quoted = (name: string) =>
  orDash(
    field(phrases, name, (value) => `"${value}"`),
    '"-"',
  )
const integer = (name: string) => orDash(field(fc.nat(), name, String))
const float = (name: string) =>
  orDash(
    field(
      fc.nat(1e6).map((n) => n / 1000),
      name,
      (value) => value.toFixed(3),
      (value) => value,
    ),
  )
const seconds = fc.integer({ min: 1_600_000_000, max: 1_790_000_000 })
const micros = (at: number) => String(at * 1_000_000)
const iso = (name: string) =>
  field(seconds, name, (at) => new Date(at * 1000).toISOString().replace('Z', '000Z'), micros)
const clf = (name: string): Field =>
  field(
    seconds,
    name,
    (at) =>
      new Date(at * 1000).toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/, '[$1/$2/$3:$4 +0000]'),
    micros,
  )
const epoch = (name: string) => field(seconds, name, String, micros)
const address = fc.oneof(fc.ipV4(), fc.ipV6())
const ip = (name: string) => field(address, name, (value) => value)
const endpoint = (name: string): Field =>
  orDash(
    fc.tuple(address, fc.nat(65_535)).map(([one, port]) => ({
      text: one.includes(':') ? `[${one}]:${port}` : `${one}:${port}`,
      cells: { [`${name}_ip`]: one, [`${name}_port`]: String(port) },
    })),
  )
const request = (verb: string, url: string, proto: string): Field =>
  fc
    .tuple(
      fc.constantFrom('GET', 'PATCH'),
      fc.stringMatching(/^https:\/\/[\w.:/?=&]{1,12}$/),
      fc.constantFrom('HTTP/1.1', 'HTTP/2.0'),
    )
    .map(([a, b, c]) => ({
      text: `"${a} ${b} ${c}"`,
      cells: { [verb]: a, [url]: b, [proto]: c },
    }))

/** The fields of each log in the order of AWS's documentation. */
const logs: Partial<Record<FormatName, readonly Field[]>> = {
  alb: [
    exact('type', 'https'),
    iso('time'),
    exact('elb', 'app/shop/50dc6c495c0c9188'),
    endpoint('client'),
    endpoint('target'),
    float('request_processing_time'),
    float('target_processing_time'),
    float('response_processing_time'),
    integer('elb_status_code'),
    integer('target_status_code'),
    integer('received_bytes'),
    integer('sent_bytes'),
    request('request_verb', 'request_url', 'request_proto'),
    quoted('user_agent'),
    word('ssl_cipher'),
    word('ssl_protocol'),
    word('target_group_arn'),
    quoted('trace_id'),
    quoted('domain_name'),
    quoted('chosen_cert_arn'),
    word('matched_rule_priority'),
    iso('request_creation_time'),
  ],
  clb: [
    iso('timestamp'),
    exact('elb_name', 'shop'),
    endpoint('request'),
    endpoint('backend'),
    float('request_processing_time'),
    float('backend_processing_time'),
    float('client_response_time'),
    integer('elb_response_code'),
    integer('backend_response_code'),
    integer('received_bytes'),
    integer('sent_bytes'),
    request('request_verb', 'url', 'protocol'),
    quoted('user_agent'),
    word('ssl_cipher'),
    word('ssl_protocol'),
  ],
  nlb: [
    exact('type', 'tls'),
    exact('version', '2.0'),
    iso('time'),
    exact('elb', 'net/shop/c6e77e28c25b2234'),
    word('listener_id'),
    endpoint('client'),
    endpoint('target'),
    float('tcp_connection_time_ms'),
    float('tls_handshake_time_ms'),
    integer('received_bytes'),
    integer('sent_bytes'),
    integer('incoming_tls_alert'),
    word('cert_arn'),
    word('certificate_serial'),
    word('tls_cipher_suite'),
    word('tls_protocol_version'),
    word('tls_named_group'),
    word('domain_name'),
  ],
  'alb-connection': [
    iso('time'),
    ip('client_ip'),
    integer('client_port'),
    integer('listener_port'),
    word('tls_protocol'),
    word('tls_cipher'),
    float('tls_handshake_latency'),
    quoted('leaf_client_cert_subject'),
    quoted('leaf_client_cert_validity'),
    word('leaf_client_cert_serial_number'),
    word('tls_verify_status'),
    word('conn_trace_id'),
  ],
  's3-access': [
    word('bucketowner'),
    exact('bucket_name', 'example-logs'),
    clf('requestdatetime'),
    ip('remoteip'),
    word('requester'),
    word('requestid'),
    exact('operation', 'REST.GET.OBJECT'),
    word('key'),
    quoted('request_uri'),
    field(fc.integer({ min: 200, max: 599 }), 'httpstatus', String),
    word('errorcode'),
    integer('bytessent'),
    integer('objectsize'),
    integer('totaltime'),
    integer('turnaroundtime'),
    quoted('referrer'),
    quoted('useragent'),
    nothing('-'),
    word('hostid'),
  ],
  'vpc-flow': [
    exact('version', '2'),
    field(fc.constant('123456789012'), 'account_id', String),
    exact('interface_id', 'eni-0123456789abcdef0'),
    ip('srcaddr'),
    ip('dstaddr'),
    integer('srcport'),
    integer('dstport'),
    integer('protocol'),
    integer('packets'),
    integer('bytes'),
    epoch('start'),
    epoch('end'),
    exact('action', 'ACCEPT'),
    exact('log_status', 'OK'),
  ],
}

const own = ['app', 'event_time', 'source_uri', 'source_etag', 'source_line', 'loaded_at']

test.each(Object.entries(logs))(
  '%s: a record that is printed is read as that record',
  async (format, fields) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(...fields), { minLength: 1, maxLength: 4 }), async (records) => {
        const lines = records.map((record) => record.map(({ text }) => text).join(' '))
        const { rows, rejects } = await readObject(
          sourceOf({ format: format as FormatName }),
          `${lines.join('\n')}\n`,
        )
        expect(rejects.map(({ reason }) => reason)).toEqual([])
        const read = rows.map((row) =>
          Object.fromEntries(Object.entries(row).filter(([name]) => !own.includes(name))),
        )
        expect(read).toEqual(records.map((record) => Object.assign({}, ...record.map(({ cells }) => cells))))
      }),
      { numRuns: 200 },
    )
  },
)

test('cloudfront: a record that is printed below a header, in any order of fields, is read as that record', async () => {
  const fields = {
    'x-edge-location': word('x_edge_location'),
    'sc-bytes': integer('sc_bytes'),
    'c-ip': ip('c_ip'),
    'cs-method': exact('cs_method', 'GET'),
    'cs(Host)': word('cs_host'),
    'cs-uri-stem': word('cs_uri_stem'),
    'sc-status': field(fc.integer({ min: 200, max: 599 }), 'sc_status', String),
    'cs(User-Agent)': word('cs_user_agent'),
    'x-edge-result-type': exact('x_edge_result_type', 'Hit'),
    'time-taken': float('time_taken'),
  }
  const names = Object.keys(fields) as (keyof typeof fields)[]
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(names, { minLength: 3 }),
      fc.record(fields),
      seconds,
      async (order, record, second) => {
        const [date = '', time = ''] = new Date(second * 1000).toISOString().slice(0, 19).split('T')
        const lines = [
          '#Version: 1.0',
          `#Fields: date time ${order.join(' ')}`,
          [date, time, ...order.map((name) => record[name].text)].join('\t'),
        ]
        const { rows, rejects } = await readObject(
          sourceOf({ format: 'cloudfront' }),
          `${lines.join('\n')}\n`,
        )
        expect(rejects.map(({ reason }) => reason)).toEqual([])
        const cells = Object.assign({}, ...order.map((name) => record[name].cells))
        expect(rows).toMatchObject([{ ...cells, event_time: micros(second) }])
        const others = names
          .filter((name) => !order.includes(name))
          .flatMap((name) => Object.keys(record[name].cells))
        for (const column of others) expect(rows[0]).not.toHaveProperty(column)
      },
    ),
    { numRuns: 150 },
  )
})

test('syslog: a message that is printed by RFC 5424 is read as that message', async () => {
  const token = fc.stringMatching(/^[\w.]{2,10}$/)
  const message = fc.record({
    priority: fc.nat(191),
    second: seconds,
    host: token,
    app: token,
    pid: token,
    id: token,
    text: fc
      .string({ unit: fc.constantFrom('a', ' ', '[', ']', '"', ':', '<', '1'), minLength: 1, maxLength: 9 })
      .map((text) => `x${text}x`),
  })
  await fc.assert(
    fc.asyncProperty(message, async ({ priority, second, host, app, pid, id, text }) => {
      const line = `<${priority}>1 ${new Date(second * 1000).toISOString()} ${host} ${app} ${pid} ${id} - ${text}`
      const { rows } = await readObject(sourceOf({ format: 'syslog' }), `${line}\n`)
      expect(rows).toMatchObject([
        {
          facility: String(Math.floor(priority / 8)),
          severity: String(priority % 8),
          time: micros(second),
          hostname: host,
          app_name: app,
          proc_id: pid,
          msg_id: id,
          message: text,
        },
      ])
    }),
    { numRuns: 200 },
  )
})

test('nginx: a line that is printed in the combined format is read as that line', async () => {
  const header = fc
    .string({ unit: fc.constantFrom('a', ' ', '/', '(', ';', '\\x22'), minLength: 2, maxLength: 9 })
    .filter((text) => text !== '-')
  const line = fc.record({
    client: address,
    user: fc.stringMatching(/^[a-z]{2,8}$/),
    second: seconds,
    path: fc.stringMatching(/^\/[\w./?=&]{1,12}$/),
    status: fc.integer({ min: 200, max: 599 }),
    bytes: fc.nat(),
    referer: header,
    agent: header,
  })
  await fc.assert(
    fc.asyncProperty(line, async ({ client, user, second, path, status, bytes, referer, agent }) => {
      const time = new Date(second * 1000)
        .toUTCString()
        .replace(/^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/, '[$1/$2/$3:$4 +0000]')
      const text = `${client} - ${user} ${time} "GET ${path} HTTP/1.1" ${status} ${bytes} "${referer}" "${agent}"`
      const { rows } = await readObject(sourceOf({ format: 'nginx' }), `${text}\n`)
      expect(rows).toMatchObject([
        {
          remote_addr: client,
          remote_user: user,
          time: micros(second),
          request_verb: 'GET',
          request_url: path,
          status: String(status),
          body_bytes_sent: String(bytes),
          http_referer: referer,
          http_user_agent: agent,
        },
      ])
    }),
    { numRuns: 200 },
  )
})
