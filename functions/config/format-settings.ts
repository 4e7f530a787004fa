import { z } from 'zod'
import type { FormatSettings } from '../model/format.ts'
import { timeFormatFault } from '../parse/text/time-format.ts'
import { isZone } from '../parse/text/time-zone.ts'

/** Settings of a source that say how lines are read. Each is for the formats that name it in their `settings`. */
export const formatSettings = {
  /** Names of the fields of a line, in order, for objects that do not name them themselves. */
  fields: z.array(z.string().min(1)).min(1).optional(),
  /** The member of a JSON document that lists its records. Usual ones are known. */
  records: z
    .string()
    .regex(/^[^.[\]]+$/, 'must name a member of the document itself: a list further in is not reached')
    .optional(),
  /** What a line of the format `text` looks like: each named group is a field. */
  pattern: z.instanceof(RegExp).optional(),
  /** Where the time of a line is, and how it is written. */
  time: z
    .strictObject({
      /** A column, a name in `rest`, or a path between dots. */
      field: z.string().min(1),
      /** `any` known spelling, `epoch_s`, `epoch_ms`, `epoch_us`, `epoch_ns`, or directives such as `%Y-%m-%d %H:%M:%S`. */
      format: z
        .string()
        .superRefine((format, context) => {
          const fault = timeFormatFault(format)
          if (fault) context.addIssue({ code: 'custom', message: fault })
        })
        .optional(),
      /** The zone of times that name none: `Europe/Berlin`, `+02:00`. */
      zone: z
        .string()
        .refine(
          isZone,
          'is no zone of the IANA database, such as Europe/Berlin, and no offset such as +02:00',
        )
        .optional(),
    })
    .optional(),
  /** False: lines that belong to the one before, as those of a stack trace, are rows of their own. */
  joinLines: z.boolean().optional(),
  /** What stands between the values of `csv`: `;`, say. */
  delimiter: z
    .string()
    .regex(
      /^[\t !#-/:-@[-`{-~]$/,
      'must be one character that is no letter, digit or double quote, such as ";" or "\\t"',
    )
    .optional(),
  /** False: the first line of `csv` and `tsv` has values, not their names. */
  header: z.boolean().optional(),
  /** What a line of a web server looks like: nginx's `log_format` or Apache's `LogFormat`, as its configuration has it. */
  logFormat: z.string().min(1).optional(),
} satisfies Record<keyof FormatSettings, z.ZodType>

/** Those of a source that are set. */
export function formatSettingsOf(source: FormatSettings): FormatSettings {
  return Object.fromEntries(
    Object.keys(formatSettings).flatMap((name) => {
      const value = source[name as keyof FormatSettings]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
