import { separatedValues } from './separated-values.ts'

export const tsv = separatedValues(
  {
    name: 'tsv',
    about: 'values between tabs, named by a header or `fields`',
    settings: ['fields', 'header', 'time'],
  },
  { delimiters: '\t', strict: false },
)
