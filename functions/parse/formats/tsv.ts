import { separatedValues } from '../separated-values.ts'

export const tsv = separatedValues('tsv', '\t')
