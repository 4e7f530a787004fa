import type { Field } from './fields.ts'

const space = 0x20
const quote = 0x22

/** A value of a line, as a web server's configuration names it. */
export interface LogVariable {
  /** As it is written there: `$host`, `%{Referer}i`. */
  readonly written: string
  /** Its name in `rest`, for a value without a column. */
  readonly name: string
  /** The column it becomes, if there is one, and how it is read. */
  readonly field?: Field
  /** Spaces a value has: so many, any number, or those behind the commas and around the colons of a list. None when absent. */
  readonly spaces?: number | 'any' | 'list'
  /** Clients may give it any value. */
  readonly isFree?: true
  /** Nearly all values have spaces. */
  readonly isText?: true
}

/** What a line looks like: text that is the same in all lines, and values, never two of them side by side. */
export type LogTemplate = readonly (string | LogVariable)[]

/** A value's place in a line. */
export interface Place {
  readonly variable: LogVariable
  readonly before: Buffer
  readonly after: Buffer
  readonly isQuoted: boolean
  /** Whether spaces end it: they do where they alone stand between values anywhere in the line. */
  readonly noSpaces: boolean
  /** Whether it may have the spaces of a list. */
  readonly isList: boolean
}

/** The places of a template's values, in order. */
export function placesOf(template: LogTemplate): Place[] {
  const places = template.flatMap((part, index) => {
    if (typeof part === 'string') return []
    const before = Buffer.from(textAt(template, index - 1))
    const after = Buffer.from(textAt(template, index + 1))
    return { variable: part, before, after, isQuoted: before.at(-1) === quote && after[0] === quote }
  })
  const areSpaced = places.some(({ isQuoted, after }) => !isQuoted && isBlank(after))
  const spaced = places.map((place) => {
    const mayHave = place.isQuoted || (place.variable.spaces === 'any' && isEnded(place))
    return { ...place, noSpaces: areSpaced && !mayHave }
  })
  // A client could make an end of its own value look like the beginning of a list.
  const free = spaced.filter(({ noSpaces, variable }) => noSpaces && variable.isFree)
  return spaced.map((place) => ({
    ...place,
    isList: place.variable.spaces === 'list' && free.every(({ variable }) => variable === place.variable),
  }))
}

/** Whether more than a space ends a value, so that it may have spaces itself. */
function isEnded({ after }: { readonly after: Buffer }): boolean {
  return after.length > 0 && !isBlank(after)
}

function textAt(template: LogTemplate, index: number): string {
  const part = template[index]
  return typeof part === 'string' ? part : ''
}

/** Nothing but spaces. */
export function isBlank(text: Buffer): boolean {
  return text.length > 0 && text.every((byte) => byte === space)
}

/** Why no line can be read by a template. */
export function templateFaults(template: LogTemplate): string[] {
  const places = placesOf(template)
  if (places.length === 0) return ['names no variable, such as $remote_addr or %h']
  const adjacent = template.flatMap((part, index) => {
    const next = template[index + 1]
    return typeof part === 'string' || next === undefined || typeof next === 'string'
      ? []
      : `nothing stands between ${part.written} and ${next.written}, so no line says where one ends`
  })
  const endless = places.flatMap(({ variable, after, isQuoted }) =>
    variable.isText && !isQuoted && isBlank(after)
      ? `${variable.written} has spaces, and here a space ends it: put it in quotes, in the server's configuration too`
      : [],
  )
  return [...adjacent, ...endless]
}
