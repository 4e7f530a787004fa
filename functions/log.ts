import { pino } from 'pino'
import type { Loaded } from './load.ts'
import { Failure, messageOf } from './model/failure.ts'
import type { Settings } from './settings.ts'

/**
 * The load function's own log: one structured line a message, in the shape Cloud Logging reads.
 * info: an object is done. warn: it is tried again. error: an operator is needed. Never a line of a log, or a secret.
 */
export interface Logger {
  finished(loaded: Loaded, millis: number): void
  failed(messageId: string, error: unknown): void
  stopping(inFlight: number): void
}

/** Pino levels as Cloud Logging's severities: https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity */
const severities: Readonly<Record<string, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
}

export function startLogger(settings: Pick<Settings, 'logLevel' | 'revision'>): Logger {
  const log = pino({
    level: settings.logLevel,
    messageKey: 'message',
    base: { revision: settings.revision },
    formatters: { level: (label) => ({ severity: severities[label] ?? 'DEFAULT' }) },
  })
  return {
    finished: ({ outcome, notification }, millis) => {
      const { kind, ...about } = outcome
      const level = kind === 'quarantined' ? 'error' : 'info'
      log[level](
        { outcome: kind, ...about, ...subject(notification), millis },
        `${kind} ${name(notification)}`,
      )
    },
    failed: (messageId, error) => {
      const failure =
        error instanceof Failure ? { stage: error.stage, code: error.code, kind: error.kind } : {}
      const expected = error instanceof Failure
      log[expected ? 'warn' : 'error'](
        { outcome: 'retry', messageId, ...failure, ...(!expected && { err: error }) },
        `to be delivered again: ${messageOf(error)}`,
      )
    },
    stopping: (inFlight) => log.info({ inFlight }, 'stopping: no new work is taken'),
  }
}

function subject({ messageId, announced }: Loaded['notification']): object {
  if (announced.kind === 'nothing') return { messageId, landing: announced.landing }
  const { bucket, name: object, generation } = announced.object
  return { messageId, landing: `gs://${bucket}/${object}`, generation }
}

function name({ messageId, announced }: Loaded['notification']): string {
  if (announced.kind === 'object')
    return `s3://${announced.object.source.bucket}/${announced.object.source.key}`
  return announced.landing ?? `message ${messageId}`
}
