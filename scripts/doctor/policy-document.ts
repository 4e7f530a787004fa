/** IAM policy documents in one form, whichever of several spellings they came in. */
import { z } from 'zod'

const oneOrMore = z.union([z.string(), z.array(z.string())])
const statement = z.looseObject({
  Effect: z.string(),
  Principal: z.union([z.string(), z.record(z.string(), oneOrMore)]).optional(),
  Action: oneOrMore.optional(),
  Resource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
})
const document = z.looseObject({ Statement: z.union([statement, z.array(statement)]) })
export type ReadStatement = z.infer<typeof statement>

/** @throws Error when it is no policy document. */
export function readStatements(text: string): ReadStatement[] {
  return list(document.parse(JSON.parse(text)).Statement)
}

/** What one statement allows: lists sorted, actions and names of conditions in lower case. */
export interface Allowance {
  /** `Service:s3.amazonaws.com`, `AWS:*`, `*`. */
  readonly principals: readonly string[]
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly condition: Readonly<Record<string, readonly string[]>>
}

export function allowances(statements: readonly object[]): Allowance[] {
  return statements
    .map((one) => statement.parse(one))
    .filter(({ Effect }) => Effect === 'Allow')
    .map(({ Principal = {}, Action, Resource, Condition = {} }) => ({
      principals: (typeof Principal === 'string' ? [Principal] : principalsOf(Principal)).toSorted(),
      actions: list(Action)
        .map((action) => action.toLowerCase())
        .toSorted(),
      resources: list(Resource).toSorted(),
      condition: Object.fromEntries(
        Object.entries(Condition)
          .flatMap(([operator, tests]) =>
            Object.entries(tests).map(([key, value]) => [
              `${operator} ${key.toLowerCase()}`,
              list(value as string | string[])
                .map(String)
                .toSorted(),
            ]),
          )
          .toSorted(),
      ),
    }))
}

export function sameAllowance(one: Allowance, other: Allowance): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Whether a pattern of an action or resource, with `*` and `?`, matches. */
export function matches(pattern: string, text: string): boolean {
  const expression = RegExp.escape(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.')
  return new RegExp(`^${expression}$`, 's').test(text)
}

function principalsOf(principal: Readonly<Record<string, string | string[]>>): string[] {
  return Object.entries(principal).flatMap(([kind, names]) => list(names).map((name) => `${kind}:${name}`))
}

function list<T>(value: T | readonly T[] | undefined): T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? [...value] : [value as T]
}
