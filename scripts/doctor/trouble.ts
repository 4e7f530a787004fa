import { messageOf } from '../../functions/model/failure.ts'

/** Why a call gave no answer to judge: what was asked for is not there, may not be asked, or anything else. */
export type Trouble = 'absent' | 'no-credentials' | 'forbidden' | 'other'

const absent = [
  'NoSuchBucket',
  'NotFound',
  'NoSuchEntityException',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
]
const forbidden = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Forbidden']

/** Names are AWS's, codes gRPC's or HTTP's. Google's library has only words for having no credentials. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof Error)) return 'other'
  const code = codeOf(error)
  if (absent.includes(error.name) || code === 5 || code === 404) return 'absent'
  if (
    /^(Credentials|Token)ProviderError$/.test(error.name) ||
    /Could not load the default credentials/.test(error.message)
  )
    return 'no-credentials'
  if (forbidden.includes(error.name) || code === 7 || code === 403) return 'forbidden'
  return 'other'
}

function codeOf(error: Error): number | undefined {
  for (const field of ['code', 'status']) {
    const value: unknown = Reflect.get(error, field)
    if (value !== undefined && !Number.isNaN(Number(value))) return Number(value)
  }
  return undefined
}

/** The first line of what a client says, and of what is behind it: the rest is of use to programmers. */
export function shortMessage(error: unknown): string {
  const texts = [error, error instanceof Error ? error.cause : undefined].map((one) => {
    const [line = ''] = one === undefined ? [] : messageOf(one).split('\n')
    return line.trim() || (one instanceof Error ? String(Reflect.get(one, 'code') ?? one.name) : '')
  })
  const text = [...new Set(texts.filter(Boolean))].join(': ')
  return text.length > 300 ? `${text.slice(0, 300)}...` : text
}
