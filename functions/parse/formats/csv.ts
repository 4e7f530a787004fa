import { separatedValues } from './separated-values.ts'

export const csv = separatedValues(
  'csv',
  'values between commas, semicolons or bars, with a header or `fields`',
  [',', ';', '|'],
)
