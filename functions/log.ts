import { pino } from 'pino'
import type { Loaded } from './load.ts'
import { type Clock, systemClock } from './model/clock.ts'
import { Failure } from './model/failure.ts'
import type { Outcome } from './model/outcome.ts'
import type { Settings } from './settings.ts'

/**
 * The load function's own log: one structured line a message, in the shape Cloud Logging reads.
 * info: an object is done. warn: it is tried again. error: an operator is needed. Never a line of a log, or a secret.
 */
export interface Logger {
  loaded(loaded: Loaded, millis: number): void
  stopping(inFlight: number): void
}

/** Pino levels as Cloud Logging's severities: https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity */
const severities: Readonly<Record<string, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
}

export function startLogger(
  settings: Pick<Settings, 'logLevel' | 'revision'>,
  clock: Pick<Clock, 'now'> = systemClock,
): Logger {
  const log = pino({
    level: settings.logLevel,
    messageKey: 'message',
    base: { revision: settings.revision },
    formatters: { level: (label) => ({ severity: severities[label] ?? 'DEFAULT' }) },
  })
  return {
    loaded: ({ outcome, notification }, millis) => {
      const { kind, ...about } = outcome
      log[levelOf(outcome)](
        {
          outcome: kind,
          ...about,
          ...causeOf(outcome),
          ...subject(notification),
          ...age(notification, clock),
          millis,
        },
        `${kind} ${name(notification)}${'detail' in outcome ? `: ${outcome.detail}` : ''}`,
      )
    },
    stopping: (inFlight) => log.info({ inFlight }, 'stopping: no new work is taken'),
  }
}

function levelOf(outcome: Outcome): 'info' | 'warn' | 'error' {
  if (outcome.kind === 'quarantined' || outcome.kind === 'missing') return 'error'
  if (outcome.kind === 'retry')
    return outcome.cause instanceof Failure && outcome.reason !== 'permission_denied' ? 'warn' : 'error'
  return 'info'
}

/** What a failure says of itself; the stack only of an error nobody foresaw. */
function causeOf(outcome: Outcome): object {
  if (outcome.kind !== 'retry') return {}
  const { cause } = outcome
  return cause instanceof Failure
    ? { cause: undefined, stage: cause.stage, failure: cause.kind }
    : { cause: undefined, err: cause }
}

/** Since the upload: what the freshness of a source is measured by. */
function age({ announced }: Loaded['notification'], clock: Pick<Clock, 'now'>): object {
  const uploadedAt = announced.kind === 'object' ? announced.object.source.uploadedAt : undefined
  return uploadedAt === undefined ? {} : { ageMillis: clock.now() - uploadedAt }
}

function subject({ messageId, announced }: Loaded['notification']): object {
  if (announced.kind !== 'object') return { messageId, landing: announced.landing }
  const { bucket, name: object, generation } = announced.object
  return { messageId, landing: `gs://${bucket}/${object}`, generation }
}

function name({ messageId, announced }: Loaded['notification']): string {
  if (announced.kind === 'object')
    return `s3://${announced.object.source.bucket}/${announced.object.source.key}`
  return announced.landing ?? `message ${messageId}`
}
