import { z } from 'zod'
import type { FormatSettings } from '../model/format.ts'

/** Settings of a source that say how lines are read. Each is for the formats that name it in their `settings`. */
export const formatSettings = {
  /** Names of the fields of a line, in order, for objects that do not name them themselves. */
  fields: z.array(z.string().min(1)).min(1).optional(),
  /** What a line of the format `text` looks like: each named group is a field. */
  pattern: z.instanceof(RegExp).optional(),
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
