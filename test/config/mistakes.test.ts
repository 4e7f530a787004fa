/** What someone gets wrong who writes a source for the first time, and what the configuration answers. */
import { expect, test } from 'vitest'
import { formats as allFormats, formatNames } from '../../functions/parse/formats.ts'
import { faultsOf } from './faults-of.ts'

const alb = { bucket: 'example-logs', format: 'alb' }
const json = { bucket: 'example-logs', format: 'json-lines' }
const csv = { bucket: 'example-logs', format: 'csv' }
const google = {
  project: 'example-project',
  location: 'US',
  landingBucket: 'example-landing',
  ledgerBucket: 'example-ledger',
}
const valid = { aws: { region: 'us-east-1' }, google, sources: { web: alb } }
const bucketKey = 'arn:aws:kms:us-east-1:123456789012:key/logs'
const cloudKey = (location: string) => `projects/p/locations/${location}/keyRings/r/cryptoKeys/k`
const source = (web: unknown) => ({ ...valid, sources: { web } })

const formats = formatNames.join(', ')
const evolving = formatNames.filter((name) => allFormats[name].evolves).join(', ')
const types = 'STRING, INT64, FLOAT64, BOOL, TIMESTAMP, JSON'
const appRule =
  'must be { field, match? }, { key } or a function of the row, not an async one; ' +
  'match and key are regular expressions such as /^([^/]+)/'
const functionRule =
  'must be a function, such as (row) => ..., and not an async one or a generator: rows are not waited for'
const bucketRule = 'is no bucket name: 3-63 of a-z, 0-9, dot and dash, without s3:// or gs://'

