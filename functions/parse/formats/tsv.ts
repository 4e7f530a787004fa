import { separatedValues } from './separated-values.ts'

export const tsv = separatedValues('tsv', 'tab-separated values with a header', '\t')
