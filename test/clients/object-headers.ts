import { Crc32c } from '../../functions/parse/reading/compression/crc32c.ts'

/** What Cloud Storage says of an object with this body when it is downloaded, and more. */
export function objectHeaders(
  body: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const crc32c = new Crc32c()
  crc32c.update(Buffer.from(body))
  return {
    'x-goog-hash': `crc32c=${crc32c.base64()}`,
    'x-goog-stored-content-encoding': 'identity',
    ...more,
  }
}
