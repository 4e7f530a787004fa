import type { AwsOperation } from './operation.ts'

export interface WireError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type ErrorCode =
  | 'NoSuchBucket'
  | 'InvalidArgument'
  | 'NotImplemented'
  | 'Unavailable'
  | 'EntityTooLarge'
  | 'InternalError'

const s3Errors = {
  NoSuchBucket: { status: 404, code: 'NoSuchBucket' },
  InvalidArgument: { status: 400, code: 'InvalidArgument' },
  NotImplemented: { status: 501, code: 'NotImplemented' },
  Unavailable: { status: 503, code: 'SlowDown' },
  EntityTooLarge: { status: 400, code: 'EntityTooLarge' },
  InternalError: { status: 500, code: 'InternalError' },
} as const

const sqsErrors = {
  NoSuchBucket: { status: 400, code: 'InvalidParameterValue' },
  InvalidArgument: { status: 400, code: 'InvalidParameterValue' },
  NotImplemented: { status: 400, code: 'UnsupportedOperation' },
  Unavailable: { status: 503, code: 'ServiceUnavailable' },
  EntityTooLarge: { status: 400, code: 'InvalidParameterValue' },
  InternalError: { status: 500, code: 'InternalError' },
} as const

/** An error as the service itself would put it on the wire: XML for S3, JSON for SQS. */
export function wireError(service: AwsOperation['service'], error: ErrorCode, message: string): WireError {
  if (service === 'sqs') {
    const { status, code } = sqsErrors[error]
    return {
      status,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}`,
      },
      body: JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message }),
    }
  }
  const { status, code } = s3Errors[error]
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`,
  }
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
