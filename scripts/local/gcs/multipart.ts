import { invalid } from './error.ts'

/** The two parts of a `multipart/related` upload. The media must be read before anything else is. */
export interface MultipartUpload {
  readonly metadata: string
  readonly contentType: string | undefined
  readonly media: AsyncIterable<Buffer>
}

const metadataLimit = 1024 * 1024

/** Takes a multipart upload apart as it arrives. Throws 400 when it ends before its closing boundary. */
export async function readMultipart(
  body: AsyncIterable<Buffer>,
  contentType: string | undefined,
): Promise<MultipartUpload> {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? '')
  const mark = `--${boundary?.[1] ?? boundary?.[2] ?? ''}`
  if (mark === '--') throw invalid('A multipart upload needs a content-type with a boundary.')
  const scanner = new Scanner(body)
  await scanner.until(`${mark}\r\n`)
  await scanner.until('\r\n\r\n')
  const metadata = await scanner.until(`\r\n${mark}\r\n`)
  const mediaHeaders = await scanner.until('\r\n\r\n')
  return {
    metadata,
    contentType: /^content-type:\s*(.+?)\s*$/im.exec(mediaHeaders)?.[1],
    media: scanner.piecesUntil(`\r\n${mark}--`),
  }
}

/** Looks for marks in bytes whose pieces may be cut anywhere. */
class Scanner {
  readonly #pieces: AsyncIterator<Buffer>
  #ahead: Buffer = Buffer.alloc(0)

  constructor(body: AsyncIterable<Buffer>) {
    this.#pieces = body[Symbol.asyncIterator]()
  }

  /** The text before the mark, which is consumed. */
  async until(mark: string): Promise<string> {
    let at = this.#ahead.indexOf(mark)
    while (at < 0) {
      if (this.#ahead.length > metadataLimit) throw invalid('The metadata part of the upload is too large.')
      await this.#readMore()
      at = this.#ahead.indexOf(mark)
    }
    const text = this.#ahead.toString('utf8', 0, at)
    this.#ahead = this.#ahead.subarray(at + mark.length)
    return text
  }

  /** The bytes before the mark, piece by piece. Holds back only what could be the beginning of the mark. */
  async *piecesUntil(mark: string): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#ahead.indexOf(mark)
      const end = at < 0 ? Math.max(0, this.#ahead.length - mark.length + 1) : at
      if (end > 0) yield this.#ahead.subarray(0, end)
      if (at >= 0) return
      this.#ahead = this.#ahead.subarray(end)
      await this.#readMore()
    }
  }

  async #readMore(): Promise<void> {
    const { value, done } = await this.#pieces.next()
    if (done) throw invalid('The multipart upload ends before its closing boundary.')
    this.#ahead = Buffer.concat([this.#ahead, value])
  }
}
