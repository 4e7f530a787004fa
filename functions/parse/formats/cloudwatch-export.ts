import type { Enveloped } from '../json/enveloped-lines.ts'
import { joinedLines } from '../reading/joined-lines.ts'
import { readIsoTime } from '../text/timestamps.ts'
import { enveloped } from './enveloped.ts'

/** `2026-11-20T10:15:00.123Z `, always of this length. */
const timeLength = 24
const space = 0x20
const zulu = 0x5a

/** <prefix>/<task id>/<log stream>/000000.gz */
const exported = /(?:^|\/)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\/([^/]+)\/\d{6}\.gz$/

/**
 * Events that a log group of CloudWatch Logs was exported with, the ingestion's time in front of each:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html [2026-11]
 * An event of several lines has the time on its first alone.
 */
export const cloudwatchExport = enveloped({
  name: 'cloudwatch-export',
  about: 'log groups of CloudWatch Logs exported to S3; JSON messages as `json-lines`',
  line: 'of an export: a time and the message',
  app: { key: exported },
  key: exported,
  cut: (bytes) => joinedLines(bytes, beginsEvent),
  read: readLine,
})

function beginsEvent(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < timeLength || bytes[start + timeLength - 1] !== zulu) return false
  const isEnded = end - start === timeLength || bytes[start + timeLength] === space
  return isEnded && readIsoTime(bytes, start, start + timeLength) !== undefined
}

function readLine(line: Buffer): Enveloped | undefined {
  if (!beginsEvent(line, 0, line.length)) return undefined
  const time = line.toString('latin1', 0, timeLength)
  return { time, message: line.toString('utf8', timeLength + 1) }
}
