import type { Readable } from 'node:stream'

/** Milliseconds for a download to begin, the client's own tries included. */
const patience = 15_000

/**
 * Ends a download that does not begin. Now and then the client loses the error of a connection that broke before the
 * answer (seen with @google-cloud/storage 8.4.0 and dropped replies): its stream then says nothing for ever, and with
 * it an object, its slot and its whole group would wait. Once the answer is there, errors come through.
 */
export function expectAnswer(download: Readable): void {
  const timer = setTimeout(() => {
    download.destroy(new Error(`no answer within ${patience / 1000} s`))
  }, patience)
  const answered = () => clearTimeout(timer)
  download.once('response', answered).once('close', answered)
}
