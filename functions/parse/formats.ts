import type { Format } from './format.ts'
import { alb } from './formats/alb.ts'
import { jsonLines } from './formats/json-lines.ts'

const all = { alb, 'json-lines': jsonLines }

export type FormatName = keyof typeof all

/** Every format there is. Adding one is a file in `formats/` and a line above. */
export const formats: Readonly<Record<FormatName, Format>> = all
export const formatNames = Object.keys(all) as [FormatName, ...FormatName[]]
