import { z } from 'zod'
import { invalid } from './api-error.ts'

/** A request's body, checked. */
export function parsed<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const result = schema.safeParse(body)
  if (!result.success) throw invalid(`Invalid resource: ${z.prettifyError(result.error)}`)
  return result.data
}
