import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import { invalid } from './error.ts'

/** One call, taken apart. */
export interface GcsRequest {
  readonly incoming: IncomingMessage
  readonly query: URLSearchParams
  /** Decoded segments of the path; '' for those the call's path does not have. */
  readonly path: { readonly bucket: string; readonly object: string; readonly config: string }
  /** Where a copy goes; '' otherwise. */
  readonly destination: { readonly bucket: string; readonly object: string }
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: string | Readable
}

export const json = (resource: unknown, headers: Record<string, string> = {}, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
  body: JSON.stringify(resource),
})

export const noContent: Reply = { status: 204 }

/** The body, without closing the connection when reading stops early: the refusal must still reach the caller. */
export function bodyOf(incoming: IncomingMessage): AsyncIterable<Buffer> {
  return incoming.iterator({ destroyOnReturn: false })
}

const jsonBodyLimit = 1024 * 1024

/** Reads a JSON body; an empty one counts as `{}`. */
export async function readJson<Body>(incoming: IncomingMessage, schema: z.ZodType<Body>): Promise<Body> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of bodyOf(incoming)) {
    size += piece.length
    if (size > jsonBodyLimit) throw invalid(`The JSON body is larger than ${jsonBodyLimit} bytes.`)
    pieces.push(piece)
  }
  return parseJson(Buffer.concat(pieces).toString(), schema)
}

export function parseJson<Body>(text: string, schema: z.ZodType<Body>): Body {
  const parsed = schema.safeParse(decoded(text))
  if (!parsed.success) throw invalid(`Invalid resource: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

function decoded(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch (error) {
    throw invalid(`Parse error: ${error instanceof Error ? error.message : text}`)
  }
}
