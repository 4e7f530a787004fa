import { expect, test } from 'vitest'
import { detectFormat } from '../../functions/parse/detect.ts'
import { contentOf, formatOf, soundContentOf, tellable } from './fixture-files.ts'

test.each(tellable)('%s is detected', (file) => {
  expect(detectFormat(soundContentOf(file))).toBe(formatOf(file))
})

test.each(tellable)('%s is detected when its last line is cut off', (file) => {
  const content = Buffer.concat([soundContentOf(file), soundContentOf(file)])
  expect(detectFormat(content.subarray(0, content.length - 40))).toBe(formatOf(file))
})

test.each(tellable)('%s is detected behind a byte order mark', (file) => {
  const content = Buffer.concat([Buffer.from('\ufeff'), soundContentOf(file)])
  expect(detectFormat(content)).toBe(formatOf(file))
})

const elb = 'AWSLogs/000000000000/elasticloadbalancing/us-east-1/2026/11/20/'
const ownKeys = [
  [
    `${elb}000000000000_elasticloadbalancing_us-east-1_app.checkout.0a1b_20261120T1015Z_192.0.2.1_x.log.gz`,
    'alb.log',
  ],
  [`${elb}000000000000_elasticloadbalancing_us-east-1_net.pay.0a1b_20261120T1015Z_0a1b.log.gz`, 'nlb.log'],
  [`${elb}000000000000_elasticloadbalancing_us-east-1_checkout_20261120T1015Z_192.0.2.1_x.log`, 'clb.log'],
  [
    `${elb}conn_log_000000000000_elasticloadbalancing_us-east-1_app.checkout.0a1b_20261120T1015Z_192.0.2.1_x.log.gz`,
    'alb-connection.log',
  ],
  [
    `${elb}health_check_log_000000000000_elasticloadbalancing_us-east-1_app.checkout.0a1b_20261120T1015Z_192.0.2.1_x.log.gz`,
    'alb-health-check.log',
  ],
  ['cdn/E2EXAMPLE12345.2026-11-20-10.0a1b2c3d.gz', 'cloudfront.log'],
  ['AWSLogs/000000000000/vpcflowlogs/us-east-1/2026/11/20/x.log.gz', 'vpc-flow.log'],
  [
    'ga/AWSLogs/000000000000/globalaccelerator/us-west-2/2026/11/20/000000000000_globalaccelerator_1234abcd-abcd-1234-abcd-1234abcdef00_20261120T1015Z_0a1b2c3.log.gz',
    'global-accelerator.log',
  ],
  ['access/2026-11-20-10-15-00-0123456789ABCDEF', 's3-access.log'],
] as const

test.each(ownKeys)('key %s with its lines', (key, file) => {
  expect(detectFormat(contentOf(file), key)).toBe(formatOf(file))
})

test('a key decides where several formats read lines', () => {
  const mixed = Buffer.concat([contentOf('clb.log'), contentOf('alb.log'), contentOf('alb.log')])
  const keyOf = (name: string) => ownKeys.find(([, file]) => file === `${name}.log`)?.[0]
  expect(detectFormat(mixed)).toBe('alb')
  expect(detectFormat(mixed, keyOf('clb'))).toBe('clb')
})

test.each(ownKeys)('key %s with other lines: another log of AWS, or something is wrong', (key, own) => {
  for (const file of ['alb.log', 'vpc-flow.log', 's3-access.log', 'waf.log', own])
    expect(detectFormat(soundContentOf(file), key)).toBe(formatOf(file))
  for (const file of ['nginx.log', 'json-lines.firelens.log', 'csv.log', 'syslog.log'])
    expect(detectFormat(soundContentOf(file), key)).toBeUndefined()
})

test.each([
  ['vpc-flow', 'version interface-id srcaddr\n'],
  ['cloudfront', '#Version: 1.0\n#Fields: date time c-ip\n'],
  ['global-accelerator', 'version aws_account_id accelerator_id client_ip\n'],
])('headers alone are %s under its key, and text under another', (format, content) => {
  const key = ownKeys.find(([, file]) => file === `${format}.log`)?.[0]
  expect(detectFormat(Buffer.from(content), key)).toBe(format)
  expect(detectFormat(Buffer.from(content), 'logs/x')).toBe('text')
})

test.each([
  ['semicolons', 'date;name;total\n20.11.2026;a;1,50\n21.11.2026;b;2,00\n'],
  ['pipes', 'id|name\n1|a, b\n2|c\n'],
  ['a line for Excel', '\ufeffsep=,\r\nid,name\r\n1,a\r\n'],
  ['newlines within quotes', `id,text\n${'1,"some\nlines\nof, text\n\nand, more"\n'.repeat(100)}`],
  ['newlines in its header', '"the\nid","the\nname"\n1,a\n2,b\n'],
  ['its header again', 'id;name\n1;a\nid;name\n2;b\n'],
  ['values of all kinds', 'one,two\na,b\nc,d\n'],
])('CSV with %s is detected', (_, content) => expect(detectFormat(Buffer.from(content))).toBe('csv'))

