/** What the doctor checks, and what it says of it. */

/** Groups of checks, in the order of the flow, with the headings they are shown under. */
export const groups = {
  identity: 'who asks',
  event: 'event: S3 and SQS',
  transfer: 'dispatch, transfer: AWS role and Storage Transfer',
  finalize: 'finalize: landing bucket and topic',
  load: 'load: subscriptions and ledger',
  bigquery: 'BigQuery',
} as const
export type Group = keyof typeof groups

/** One line of the list. */
export interface Check {
  readonly group: Group
  /** The source it is about, when it is about one. */
  readonly source?: string
  /** What is checked, in a few words; with the source, unlike any other. */
  readonly what: string
  /** The permission it needs. */
  readonly asks: string
  /** What to do when the thing checked is not there. */
  readonly make: string
  /** Made only when that one found what it looked for. */
  readonly after?: Check
  /** May throw whatever a client throws: the runner tells what is missing, absent or broken. */
  readonly run: () => Promise<Finding>
}

/** What a check found. `pass` says in a few words what it saw. */
export type Finding =
  | { readonly state: 'pass'; readonly detail: string }
  | {
      readonly state: 'warn' | 'fail'
      readonly detail: string
      readonly fix: string
      /** What comes after it would only be misled. */
      readonly stops?: true
    }

/** Something that is not as it should be. */
export type Problem = Exclude<Finding, { state: 'pass' }>

export function pass(detail: string): Finding {
  return { state: 'pass', detail }
}

export function warn(detail: string, fix: string): Problem {
  return { state: 'warn', detail, fix }
}

export function fail(detail: string, fix: string): Problem {
  return { state: 'fail', detail, fix }
}

/** All problems in one finding, the worst deciding; `otherwise` when there is none. */
export function finding(problems: readonly Problem[], otherwise: string): Finding {
  if (problems.length === 0) return pass(otherwise)
  const texts = (of: 'detail' | 'fix') => [...new Set(problems.map((problem) => problem[of]))].join('; ')
  const make = problems.some(({ state }) => state === 'fail') ? fail : warn
  return make(texts('detail'), texts('fix'))
}

/** A check cannot be made, for a reason that is no fault of the bridge. */
export class NotChecked extends Error {
  readonly fix: string

  constructor(reason: string, fix: string) {
    super(reason)
    this.name = 'NotChecked'
    this.fix = fix
  }
}
