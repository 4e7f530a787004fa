/** What is wrong with a setting, in words that say what it must be. */
import { z } from 'zod'
import { didYouMean } from './nearest.ts'

/** The text of a fault, where its setting has none of its own. Unknown settings get a line each: see faultLines. */
export function faultText(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownSettings(issue.keys, issue.inst)
    case 'invalid_union':
      return unionText(issue.path?.at(-1))
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing: it must be ${kindNamed(issue.expected)}`
        : `must be ${kindNamed(issue.expected)}, not ${kindOf(issue.input)}`
    case 'invalid_value':
      return valueText(issue.values.map(String), issue.input)
    case 'too_small':
      return issue.origin === 'number' ? `must be at least ${issue.minimum}` : 'must not be empty'
    case 'too_big':
      return issue.origin === 'number'
        ? `must be at most ${issue.maximum}`
        : `is longer than ${issue.maximum}`
    case 'invalid_format':
      return formatText(issue.format, issue['prefix'])
    default:
      return undefined
  }
}

/** An issue as faults, each with its path. */
export function faultLines({ code, path, message }: z.core.$ZodIssue): string[] {
  const at = z.core.toDotPath(path)
  if (code !== 'unrecognized_keys') return [`${at || '(the whole)'}: ${message}`]
  return message.split('\n').map((line) => (at ? `${at}.${line}` : line))
}

function unknownSettings(names: readonly string[], schema: unknown): string {
  const own = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  // Environments are taken apart before anything is checked.
  const known = own.includes('sources') ? [...own, 'environments'] : own
  const fix = (name: string) => didYouMean(name, known) || `; there are ${known.join(', ')}`
  return names.map((name) => `${name}: there is no such setting${fix(name)}`).join('\n')
}

/** What a setting of several shapes may be. Zod would only say that the value is none of them. */
function unionText(setting: PropertyKey | undefined): string | undefined {
  switch (setting) {
    case 'app':
      return 'must be { field, match? }, { key } or a function of the row, not an async one; match and key are regular expressions such as /^([^/]+)/'
    case 'notification':
      return "must be 'manual', 'eventbridge', { sns: <topic ARN> } or { adopt: {...} }"
    case 'kind':
      return "must be 'local', 's3' or 'gcs'"
    default:
      return undefined
  }
}

function valueText(values: readonly string[], input: unknown): string {
  const all = `must be one of ${values.join(', ')}`
  if (input === undefined) return `is missing: it ${all}`
  return typeof input === 'string' ? `${all}, not ${input}${didYouMean(input, values)}` : all
}

function formatText(format: string, prefix: unknown): string | undefined {
  if (format === 'starts_with') return `must start with ${String(prefix)}`
  return format === 'email' ? 'is no email address' : undefined
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object, its keys being names',
  RegExp: 'a regular expression, such as /^(?<time>\\S+) (?<message>.*)/',
}

function kindNamed(expected: string): string {
  return kinds[expected] ?? expected
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'number') return String(value)
  return kinds[typeof value] ?? `a ${typeof value}`
}