test.each([
  ['of threads and classes', 'main|c.e.App|started\nworker|c.e.Job|done\npool-1|c.e.Job|failed\n'],
  ['with levels', 'INFO|c.e.App|started in 3 s|17\nWARN|c.e.Job|slow|18\n'],
  ['with times', '2026-11-20 10:15:00|app|started\n2026-11-20 10:15:01|app|done\n'],
  ['with blanks', 'App | started | 17\nJob | done | 18\n'],
  ['of different lengths', 'app|started|a\njob|17|b\njob|18|b|c\n'],
  ['in a table', '| id | name |\n|----|------|\n| 1  | a    |\n'],
  ['of a client of a database', ' id | name\n----+------\n  1 | a\n'],
])('lines with pipes are text: %s', (_, content) => {
  for (const delimiter of ['|', ';'])
    expect(detectFormat(Buffer.from(content.replaceAll('|', delimiter).repeat(3)))).toBe('text')
})

test.each([
  ['one column', 'name\n1\n2\n'],
  ['pairs', 'user=a; path=/x; ms=17\nuser=b; path=/y; ms=18\n'],
  ['code', 'int a; int b;\nint c; int d;\n'],
  ['SQL', 'SELECT a, b;\nSELECT c, d;\n'],
])('%s of text are text', (_, content) => expect(detectFormat(Buffer.from(content))).toBe('text'))

const none = 'No format has\nlines like these, or so\none hopes.\n'

test.each([
  ['nothing', ''],
  ['blank lines', '\r\n\n'],
  ['prose', none],
  ['prose with commas', 'First, nothing.\nSecond, nothing, again.\n'],
  ['numbers', '1,2,3\n4,5,6\n'],
  ['prose with an object in it', `${none}{"level":"info"}\nand that was it.\n`],
  ['prose with a message in it', `${none}<134>1 2026-11-20T10:15:00Z host app - - - x\nand no more.\n`],
  ['a table of dashes', '- - - - - - - - - - - - - - -\n'],
])('%s is text', (_, content) => expect(detectFormat(Buffer.from(content))).toBe('text'))

test('so is what is not UTF-8', () => {
  expect(detectFormat(Buffer.from('caf\xe9\n', 'latin1'))).toBe('text')
})

test.each(ownKeys)('key %s with lines of no format says that something is wrong', (key) => {
  expect(detectFormat(Buffer.from(none), key)).toBeUndefined()
  expect(detectFormat(Buffer.from(''), key)).toBe('text')
})

test('what is no text is in no format', () => {
  expect(detectFormat(Buffer.from(`PK\x03\x04\0\0${none}`))).toBeUndefined()
})

test('objects without a newline between them are json-lines', () => {
  expect(detectFormat(Buffer.from('{"level":"info"}{"level":"warn"}'))).toBe('json-lines')
})

test('JSON with names that flow logs have too is json-lines', () => {
  expect(detectFormat(Buffer.from('{"version":2,"type":"IPv4","srcaddr":"192.0.2.7"}\n'))).toBe('json-lines')
})

const traced = (level: string) =>
  `2026-11-20T10:15:00.123Z ${level} c.e.Shop - no stock\n\tat c.e.Shop.sell(Shop.java:7)\n`
const request = '{"service":"pay","request_uri":"/a","message":"x"}\n'
const plain = '{"service":"pay","message":"y"}\n'
const wafRecord = '{"timestamp":1795169700000,"webaclId":"a","httpRequest":{}}'
const trailEvent = '{"eventVersion":"1.08","eventTime":"2026-11-20T10:15:00Z"}'
const s3Event =
  '{"Records":[{"eventVersion":"2.1","eventTime":"2026-11-20T10:15:00Z","eventSource":"aws:s3","s3":{}}]}'

const audit = `type=USER_LOGIN msg='op=login acct="root" res=success'\n`
const iis = '#Software: Microsoft Internet Information Services 10.0\n#Fields: time c-ip\n'
const clf = (last: string) =>
  `192.0.2.44 - - [20/Nov/2026:10:15:00 +0000] "GET /orders HTTP/1.1" 200 1532 ${last}\n`.repeat(3)
const [realtime = ''] = contentOf('cloudfront-realtime.log').toString().split('\n')

