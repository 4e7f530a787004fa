import { expect, test } from 'vitest'
import { parent, rowType, type Start, useWriteBench, type WriteBackend } from './bigquery-write-bench.ts'
import { AppendSession, callError, RowType, responseError } from './bigquery-write-client.ts'

/** Which rows are taken, and as what. */
export function rowContract(start: Start): void {
  const bench = useWriteBench(start)

  test('of 20 MB are refused, and the connection goes on', async () => {
    const writeStream = await bench.create('COMMITTED')
    const session = new AppendSession(bench.client)
    const large = await session.append({
      writeStream,
      ...rowType.rows({ id: 1, word: 'x'.repeat(20_000_000) }),
    })
    expect(responseError(large)).toBe('3/')
    // As JSON this is six times as long, which is the most that a value can grow to on its way into the table.
    await session.append({ writeStream, ...rowType.rows({ id: 2, word: '\u0001'.repeat(19_000_000) }) })
    session.end()
    expect(await bench.backend.query('SELECT id, length(word) FROM d.t')).toEqual([['2', '19000000']])
  })

  test('with one bad row append none and name it', async () => {
    const writeStream = await bench.create('PENDING')
    const session = new AppendSession(bench.client)
    const mixed = rowType.rows({ id: 1 }, { word: 'no id' }, { id: 3 }, Uint8Array.of(0x08))
    const reply = await session.append({ writeStream, ...mixed })
    expect(reply.error?.code).toBe(3)
    expect(reply.rowErrors?.map(({ index, code }) => [Number(index), code])).toEqual([
      [1, 'FIELDS_ERROR'],
      [3, 'FIELDS_ERROR'],
    ])
    expect(reply.rowErrors?.[0]?.message).toContain('id')
    const good = await session.append({ writeStream, ...rowType.rows({ id: 1 }), offset: { value: 0 } })
    expect(Number(good.appendResult?.offset?.value)).toBe(0)
    session.end()
  })

  const tagged = (field: number, wire: number, ...bytes: number[]) =>
    Uint8Array.of((field << 3) | wire, ...bytes)
  const day = 86_400_000_000
  const today = Math.floor(Date.now() / 86_400_000) * day
  test.each([
    ['text that is not UTF-8', tagged(1, 2, 2, 0xc3, 0x28)],
    ['a wrong wire type', tagged(1, 0, 1)],
    ['a field that is not in the descriptor', tagged(15, 0, 1)],
    ['a value that is cut off', tagged(1, 2, 5, 0x61)],
    ['text that is not JSON', { json: '{"a":' }],
    ['JSON with half a surrogate pair', { json: '"\\ud800"' }],
    ['a time before the year 1', { moment: '-62135596800000001' }],
    ['a time after the year 9999', { moment: '253402300800000000' }],
    ['a partition more than 10 years past', { day: String(today - 3660 * day) }],
    ['a partition more than 1 year ahead', { day: String(today + 370 * day) }],
    ['a date out of range', { date: 2_932_897 }],
    ['a DATETIME that is none', { datetime: '2024-02-30 00:00:00' }],
    ['a NUMERIC with too many digits', { numeric: '1.1234567891' }],
  ])('refuse %s', async (_, row) => {
    const { wide, type } = await wideTable(bench.backend)
    const session = new AppendSession(bench.client)
    const reply = await session.append({ writeStream: `${wide}/streams/_default`, ...type.rows(row) })
    expect(responseError(reply)).toBe('3/')
    expect(reply.rowErrors).toHaveLength(1)
    expect(await bench.backend.query('SELECT * FROM d.wide')).toEqual([])
    session.end()
  })

  test.each([
    ['another type', new RowType({ id: 'string' })],
    ['a repeated field', new RowType({ id: 'int64', word: 'repeated string' })],
  ])('with a schema that has %s are refused', async (_, type) => {
    const session = new AppendSession(bench.client)
    const reply = await session.append({
      writeStream: `${parent}/streams/_default`,
      ...type.rows({ id: 1 }),
    })
    expect(responseError(reply)).toBe('3/')
    expect(await bench.ids()).toEqual([])
    session.end()
  })

  test('with a schema that has a field more than the table end the call, behind the answers before them', async () => {
    const writeStream = await bench.create('BUFFERED')
    const session = new AppendSession(bench.client)
    const wider = new RowType({ id: 'int64', unknown: 'string' })
    const good = session.append({ writeStream, ...rowType.rows({ id: 1 }) })
    const refused = session.append({ writeStream, ...wider.rows({ id: 2 }) }).catch(callError)
    const behind = session.append({ writeStream, ...rowType.rows({ id: 3 }) }).catch(callError)
    expect(Number((await good).appendResult?.offset?.value)).toBe(0)
    expect([await refused, await behind]).toEqual([
      '3/SCHEMA_MISMATCH_EXTRA_FIELDS',
      '3/SCHEMA_MISMATCH_EXTRA_FIELDS',
    ])
    const next = await new AppendSession(bench.client).append({ writeStream, ...rowType.rows({ id: 2 }) })
    expect(Number(next.appendResult?.offset?.value)).toBe(1)
  })

  test.each(['_default', 'PENDING'] as const)('to %s keep every value', async (kind) => {
    const { wide, type } = await wideTable(bench.backend)
    const writeStream = kind === '_default' ? `${wide}/streams/_default` : await bench.create('PENDING', wide)
    const row = {
      TEXT: 'a"b\\c\n\0\u2028é😀\ufffd',
      json: '{"n": 12345678901234567890,\n "s": "\\u0000x"}',
      moment: '253402300799999999',
      day: String(today),
      date: -719_162,
      datetime: '2024-02-29T23:59:59.5',
      numeric: '-99999999999999999999999999999.999999999',
      number: Number.NaN,
      flag: false,
      raw: Buffer.from([0, 0xff, 0x5c]).toString('base64'),
      time: '23:59:59.000001',
      whole: '-9223372036854775808',
      list: ['a', 'b'],
      nested: { inner: 'x', counts: [1, -2] },
    }
    const session = new AppendSession(bench.client)
    const reply = await session.append({ writeStream, ...type.rows(row, {}) })
    expect(reply.rowErrors).toEqual([])
    session.end()
    if (kind === 'PENDING') {
      await bench.client.finalizeWriteStream({ name: writeStream })
      await bench.client.batchCommitWriteStreams({ parent: wide, writeStreams: [writeStream] })
    }
    const rows = await bench.backend.query(`
      SELECT text, json->>'n', json->>'s' = 'x' OR contains(json::VARCHAR, 'u0000'), epoch_us(moment), date, datetime,
        numeric, number, flag, hex(raw), time, whole, list, nested
      FROM d.wide ORDER BY text NULLS LAST`)
    expect(rows).toEqual([
      [
        'a"b\\c\n\0\u2028é😀\ufffd',
        '12345678901234567890',
        'true',
        '253402300799999999',
        '0001-01-01',
        '2024-02-29 23:59:59.5',
        '-99999999999999999999999999999.999999999',
        'NaN',
        'false',
        '00FF5C',
        '23:59:59.000001',
        '-9223372036854775808',
        "['a', 'b']",
        "{'inner': 'x', 'counts': [1, -2]}",
      ],
      [...new Array(12).fill(null), '[]', null],
    ])
  })
}

