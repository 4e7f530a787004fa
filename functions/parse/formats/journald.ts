import type { Format } from '../../model/format.ts'
import { recordDetection } from '../detecting/record-detection.ts'
import { integer, type JsonField, text, time } from '../json/json-fields.ts'
import { columnsOf, pathsOf, recordParser } from '../json/json-record.ts'
import { jsonRecords, wholeDocuments } from '../json/json-records.ts'
import { textOrBytes } from '../json/text-or-bytes.ts'

/** Columns have no underscores in front: the journal marks with them what a client cannot set. */
function named<Make extends (path: string, description: string, name: string) => JsonField>(make: Make) {
  return (path: string, description: string) => make(path, description, path.replace(/^_+/, '').toLowerCase())
}

const [texts, bytes, integers] = [named(text), named(textOrBytes), named(integer)]

/**
 * Entries of the systemd journal, as `journalctl -o json` writes them: https://systemd.io/JOURNAL_EXPORT_FORMATS/ and
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html
 * A text that is not UTF-8, or has control characters, comes as a list of its bytes. A field with several values is a
 * list of texts and stays in `rest`.
 */
const fields: readonly JsonField[] = [
  bytes('MESSAGE', 'The message'),
  texts('MESSAGE_ID', 'Id of the kind of message'),
  integers('PRIORITY', 'Severity as in syslog: 0 emergency to 7 debug'),
  integers('ERRNO', 'Error number of the system'),
  texts('CODE_FILE', 'Source file of the message'),
  integers('CODE_LINE', 'Its line'),
  texts('CODE_FUNC', 'Its function'),
  integers('SYSLOG_FACILITY', 'Facility of syslog'),
  bytes('SYSLOG_IDENTIFIER', 'Name the program logs under'),
  integers('SYSLOG_PID', 'Process id as the program says it'),
  bytes('SYSLOG_TIMESTAMP', 'Time as the program wrote it'),
  texts('UNIT', 'Unit that a message of systemd is about'),
  integers('_PID', 'Process id'),
  integers('_UID', 'User id of the process'),
  integers('_GID', 'Group id of the process'),
  bytes('_COMM', 'Name of the process'),
  bytes('_EXE', 'Executable of the process'),
  bytes('_CMDLINE', 'Command line of the process'),
  texts('_CAP_EFFECTIVE', 'Capabilities of the process'),
  texts('_AUDIT_SESSION', 'Session of the kernel audit'),
  texts('_AUDIT_LOGINUID', 'Login user of the kernel audit'),
  texts('_SYSTEMD_CGROUP', 'Control group of the process'),
  texts('_SYSTEMD_SLICE', 'Slice of the process'),
  texts('_SYSTEMD_UNIT', 'Unit of the process'),
  texts('_SYSTEMD_USER_UNIT', 'Unit of the user manager, if any'),
  texts('_SYSTEMD_SESSION', 'Login session'),
  texts('_SYSTEMD_INVOCATION_ID', 'Id of the run of the unit'),
  bytes('_SELINUX_CONTEXT', 'SELinux context of the process'),
  time(
    '_SOURCE_REALTIME_TIMESTAMP',
    'When the program sent the message',
    { unit: 'micros' },
    'source_realtime_timestamp',
  ),
  texts('_BOOT_ID', 'Id of the boot'),
  texts('_MACHINE_ID', 'Id of the machine'),
  texts('_HOSTNAME', 'Host the entry is of'),
  texts('_TRANSPORT', 'How the entry came: journal, syslog, stdout, kernel, audit or driver'),
  texts('_STREAM_ID', 'Id of the connection to standard output'),
  texts('_RUNTIME_SCOPE', 'initrd or system'),
  texts('CONTAINER_ID', 'Id of the container, from its runtime'),
  texts('CONTAINER_NAME', 'Name of the container, from its runtime'),
  texts('IMAGE_NAME', 'Image of the container, from its runtime'),
  texts('__CURSOR', 'Place of the entry in the journal'),
  time(
    '__REALTIME_TIMESTAMP',
    'When the journal got the entry',
    { unit: 'micros', isEventTime: true },
    'realtime_timestamp',
  ),
  integers('__MONOTONIC_TIMESTAMP', 'Microseconds from the boot to then'),
  integers('__SEQNUM', 'Number of the entry in its sequence'),
  texts('__SEQNUM_ID', 'Id of that sequence'),
]

const shape = { fields, required: ['__REALTIME_TIMESTAMP'] }
/** Collectors that rewrite entries drop the cursor, and often rename the rest. */
const untouched = { fields, required: ['__REALTIME_TIMESTAMP', '__CURSOR'] }

export const journald: Format = {
  name: 'journald',
  delivery: 'none',
  about: 'systemd journal, as `journalctl -o json` writes it',
  columns: columnsOf(fields),
  paths: pathsOf(fields),
  // The unit without its kind and instance: sshd@3.service is the app sshd, session-12.scope is session.
  app: {
    fields: ['systemd_unit', 'syslog_identifier'],
    match: /^(.+?)-[0-9a-z]+\.scope$|^([^@]+?)(?:@.*)?\.(?:service|scope)$/,
  },
  // Other services than AWS's write it.
  detection: { ...recordDetection(wholeDocuments, () => recordParser(untouched, [])), reads: 'kind' },
  blocks: (source) => jsonRecords(source),
  parser: (appFields) => recordParser(shape, appFields),
}
