import { separatedValues } from './separated-values.ts'

export const csv = separatedValues(
  {
    name: 'csv',
    about: 'values between commas, semicolons, pipes or your `delimiter`, named by a header or `fields`',
    settings: ['fields', 'header', 'delimiter', 'time'],
  },
  { delimiters: ',;|', strict: true },
)
