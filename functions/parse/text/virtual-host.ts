import { type Field, integer, text } from './fields.ts'

const space = 0x20
const colon = 0x3a

/** A virtual host in front of a line: its name, and its port behind a colon if that is there. */
export const virtualHostFields: readonly [name: Field, port: Field] = [
  { ...text('server_name', 'Name of the server block or virtual host'), span: spanUpToPort },
  integer('server_port', 'Port of the server'),
]

function spanUpToPort(bytes: Buffer, start: number, end: number): number {
  let to = -1
  for (let at = start; at < end && bytes[at] !== space; at++) if (bytes[at] === colon) to = at
  return to
}