test.each<[string, unknown, string]>([
  [
    'a setting misspelt',
    source({ ...alb, prefx: 'a/' }),
    'sources.web.prefx: there is no such setting; did you mean prefix?',
  ],
  ['one of the whole', { ...valid, labls: {} }, 'labls: there is no such setting; did you mean labels?'],
  [
    'environments',
    { ...valid, environment: {} },
    'environment: there is no such setting; did you mean environments?',
  ],
  [
    'a setting of another tool',
    source({ ...json, app: { field: 'a', regex: /x/ } }),
    'sources.web.app.regex: there is no such setting; there are field, match',
  ],
  [
    'columns beside those of no format',
    source({ bucket: 'example-logs', columns: { ms: 'INT64' } }),
    'sources.web.columns: are beside those of one format, and the source names none; name it',
  ],
  [
    'fields of no format',
    source({ bucket: 'example-logs', fields: ['srcaddr'] }),
    'sources.web.fields: is for format cloudfront-realtime, vpc-flow, csv, tsv, and the source names none; name it',
  ],
  [
    'a directive there is not',
    source({ ...json, time: { field: 'at', format: '%Y-%m-%d %Q' } }),
    'sources.web.time.format: has %Q, which is none of %Y %m %d %e %b %H %I %p %M %S %f %z %a %%',
  ],
  [
    'a zone there is not',
    source({ ...json, time: { field: 'at', zone: 'Mars/Olympus' } }),
    'sources.web.time.zone: is no zone of the IANA database, such as Europe/Berlin, and no offset such as +02:00',
  ],
  [
    'columns learned from any format',
    source({ bucket: 'example-logs', contract: 'evolve' }),
    `sources.web.contract: evolve is for ${evolving}, and the source names none; name it`,
  ],
  [
    'a redaction in no format',
    source({ bucket: 'example-logs', redact: { cardNumber: 'drop' } }),
    'sources.web.redact: is by columns of one format, and the source names none; name it',
  ],
  ['no bucket', source({ format: 'alb' }), 'sources.web.bucket: is missing: it must be text'],
  ['no cloud', { ...valid, google: undefined }, 'google: is missing: it must be an object'],
  [
    'a format misspelt',
    source({ ...alb, format: 'json-line' }),
    `sources.web.format: must be one of ${formats}, not json-line; did you mean json-lines?`,
  ],
  [
    'a format there is not',
    source({ ...alb, format: 'apache' }),
    `sources.web.format: must be one of ${formats}, not apache`,
  ],
  ['an address of a bucket', source({ ...alb, bucket: 's3://logs' }), `sources.web.bucket: ${bucketRule}`],
  ['a bucket in capitals', source({ ...alb, bucket: 'Logs' }), `sources.web.bucket: ${bucketRule}`],
  [
    'a slash in front',
    source({ ...alb, prefix: '/a' }),
    'sources.web.prefix: must not start with "/": S3 keys do not',
  ],
  ['many prefixes', source({ ...alb, prefix: ['a', 'b'] }), 'sources.web.prefix: must be text, not a list'],
  [
    'a list of sources',
    { ...valid, sources: [alb] },
    'sources: must be an object, its keys being names, not a list',
  ],
  ['a function of a source', source(() => alb), 'sources.web: must be an object, not a function'],
  [
    'a dash in a name',
    { ...valid, sources: { 'my-web': alb } },
    'sources.my-web: is no source name: a-z, then a-z and 0-9, at most 31 characters',
  ],
  [
    'two sources of the same keys',
    { ...valid, sources: { a: alb, b: { ...alb, prefix: 'x/' } } },
    'sources.b: takes keys of bucket example-logs that sources.a takes too; make prefix or suffix differ',
  ],
  ['an app by name', source({ ...alb, app: 'elb' }), `sources.web.app: ${appRule}`],
  ['an expression as text', source({ ...alb, app: { key: 'logs/(.*)' } }), `sources.web.app: ${appRule}`],
  ['an async app', source({ ...json, app: async () => 'x' }), `sources.web.app: ${appRule}`],
  ['a filter by value', source({ ...alb, filter: { status: 500 } }), `sources.web.filter: ${functionRule}`],
  [
    'a map that generates',
    source({
      ...alb,
      map: function* () {
        yield 1
      },
    }),
    `sources.web.map: ${functionRule}`,
  ],
  [
    'columns by name only',
    source({ ...json, columns: ['ms'] }),
    'sources.web.columns: must be an object, its keys being names, not a list',
  ],
  [
    'a type in small letters',
    source({ ...json, columns: { ms: 'int64' } }),
    `sources.web.columns.ms: must be one of ${types}, not int64; did you mean INT64?`,
  ],
  [
    'a path for a column',
    source({ ...json, columns: { 'user.id': 'STRING' } }),
    'sources.web.columns.user.id: is no column name: letters, digits and _, no digit first, at most 300',
  ],
  [
    'a column there is',
    source({ ...json, columns: { level: 'STRING' } }),
    'sources.web.columns.level: level is a column of json-lines already: choose another name',
  ],
  [
    'a redaction there is not',
    source({ ...json, redact: { a: 'remove' } }),
    'sources.web.redact.a: must be one of drop, hash, mask, not remove',
  ],
  [
    'a redaction that is no text',
    source({ ...json, redact: { a: true } }),
    'sources.web.redact.a: must be one of drop, hash, mask',
  ],
  [
    'all fields redacted',
    source({ ...json, redact: { rest: 'mask' } }),
    "sources.web.redact.rest: is all that has no column; name a field of it, such as user.email, or 'drop' it",
  ],
  [
    'a time hashed',
    source({ ...json, redact: { event_time: 'hash' } }),
    "sources.web.redact.event_time: event_time is TIMESTAMP, which holds no hash; 'drop' it",
  ],
  [
    'a number hashed, as the log spells it',
    source({ bucket: 'example-logs', format: 'cloudfront', redact: { 'sc-status': 'hash' } }),
    "sources.web.redact.sc-status: sc_status is INT64, which holds no hash; 'drop' it",
  ],
  [
    'what apps are named by, as the log spells it',
    source({ bucket: 'example-logs', format: 'cloudtrail', redact: { recipientAccountId: 'mask' } }),
    'sources.web.redact.recipientAccountId: the app is read from it, which names tables: give app another field or function',
  ],
  [
    'what apps are named by, as the table spells it',
    source({
      bucket: 'example-logs',
      format: 'cloudtrail',
      app: { field: 'userIdentity.userName' },
      redact: { useridentity: 'drop' },
    }),
    'sources.web.redact.useridentity: the app is read from it, which names tables: give app another field or function',
  ],
  [
    'what apps are named by, in another case',
    source({
      bucket: 'example-logs',
      format: 'cloudtrail',
      app: { field: 'userIdentity.userName' },
      redact: { 'userIdentity.USERNAME': 'mask' },
    }),
    'sources.web.redact.userIdentity.USERNAME: the app is read from it, which names tables: give app another field or function',
  ],
  [
    'what apps are named by within what FireLens wraps',
    source({ ...json, app: { field: 'log.user' }, redact: { user: 'drop' } }),
    'sources.web.redact.user: the app is read from it, which names tables: give app another field or function',
  ],
  [
    'what apps are named by, as FireLens wraps it',
    source({ ...json, app: { field: 'user' }, redact: { 'log.user': 'drop' } }),
    'sources.web.redact.log.user: the app is read from it, which names tables: give app another field or function',
  ],
  [
    'a group redacted that the message has too',
    source({
      bucket: 'example-logs',
      format: 'text',
      pattern: /(?<email>\S+) .*/,
      redact: { email: 'drop' },
    }),
    'sources.web.redact.email: message has the whole line: give the pattern a group message, or redact message too',
  ],
  [
    'a group there is not',
    source({ bucket: 'example-logs', format: 'text', pattern: /(?<mail>\S+) .*/, app: { field: 'mai' } }),
    'sources.web.app.field: the pattern has no group mai; did you mean mail?',
  ],
  [
    'the origin redacted',
    source({ ...json, redact: { source_uri: 'drop' } }),
    'sources.web.redact.source_uri: source_uri tells where the row is from, not what it says; leave it out',
  ],
  [
    'a share in percent',
    source({ ...alb, sample: 10 }),
    'sources.web.sample: must be a share from 0 to 1, such as 0.1',
  ],
  [
    'a number as text',
    source({ ...alb, maxTables: '10' }),
    'sources.web.maxTables: must be a number, not text',
  ],
  ['no tables', source({ ...alb, maxTables: 0 }), 'sources.web.maxTables: must be at least 1'],
  [
    'a split there is not',
    source({ ...alb, split: 'table' }),
    'sources.web.split: must be one of tables, cluster, not table; did you mean tables?',
  ],
  [
    'a ledger that forgets what events still bring',
    { ...valid, google: { ...google, landingDays: 50, ledgerDays: 73 } },
    'google.ledgerDays: must be at least landingDays + 24 (74), as events wait up to 24 days in AWS; ' +
      'or leave it out, to keep the ledger for ever',
  ],
  [
    'a ledger of weeks',
    { ...valid, google: { ...google, ledgerDays: 59 } },
    'google.ledgerDays: must be at least 60',
  ],
  ['no default', source({ ...alb, defaultApp: '' }), 'sources.web.defaultApp: must not be empty'],
  [
    'a default beyond what an app is called',
    source({ ...alb, defaultApp: 'a'.repeat(201) }),
    "sources.web.defaultApp: is longer than an app's name may be: shorten it to 200 characters",
  ],
  [
    'a field twice',
    source({ bucket: 'example-logs', format: 'vpc-flow', fields: ['vpc-id', 'start', 'vpc_id'] }),
    'sources.web.fields: vpc_id is named twice',
  ],
  ...['', 'detail.items', 'items[]'].map((records): [string, unknown, string] => [
    `${records} for a list of records`,
    source({ bucket: 'web-logs', format: 'json-lines', records }),
    'sources.web.records: must name a member of the document itself: a list further in is not reached',
  ]),
  ...['tab', '||', 'x', '"', '§', ''].map((delimiter): [string, unknown, string] => [
    `${delimiter} between values`,
    source({ ...csv, delimiter }),
    'sources.web.delimiter: must be one character that is no letter, digit or double quote, such as ";" or "\\t"',
  ]),
  [
    'a delimiter of what has tabs',
    source({ ...csv, format: 'tsv', delimiter: ';' }),
    'sources.web.delimiter: is for format csv, not tsv; leave it out',
  ],
  [
    'a header in words',
    source({ ...csv, header: 'none' }),
    'sources.web.header: must be true or false, not text',
  ],
  [
    'a header elsewhere',
    source({ ...json, header: false }),
    'sources.web.header: is for format csv, tsv, not json-lines; leave it out',
  ],
  [
    'a field of CSV twice',
    source({ ...csv, fields: ['a-b', 'a_b', 'a-b'] }),
    'sources.web.fields: a-b is named twice',
  ],
  [
    'an app that is no field',
    source({ ...csv, fields: ['service', 'ms'], app: { field: 'servic' } }),
    "sources.web.app.field: servic is none of the source's fields: name it there, or another here; did you mean service?",
  ],
  [
    'a time that is no field',
    source({ ...csv, fields: ['at', 'ms'], time: { field: 'time' } }),
    "sources.web.time.field: time is none of the source's fields: name it there, or another here",
  ],
  [
    'a redaction of no field',
    source({ ...csv, fields: ['service', 'card'], redact: { Card: 'mask', cart: 'drop' } }),
    "sources.web.redact.cart: cart is none of the source's fields: name it there, or another here; did you mean card?",
  ],
  [
    'a pattern elsewhere',
    source({ ...json, pattern: /x/ }),
    'sources.web.pattern: is for format text, not json-lines; leave it out',
  ],
  [
    'a pattern as text',
    source({ bucket: 'example-logs', format: 'text', pattern: '.*' }),
    'sources.web.pattern: must be a regular expression, such as /^(?<time>\\S+) (?<message>.*)/, not text',
  ],
  [
    'a log format elsewhere',
    source({ ...alb, logFormat: '$host' }),
    'sources.web.logFormat: is for format nginx, not alb; leave it out',
  ],
  ...(
    [
      ['host status', 'names no variable, such as $remote_addr or %h'],
      [
        '$scheme://$host$request_uri',
        'nothing stands between $host and $request_uri, so no line says where one ends',
      ],
      ['%h %l%u %t', 'nothing stands between %l and %u, so no line says where one ends'],
      ['%h %Z', 'Apache has no directive %Z'],
      ['%h %{Host}z', 'Apache has no directive %{Host}z'],
      ['%h 100%', 'Apache has no directive %'],
      [
        '$remote_addr $request $status',
        "$request has spaces, and here a space ends it: put it in quotes, in the server's configuration too",
      ],
      ['$host\n$status', 'has a line end: write it in one line'],
    ] as const
  ).map(([logFormat, fault]): [string, unknown, string] => [
    `the log format ${logFormat}`,
    source({ bucket: 'example-logs', format: 'nginx', logFormat }),
    `sources.web.logFormat: ${fault}`,
  ]),
  [
    'one bucket for both',
    { ...valid, google: { ...google, ledgerBucket: 'example-landing' } },
    'google.ledgerBucket: must differ from landingBucket (example-landing), which is emptied by and by',
  ],
  [
    'a lane there is not',
    source({ ...alb, lane: 'slow' }),
    'sources.web.lane: there is no google.lanes.slow; add it or leave this out',
  ],
  [
    'much processor and little memory',
    { ...valid, google: { ...google, function: { cpu: '4' } } },
    'google.function.memory: Cloud Run gives 4 CPUs no less than 2Gi, and this is 1Gi; raise it or lower cpu',
  ],
  [
    'the same of a lane',
    { ...valid, google: { ...google, lanes: { bulk: { cpu: '4', memory: '512Mi' } } } },
    'google.lanes.bulk.memory: Cloud Run gives 4 CPUs no less than 2Gi, and this is 512Mi; raise it or lower cpu',
  ],
  [
    'more instances at least than at most',
    { ...valid, google: { ...google, function: { minInstances: 20, maxInstances: 3 } } },
    'google.function.minInstances: is more than maxInstances (3); lower it or raise that',
  ],
  [
    'an alias of a key',
    { ...valid, aws: { region: 'us-east-1', queueKey: 'arn:aws:kms:us-east-1:123456789012:alias/queues' } },
    'aws.queueKey: is no ARN of a key, arn:aws:kms:<region>:<account>:key/<id>; IAM policies take no alias for one',
  ],
  ...['alb', 'alb-connection', 'clb', 's3-access'].map((format): [string, unknown, string] => [
    `a key that keeps ${format} logs out`,
    source({ bucket: 'example-logs', format, makeBucket: true, bucketKey }),
    `sources.web.bucketKey: AWS delivers ${format} logs to no bucket with a key of KMS; leave it out`,
  ]),
  [
    'a prefix whose copies have no name',
    source({ ...alb, prefix: 'a'.repeat(1_008) }),
    'sources.web.prefix: copies are named s3/example-logs/<key> in at most 1024 bytes, and the prefix alone makes 1024; shorten it',
  ],
  [
    'a key of another cloud',
    { ...valid, google: { ...google, location: 'us-central1', key: bucketKey } },
    'google.key: is no key of Cloud KMS: projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>',
  ],
  [
    'a key elsewhere',
    { ...valid, google: { ...google, location: 'us-central1', key: cloudKey('us-east1') } },
    'google.key: is a key in us-east1, and what it encrypts is in us-central1',
  ],
  [
    'one key for all, where datasets are in many regions',
    { ...valid, google: { ...google, location: 'EU', key: cloudKey('europe-west1') } },
    'google.datasetKey: datasets in EU need a key of their own, in europe; make one and name it',
  ],
  [
    'a key of datasets elsewhere',
    { ...valid, google: { ...google, key: cloudKey('us-central1'), datasetKey: cloudKey('us-central1') } },
    'google.datasetKey: is a key in us-central1, and what it encrypts is in us',
  ],
  [
    'a key of datasets alone',
    { ...valid, google: { ...google, datasetKey: cloudKey('us') } },
    'google.datasetKey: set google.key too, for all that is no dataset',
  ],
  ...['allUsers', 'analysts@example.com', 'group:Analysts@example.com'].map(
    (reader): [string, unknown, string] => [
      `${reader} for a reader`,
      { ...valid, google: { ...google, readers: [reader] } },
      'google.readers[0]: is no member, such as group:analysts@example.com, in small letters',
    ],
  ),
  ['a state elsewhere', { ...valid, state: { kind: 'azure' } }, "state.kind: must be 'local', 's3' or 'gcs'"],
])('%s', (_, input, fault) => expect(faultsOf(input)).toEqual([fault]))

test('what a cloud takes is no fault', () => {
  const big = { cpu: '4', memory: '2Gi', minInstances: 3, maxInstances: 3 }
  const keys = { key: cloudKey('us-central1'), datasetKey: cloudKey('us') }
  const readers = ['group:a@example.com', 'domain:example.com', 'principalSet://iam.googleapis.com/x/*']
  const flows = { bucket: 'example-logs', format: 'vpc-flow', makeBucket: true, bucketKey }
  const input = { ...source(flows), google: { ...google, function: big, ...keys, readers } }
  expect(faultsOf(input)).toEqual([])
  const one = { ...google, location: 'us-east1', key: cloudKey('us-east1') }
  expect(faultsOf({ ...valid, google: one })).toEqual([])
})
