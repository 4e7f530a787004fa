import { isIP } from 'node:net'
import type { Format } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser, type ParseResult } from '../../model/row-writer.ts'
import { columnsOf } from '../text/delimited.ts'
import { badField, type Field, integer, isDash, logTime, text } from '../text/fields.ts'
import { request } from '../text/request-line.ts'

/**
 * Access logs of API Gateway in the common log format of its console, with one id of the request or two:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html#apigateway-cloudwatch-log-formats [2026-11]
 * Columns have the names of its `$context` variables.
 */
const fields: readonly Field[] = [
  text('source_ip', 'Address of the caller'),
  text('caller', 'Principal that signed the request'),
  text('user', 'User of the request'),
  logTime('request_time', 'When the request was received'),
  request('http_method', 'resource_path', 'protocol'),
  integer('status', 'Status code of the answer'),
  integer('response_length', 'Bytes of the body of the answer'),
  text('request_id', 'Id of the request, which a client may choose'),
  text('extended_request_id', 'Id that API Gateway gave the request; of HTTP APIs the only one'),
]

const firstColumns = fields.map((_, index) => columnsOf(fields.slice(0, index)).length)
const [timeAt, requestAt, statusAt, idAt, extendedAt] = [3, 4, 5, 7, 8] as const

/** A UUID, or what stands for the id of a client that is none. */
const requestId = /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|UUID)(?:_REPLACED_INVALID_REQUEST_ID)?$/i
/** Base64 of eleven bytes. */
const extendedId = /^[\w+/-]{15}=$/

const unlike: ParseResult = reject('malformed', 'no common log format with an id behind it: another format?')
const noAddress: ParseResult = reject('malformed', 'no address at the start: another format?')
const noId: ParseResult = reject('malformed', 'no id of API Gateway at the end: another format?')

export const apiGatewayClf: Format = {
  name: 'api-gateway-clf',
  // API Gateway writes to CloudWatch Logs, and to Firehose, which delivers with a role of the user's.
  delivery: 'none',
  about: 'API Gateway access logs in the common log format',
  columns: columnsOf(fields),
  fixed: true,
  // The name of the Firehose stream, which is in the names of its objects, begins so:
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-logging-to-kinesis.html [2026-11]
  app: { key: /(?:^|\/)amazon-apigateway-([^/]{1,64}?)-\d+-\d{4}(?:-\d\d){5}-[^/]*$/ },
  detection: { reads: 'own' },
  parser: parserFor,
}

function parserFor(): LineParser {
  const starts = new Int32Array(fields.length)
  const ends = new Int32Array(fields.length)
  return (bytes, start, end, row) => {
    const count = splitLine(bytes.subarray(start, end), starts, ends)
    if (count < idAt + 1) return unlike
    const textAt = (index: number) =>
      bytes.toString('latin1', start + (starts[index] ?? 0), start + (ends[index] ?? 0))
    if (isIP(textAt(0)) === 0) return noAddress
    const last = textAt(count - 1)
    const alone = count === extendedAt ? last : undefined
    const extendedAlone = alone !== undefined && extendedId.test(alone)
    const areIds =
      alone === undefined ? requestId.test(textAt(idAt)) && extendedId.test(last) : requestId.test(alone)
    if (!areIds && !extendedAlone) return noId
    for (let index = 0; index < count; index++) {
      const [from, to] = [start + (starts[index] ?? 0), start + (ends[index] ?? 0)]
      const field = fields[index === idAt && extendedAlone ? extendedAt : index] as Field
      const column = firstColumns[index === idAt && extendedAlone ? extendedAt : index] ?? 0
      if (isDash(bytes, from, to) && index !== timeAt) continue
      if (!field.write(row, column, bytes, from, to)) return badField(field, index)
    }
    return inRow
  }
}

/**
 * Finds the fields of a line. API Gateway's own example has no blank between the time and the request.
 * @returns their number; 0 when the line is none of this form.
 */
function splitLine(line: Buffer, starts: Int32Array, ends: Int32Array): number {
  const open = line.indexOf(' [')
  const close = line.indexOf(']', open)
  const opened = line.indexOf('"', close)
  const closed = line.indexOf('" ', opened + 1)
  if (open < 0 || close < 0 || opened < 0 || closed < 0) return 0
  if (opened !== close + 1 && line.toString('latin1', close, opened) !== '] ') return 0
  if (splitWords(line, 0, open, starts, ends, 0, timeAt) !== timeAt) return 0
  starts[timeAt] = open + 2
  ends[timeAt] = close
  starts[requestAt] = opened + 1
  ends[requestAt] = closed
  return splitWords(line, closed + 2, line.length, starts, ends, statusAt, fields.length)
}

/** Finds words between single blanks. @returns the place behind the last of them; 0 when one is empty or too many. */
function splitWords(
  line: Buffer,
  from: number,
  end: number,
  starts: Int32Array,
  ends: Int32Array,
  first: number,
  limit: number,
): number {
  let place = first
  for (let at = from; at <= end; place++) {
    const blank = line.indexOf(' ', at)
    const to = blank < 0 || blank > end ? end : blank
    if (place === limit || to === at) return 0
    starts[place] = at
    ends[place] = to
    at = to + 1
  }
  return place
}
