import type { Format } from './format.ts'
import { alb } from './formats/alb.ts'
import { jsonLines } from './formats/json-lines.ts'

/** Every format there is. Adding one is a file in `formats/` and a line here. */
export const formats = { alb, 'json-lines': jsonLines } as const satisfies Record<string, Format>

export type FormatName = keyof typeof formats
export const formatNames = Object.keys(formats) as [FormatName, ...FormatName[]]
