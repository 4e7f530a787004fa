import { separatedValues } from './separated-values.ts'

export const tsv = separatedValues('tsv', 'values between tabs, with a header or `fields`', ['\t'])
