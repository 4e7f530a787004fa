import { parseJsonObject } from './json-document.ts'
import { wholeDocuments } from './json-records.ts'
import { RecordCutter } from './record-cutter.ts'

const openObject = 0x7b
const openList = 0x5b
const closeObject = Buffer.from('}')

/**
 * The JSON objects of a line that holds several one after the other, as Firehose writes records that end with no
 * newline, between commas, or in a list. Undefined unless all of it is whole objects, and more than one.
 */
export function documentsOnLine(line: Buffer): Buffer[] | undefined {
  // Most lines that are not one object are not several either: they are cut off, or not JSON.
  if (line[0] !== openObject && line[0] !== openList) return undefined
  if (line.indexOf(closeObject) === line.lastIndexOf(closeObject)) return undefined
  const cutter = new RecordCutter(wholeDocuments, line.length)
  const documents = [...cutter.cut(line), ...cutter.finish()].flatMap((block) =>
    block.kind === 'records' ? block.records : [],
  )
  const areWhole = documents.every((document) => parseJsonObject(document.toString()))
  return areWhole && documents.length > 1 ? documents : undefined
}
