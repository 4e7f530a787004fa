import { messageOf } from '../../../model/failure.ts'

/** The library decodes at once what it was given: so much of it at a time. */
const pieceBytes = 16 * 1024

/** Bzip2, of any number of streams. @throws Error when it is damaged or cut off. */
export async function* unbzip2(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { default: bunzip2 } = await import('unbzip2-stream')
  const engine = bunzip2()
  const decoded: Buffer[] = []
  let failure: unknown
  engine.on('data', (bytes: Buffer) => decoded.push(bytes))
  engine.on('error', (error: unknown) => {
    failure ??= error
  })
  const taken = (): Buffer[] => {
    // What it says of bytes that are not there is no help.
    if (failure !== undefined)
      throw new Error(/^Cannot read/.test(messageOf(failure)) ? 'it is cut off' : messageOf(failure))
    return decoded.splice(0)
  }
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; from += pieceBytes) {
      engine.write(chunk.subarray(from, from + pieceBytes))
      yield* taken()
    }
  }
  engine.end()
  yield* taken()
}
