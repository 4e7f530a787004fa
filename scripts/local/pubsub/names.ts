import { invalidArgument } from './status.ts'

/** A letter and 2 to 254 more characters, never starting with goog: https://cloud.google.com/pubsub/docs/pubsub-basics. */
const resourceId = '(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}'
const patterns = {
  topics: new RegExp(`^projects/[^/]+/topics/${resourceId}$`),
  subscriptions: new RegExp(`^projects/[^/]+/subscriptions/${resourceId}$`),
}

/** The name itself, when it is a full name of this kind. */
export function requireName(kind: keyof typeof patterns, name: string): string {
  if (patterns[kind].test(name)) return name
  throw invalidArgument(`Invalid resource name: "${name}". Expected projects/PROJECT/${kind}/ID.`)
}

/** `projects/P/subscriptions/S` as P and S. */
export function splitName(name: string): { readonly project: string; readonly id: string } {
  const [, project = '', , id = ''] = name.split('/')
  return { project, id }
}