async function wideTable(backend: WriteBackend) {
  await backend.createTable('wide', {
    schema: {
      fields: [
        { name: 'text', type: 'STRING' },
        { name: 'json', type: 'JSON' },
        { name: 'moment', type: 'TIMESTAMP' },
        { name: 'day', type: 'TIMESTAMP' },
        { name: 'date', type: 'DATE' },
        { name: 'datetime', type: 'DATETIME' },
        { name: 'numeric', type: 'NUMERIC' },
        { name: 'number', type: 'FLOAT' },
        { name: 'flag', type: 'BOOLEAN' },
        { name: 'raw', type: 'BYTES' },
        { name: 'time', type: 'TIME' },
        { name: 'whole', type: 'INTEGER' },
        { name: 'list', type: 'STRING', mode: 'REPEATED' },
        {
          name: 'nested',
          type: 'RECORD',
          fields: [
            { name: 'inner', type: 'STRING' },
            { name: 'counts', type: 'INTEGER', mode: 'REPEATED' },
          ],
        },
      ],
    },
    timePartitioning: { type: 'DAY', field: 'day' },
  })
  const type = new RowType({
    TEXT: 'string',
    json: 'string',
    moment: 'int64',
    day: 'int64',
    date: 'int32',
    datetime: 'string',
    numeric: 'string',
    number: 'double',
    flag: 'bool',
    raw: 'bytes',
    time: 'string',
    whole: 'int64',
    list: 'repeated string',
    nested: { inner: 'string', counts: 'repeated int64' },
  })
  return { wide: 'projects/p/datasets/d/tables/wide', type }
}
