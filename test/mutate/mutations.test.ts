import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mutations } from '../../scripts/mutate/mutations.ts'

test.each(mutations)('the code that is broken stands once in its file: $name', ({ file, from }) => {
  expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').split(from)).toHaveLength(2)
})
