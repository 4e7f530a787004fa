import { separatedValues } from './separated-values.ts'

export const csv = separatedValues('csv', 'comma-separated values with a header', ',')