test.each([
  ['text', 'an application log with stack traces', traced('ERROR') + traced('INFO')],
  ['text', 'a level as if it were a host', '2026-11-20T10:15:00Z WARN: Cache miss\n'.repeat(9)],
  ['text', 'what Lambda logs', '2026-11-20T10:15:00.1Z START RequestId: 8f50 Version: $LATEST\n'.repeat(9)],
  ['text', 'lines with tabs, the first a level', 'INFO\tstarted\nWARN\tslow\n'],
  ['text', 'one event of CloudTrail printed in prose', none.repeat(5) + contentOf('cloudtrail.log')],
  ['text', 'a few objects among prose', none.repeat(5) + plain.repeat(4)],
  ['text', 'what CloudWatch Logs exports', `2026-11-20T10:15:00.000Z ${wafRecord}\n`.repeat(9)],
  ['text', 'values without a header', '"my-bucket","photos/1.jpg"\n"my-bucket","photos/2.jpg"\n'],
  ['text', 'a log with one NUL in it', `${none.repeat(40)}\0${none}`],
  ['text', 'sentences with a pair in them', 'user=anna logged in from level=3 of the house\n'.repeat(9)],
  ['text', 'pairs that no log has', 'width=3 height=4\nwidth=5 height=6\n'],
  ['text', 'values without quotes behind pairs', 'level=info msg=user logged in\n'.repeat(9)],
  ['text', 'audit records with quotes in their message', audit.repeat(9)],
  ['text', 'pairs behind a word', 'INFO level=info msg="x"\n'.repeat(9)],
  [
    'text',
    'real-time logs of CloudFront with some fields',
    `${realtime.split('\t').slice(0, 45).join('\t')}\n`.repeat(9),
  ],
  ['text', 'as many values between tabs', `${'1795169700.241\t'.repeat(68)}x\n`.repeat(9)],
  ['cloudfront', 'its own #Fields', contentOf('cloudfront.log')],
  ['w3c', 'a file of IIS that nobody has asked for anything', iis.repeat(2)],
  ['w3c', 'a file of IIS, begun again', `${iis}10:15:00 192.0.2.1\n${iis}10:16:00 192.0.2.1\n`],
  ['nginx', 'a last word that is no id of API Gateway', clf('0.123')],
  ['nginx', 'a last word as Apache makes them', clf('YqXKPX8AAAEAACvFbLkAAAAA')],
  ['nginx', 'the id that nginx gives', clf('4f2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d')],
  ['api-gateway-clf', 'an id as REST APIs give', clf('0a1b2c3d-1111-4222-8333-444455556666')],
  ['api-gateway-clf', 'an id as HTTP APIs give', clf('JKJaXmPLvHcESHA=')],
  ['syslog', 'a kernel', '2026-11-20T10:15:00.123456+00:00 host1 kernel: x\n'.repeat(3)],
  ['json-lines', 'events of a trail and of others', `${trailEvent}\n`.repeat(3) + plain],
  ['cloudtrail', 'a trail file that lists nothing', '{"Records":[]}'],
  ['syslog', 'a daemon without priorities', '2026-11-20T10:15:00Z host1 sshd[7]: hello\n'.repeat(3)],
  ['syslog', 'messages that go on', 'Nov 20 10:15:00 host1 kernel: trace\n\tline\n\tline\n'],
  ['json-lines', 'a service that logs some requests', request + plain + request + plain],
  [
    'json-lines',
    'a service that logs requests',
    '{"service":"pay","remote_addr":"192.0.2.7","request_uri":"/a"}\n',
  ],
  [
    'json-lines',
    'a service behind API Gateway',
    '{"requestId":"a","time":"20/Nov/2026:10:15:00 +0000","httpMethod":"GET","path":"/a","status":200,"stage":"x"}\n',
  ],
  [
    'json-lines',
    'journal entries that a collector rewrote',
    '{"message":"x","host":"h","timestamp":"2026-11-20T10:15:00Z","__REALTIME_TIMESTAMP":"1795169700123456"}\n',
  ],
  [
    'json-lines',
    'events of Kubernetes that are no audit',
    '{"kind":"Event","apiVersion":"v1","verb":"get"}\n',
  ],
  [
    'json-lines',
    'findings of another service',
    '{"SchemaVersion":"2018-10-08","AwsAccountId":"1","Severity":{}}\n',
  ],
  ['json-lines', 'a class of its own', '{"class_uid":1,"time":1795169700123,"metadata":{}}\n'],
  ['json-lines', 'a member that is like a name of CloudFront', '{"c_id":17,"message":"x","level":"info"}\n'],
  ['json-lines', 'notifications of S3', s3Event],
  ['json-lines', 'megabytes without a newline', plain.trimEnd().repeat(20_000).slice(0, 262_144)],
  ['json-lines', 'a very long object', `{"message":"${'x'.repeat(300_000)}`.slice(0, 262_144)],
])('%s: %s', (format, _, content) => expect(detectFormat(Buffer.from(content))).toBe(format))
