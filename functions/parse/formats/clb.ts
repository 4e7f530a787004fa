import { loadBalancing } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { endpoint } from '../text/addresses.ts'
import { columnsOf, delimitedParser } from '../text/delimited.ts'
import { type Field, float, integer, looselyQuoted, text, time } from '../text/fields.ts'
import { isCipher } from '../text/following-field.ts'
import { quotedRequest } from '../text/request-line.ts'

/**
 * Access log entries of a Classic Load Balancer, in the order of
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html#access-log-entry-format
 * Column names are those of Athena's DDL for the same log.
 */
const fields: readonly Field[] = [
  time('timestamp', 'When the load balancer received the request', true),
  text('elb_name', 'Name of the load balancer'),
  endpoint('request', 'the client'),
  endpoint('backend', 'the instance that handled the request'),
  float(
    'request_processing_time',
    'Seconds from receiving the request to sending it to an instance; -1 if it was not sent',
  ),
  float(
    'backend_processing_time',
    'Seconds from sending the request to the instance starting its answer; -1 if it did not',
  ),
  float(
    'client_response_time',
    'Seconds from the instance answering to the answer being sent on; -1 if it was not',
  ),
  integer('elb_response_code', 'Status code the load balancer gave'),
  integer('backend_response_code', 'Status code the instance gave'),
  integer('received_bytes', 'Bytes received from the client'),
  integer('sent_bytes', 'Bytes sent to the client'),
  quotedRequest('request_verb', 'url', 'protocol'),
  looselyQuoted(text('user_agent', 'User-Agent as delivered, escapes kept'), isCipher),
  text('ssl_cipher', 'TLS cipher'),
  text('ssl_protocol', 'TLS protocol'),
]

/** Lines before 2014 end with the request. */
const oldestFieldCount = 12

export const clb: Format = {
  name: 'clb',
  delivery: loadBalancing,
  about: 'Classic Load Balancer access logs, with and without user agent and TLS fields',
  columns: columnsOf(fields),
  fixed: true,
  app: { fields: ['elb_name'] },
  detection: { reads: 'own', key: /_elasticloadbalancing_(?![^/]*_(?:app|net)\.)[^/]*$/ },
  parser: (appFields) => delimitedParser(fields, oldestFieldCount, appFields),
}
