import { JsonMembers } from './json-members.ts'
import { isBlank } from './partial-record.ts'

const openObject = 0x7b
const closeObject = 0x7d
const name = Buffer.from('envelope')

const members = new JsonMembers()

/** The record with what its document has before the list as a last member `envelope`: `envelope_2` when it has one itself. */
export function withEnvelope(record: Buffer, envelope: Buffer): Buffer {
  // Only an object has members.
  if (record[0] !== openObject || record.at(-1) !== closeObject) return record
  const isEmpty = record.subarray(1, -1).every(isBlank)
  const added = `${isEmpty ? '' : ','}"${name}${hasEnvelope(record) ? '_2' : ''}":`
  return Buffer.concat([record.subarray(0, -1), Buffer.from(added), envelope, record.subarray(-1)])
}

function hasEnvelope(record: Buffer): boolean {
  return record.includes(name) && members.scan(record, 0, record.length) && members.indexOf(name) >= 0
}
