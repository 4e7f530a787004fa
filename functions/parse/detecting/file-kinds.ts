/** Files that are no logs, by the bytes they begin with: for people who find one among theirs. */
interface FileKind {
  readonly what: string
  readonly magic: Buffer
  /** Where the bytes stand. At the start, when absent. */
  readonly at?: number
}

const bytes = (hex: string) => Buffer.from(hex, 'hex')

const kinds: readonly FileKind[] = [
  { what: 'a 7z archive', magic: bytes('377abcaf271c') },
  { what: 'a RAR archive', magic: Buffer.from('Rar!') },
  { what: 'a tar archive', magic: Buffer.from('ustar'), at: 257 },
  { what: 'an ORC file', magic: Buffer.from('ORC') },
  { what: 'an Avro file', magic: bytes('4f626a01') },
  { what: 'a Hadoop sequence file', magic: Buffer.from('SEQ\u0006') },
  { what: 'a Windows event log (evtx)', magic: Buffer.from('ElfFile\0') },
  { what: 'a capture of packets', magic: bytes('d4c3b2a1') },
  { what: 'a capture of packets', magic: bytes('0a0d0d0a') },
  { what: 'a SQLite database', magic: Buffer.from('SQLite format 3\0') },
  { what: 'a PDF', magic: Buffer.from('%PDF-') },
  { what: 'a PNG image', magic: bytes('89504e470d0a1a0a') },
  { what: 'a JPEG image', magic: bytes('ffd8ff') },
  { what: 'a program (ELF)', magic: bytes('7f454c46') },
  { what: 'an Arrow file', magic: Buffer.from('ARROW1\0\0') },
]

/** Bytes looked at. */
export const kindBytes = 512

/** What a file is that no format reads, in words; undefined for all others. */
export function fileKind(head: Buffer): string | undefined {
  return kinds.find(
    ({ magic, at = 0 }) => head.subarray(at, at + magic.length).equals(magic) && hasBinary(head, magic),
  )?.what
}

/** Text may begin with three letters, too. */
function hasBinary(head: Buffer, magic: Buffer): boolean {
  return magic.some((byte) => byte < 0x20 || byte > 0x7e) || magic[0] === 0x25 || head.includes(0)
}
