/** What may be done on one resource: `buckets/<name>`, `datasets/<name>` or `project`. */
export interface Grant {
  readonly on: string
  readonly permissions: readonly string[]
}

/**
 * One who calls the stand-ins, and what is granted to it. Google's services know a caller by a token; the official
 * clients send none to a local Cloud Storage or Storage Write API. So each caller has addresses of its own there, and
 * whoever comes by the others may do everything: an operator.
 */
export class Access {
  /** As in policies, without its kind: the e-mail of a service account. */
  readonly account: string
  readonly grants: readonly Grant[]
  readonly #needed = new Set<string>()
  readonly #refused = new Set<string>()

  constructor(account: string, grants: readonly Grant[]) {
    this.account = account
    this.grants = grants
  }

  /** Whether this is granted. Notes that it was needed, either way. */
  may(permission: string, on: string): boolean {
    const granted = this.grants.some((grant) => grant.on === on && grant.permissions.includes(permission))
    this.#needed.add(`${on} ${permission}`)
    if (!granted) this.#refused.add(`${on} ${permission}`)
    return granted
  }

  /** What its calls needed so far, each as `<resource> <permission>`, sorted. */
  needed(): readonly string[] {
    return [...this.#needed].sort()
  }

  /** What of that it was refused. */
  refused(): readonly string[] {
    return [...this.#refused].sort()
  }
}
