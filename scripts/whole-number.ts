import { InvalidArgumentError } from 'commander'

/** Reads the argument of an option that counts something. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new InvalidArgumentError('must be a whole number from 1')
}
