import { expectTypeOf, test } from 'vitest'
import type { MatchedLines } from '../../functions/split/shape/matched-lines.ts'
import type { LineShaper, ReadLine, ShapedLines } from '../../functions/split/shape/shaped-lines.ts'

test('a shaper is given only lines that it read itself', () => {
  const number = (shaper: ShapedLines) =>
    // @ts-expect-error: there is no more to it than its number.
    shaper.shape([{ line: 1 }])
  expectTypeOf(number).toBeFunction()
  expectTypeOf<ShapedLines>().not.toExtend<LineShaper<ReadLine>>()
  expectTypeOf<MatchedLines>().not.toExtend<LineShaper<ReadLine>>()
})
