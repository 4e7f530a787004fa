import type { Enveloped } from '../json/enveloped-lines.ts'
import { parseJsonObject } from '../json/json-document.ts'
import { enveloped } from './enveloped.ts'
import { jsonLines } from './json-lines.ts'

const brace = 0x7b

/**
 * Container logs as Docker's json-file driver writes them: https://docs.docker.com/engine/logging/drivers/json-file/
 * [2026-11]. A message over 16 KiB is in several lines, of which only the last ends with a line feed.
 */
export const docker = enveloped({
  name: 'docker',
  about: 'container logs of Docker (json-file); JSON messages as `json-lines`',
  line: 'of Docker: an object of log, stream and time',
  app: jsonLines.app,
  read: readLine,
})

function readLine(line: Buffer): Enveloped | undefined {
  // Most lines of other logs are told apart without reading them.
  if (line[0] !== brace || !line.includes('"stream":"std') || !line.includes('"log":')) return undefined
  const document = parseJsonObject(line.toString())
  if (!document) return undefined
  const { log, stream, time, attrs, ...others } = document
  const isDocker =
    typeof log === 'string' && (stream === 'stdout' || stream === 'stderr') && typeof time === 'string'
  if (!isDocker || Object.keys(others).length > 0) return undefined
  return {
    time,
    stream,
    partial: !log.endsWith('\n'),
    message: log.replace(/\r?\n$/, ''),
    ...(attrs !== undefined && { others: { attrs } }),
  }
}
