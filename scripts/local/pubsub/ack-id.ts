import type { Ticket } from './deliveries.ts'
import { invalidArgument } from './status.ts'

export const toAckId = ({ id, attempt }: Ticket): string => `${id}-${attempt}`

/** @throws StatusError INVALID_ARGUMENT when this service never gave such an ack id. */
export function parseAckId(text: string): Ticket {
  const [, id, attempt] = /^(\d{1,15})-(\d{1,9})$/.exec(text) ?? []
  if (!id || !attempt) throw invalidArgument(`Not an ack id of this service: "${text}".`)
  return { id: Number(id), attempt: Number(attempt) }
}
