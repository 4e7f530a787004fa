import { BigQuery, type Dataset } from '@google-cloud/bigquery'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

/** One server under test, with an empty project. */
export interface RestUnderTest {
  readonly environment: Readonly<Record<string, string>>
  readonly projectId: string
  /** Puts rows into a table by another way than REST. Values are SQL literals. */
  insert(dataset: string, table: string, values: string): Promise<void>
  stop(): Promise<void>
}

/** What any BigQuery REST server on one's own machine must do for the official client, credentials or not. */
export function bigqueryRestContract(start: () => Promise<RestUnderTest>): void {
  let server: RestUnderTest
  let client: BigQuery
  let logs: Dataset

  beforeEach(async () => {
    server = await start()
    for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value)
    client = new BigQuery({ projectId: server.projectId })
    ;[logs] = await client.createDataset('logs')
  })

  afterEach(async () => {
    vi.unstubAllEnvs()
    await server.stop()
  })

  const fields = [
    { name: 'n', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 's', type: 'STRING' },
    { name: 'at_', type: 'TIMESTAMP' },
    { name: 'rest', type: 'JSON' },
    { name: 'list', type: 'INTEGER', mode: 'REPEATED' },
    { name: 'sub', type: 'RECORD', fields: [{ name: 'a', type: 'STRING' }] },
  ]

  async function createTable(id = 'alb_cart') {
    const [table] = await logs.createTable(id, {
      schema: { fields },
      timePartitioning: { type: 'DAY', field: 'at_' },
      labels: { source: 'alb' },
    })
    return table
  }

  const row = `(1, 'é', '2026-01-02 03:04:05.678901Z', '{"k": 1}', [1, 2], {'a': 'x'})`

  describe('datasets', () => {
    test('are created, found, listed and deleted', async () => {
      const [metadata] = await logs.getMetadata()
      expect(metadata).toMatchObject({
        kind: 'bigquery#dataset',
        id: `${server.projectId}:logs`,
        location: 'US',
      })
      expect((await client.getDatasets())[0].map(({ id }) => id)).toEqual(['logs'])
      await logs.delete()
      expect(await logs.exists()).toEqual([false])
    })

    test('refuse a second of the same name, and to go while they hold tables', async () => {
      await expect(client.createDataset('logs')).rejects.toMatchObject({
        code: 409,
        errors: [{ reason: 'duplicate' }],
      })
      await createTable()
      await expect(logs.delete()).rejects.toMatchObject({ code: 400, errors: [{ reason: 'resourceInUse' }] })
      await logs.delete({ force: true })
      expect(await logs.exists()).toEqual([false])
    })
  })

  describe('tables', () => {
    test('keep their resource', async () => {
      const table = await createTable()
      const [metadata] = await table.getMetadata()
      expect(metadata).toMatchObject({
        kind: 'bigquery#table',
        id: `${server.projectId}:logs.alb_cart`,
        type: 'TABLE',
        numRows: '0',
        schema: { fields },
        timePartitioning: { type: 'DAY', field: 'at_' },
        labels: { source: 'alb' },
      })
      expect((await logs.getTables())[0].map(({ id }) => id)).toEqual(['alb_cart'])
    })

    test("are not found, and found twice, in BigQuery's words", async () => {
      await expect(logs.table('nope').getMetadata()).rejects.toMatchObject({
        code: 404,
        errors: [{ reason: 'notFound' }],
      })
      await createTable()
      await expect(createTable()).rejects.toMatchObject({
        code: 409,
        errors: [{ reason: 'duplicate' }],
        message: expect.stringContaining(`Already Exists: Table ${server.projectId}:logs.alb_cart`),
      })
    })

    test('gain a column by a patch, unless another patch came first', async () => {
      const table = await createTable()
      const [{ etag }] = await table.getMetadata()
      await table.setMetadata({ schema: { fields: [...fields, { name: 'added', type: 'FLOAT' }] } })
      const [{ schema }] = await table.getMetadata()
      expect(schema.fields.map(({ name }: { name: string }) => name)).toContain('added')
      await expect(table.setMetadata({ description: 'late', etag })).rejects.toMatchObject({ code: 412 })
    })

    test('give their rows in pages', async () => {
      const table = await createTable()
      await server.insert(
        'logs',
        'alb_cart',
        [2, 3]
          .map((n) => row.replace('(1', `(${n}`))
          .concat(row)
          .join(','),
      )
      const [first, next] = await table.getRows({ maxResults: 2, autoPaginate: false })
      expect(first).toHaveLength(2)
      const [second, end] = await table.getRows({ ...next, autoPaginate: false })
      expect(end).toBeNull()
      const rows = [...first, ...second]
      expect(rows.map(({ n }: { n: number }) => n).sort()).toEqual([1, 2, 3])
      expect(rows[2]).toMatchObject({
        s: 'é',
        at_: { value: '2026-01-02T03:04:05.678901000Z' },
        sub: { a: 'x' },
      })
    })

    test('take no rows by insertAll', async () => {
      const table = await createTable()
      await expect(table.insert([{ n: 1 }])).rejects.toMatchObject({
        code: 501,
        message: expect.stringContaining('Storage Write API'),
      })
    })
  })

  describe('views', () => {
    test('are made, replaced, queried and dropped, by resource and by DDL', async () => {
      await createTable()
      await server.insert('logs', 'alb_cart', row)
      const [view] = await logs.createTable('v', {
        view: { query: 'SELECT n FROM `logs.alb_*`', useLegacySql: false },
      })
      const [metadata] = await view.getMetadata()
      expect(metadata).toMatchObject({ type: 'VIEW', view: { query: 'SELECT n FROM `logs.alb_*`' } })
      expect(metadata.schema.fields).toEqual([{ name: 'n', type: 'INTEGER', mode: 'NULLABLE' }])
      await client.query('CREATE OR REPLACE VIEW `logs.v` AS SELECT n + 1 AS m FROM logs.alb_cart')
      expect((await client.query('SELECT m FROM logs.v'))[0]).toEqual([{ m: 2 }])
      await view.setMetadata({ view: 'SELECT n + 2 AS m FROM logs.alb_cart', description: 'kept' })
      expect((await client.query('SELECT m FROM logs.v'))[0]).toEqual([{ m: 3 }])
      await client.query('CREATE VIEW IF NOT EXISTS logs.v AS SELECT 1 AS unused')
      await expect(client.query('CREATE VIEW logs.v AS SELECT 1 AS x')).rejects.toMatchObject({ code: 409 })
      expect((await client.query('SELECT m FROM logs.v'))[0]).toEqual([{ m: 3 }])
      await client.query('DROP VIEW logs.v')
      await client.query('DROP VIEW IF EXISTS logs.v')
      expect(await view.exists()).toEqual([false])
    })

    test('over wildcards see tables that came later', async () => {
      await createTable()
      await client.query('CREATE VIEW logs.v AS SELECT COUNT(*) AS c FROM `logs.alb_*`')
      await createTable('alb_pay')
      await server.insert('logs', 'alb_pay', row)
      expect((await client.query('SELECT c FROM logs.v'))[0]).toEqual([{ c: 1 }])
    })
  })

  describe('queries', () => {
    test('give every type in its form on the wire', async () => {
      const query = `SELECT 9007199254740991 AS i, 1.5 AS f, CAST('1.50' AS NUMERIC) AS d, TRUE AS b, 'é' AS s, NULL AS z,
        SHA256('') AS x, DATE '2026-01-02' AS day, CAST('2026-01-02 03:04:05.5' AS DATETIME) AS civil,
        TIMESTAMP '2026-01-02 03:04:05.678901+00' AS t, PARSE_JSON('{"k":[1]}') AS j, [1, 2] AS l,
        STRUCT(1 AS a, ['p'] AS b) AS r, [STRUCT(TIMESTAMP_SECONDS(1) AS t)] AS rs`
      const [[result]] = await client.query(query)
      expect(result).toMatchObject({
        i: 9007199254740991,
        f: 1.5,
        b: true,
        s: 'é',
        z: null,
        j: '{"k":[1]}',
        l: [1, 2],
        day: { value: '2026-01-02' },
        civil: { value: '2026-01-02T03:04:05.5' },
        t: { value: '2026-01-02T03:04:05.678901000Z' },
        r: { a: 1, b: ['p'] },
        rs: [{ t: { value: '1970-01-01T00:00:01.000Z' } }],
      })
      expect(String(result.d)).toBe('1.5')
      expect(result.x.toString('hex')).toMatch(/^e3b0c44298fc1c14/)
    })

    test('write timestamps as seconds unless told otherwise', async () => {
      const [job] = await client.createQueryJob("SELECT TIMESTAMP '2026-01-02 03:04:05.5+00' AS t")
      const results = (options: object) => job.getQueryResults({ skipParsing: true, ...options })
      const cell = (rows: unknown) => rows
      expect(cell((await results({ 'formatOptions.useInt64Timestamp': false }))[0])).toEqual([
        { f: [{ v: '1767323045.5' }] },
      ])
      expect(cell((await results({}))[0])).toEqual([{ f: [{ v: '1767323045500000' }] }])
    })

    test('take named, positional, array and null parameters', async () => {
      const [[named]] = await client.query({
        query: 'SELECT @n + 1 AS n, @s AS s, @t AS t, @z IS NULL AS z, 2 IN UNNEST(@l) AS l',
        params: {
          n: 1,
          s: "it's",
          t: BigQuery.timestamp('2026-01-02T03:04:05.678Z'),
          z: null,
          l: [1, 2],
          unused: 1,
        },
        types: { n: 'INT64', s: 'STRING', t: 'TIMESTAMP', z: 'STRING', l: ['INT64'], unused: 'INT64' },
      })
      expect(named).toMatchObject({
        n: 2,
        s: "it's",
        t: { value: '2026-01-02T03:04:05.678Z' },
        z: true,
        l: true,
      })
      const [[positional]] = await client.query({ query: 'SELECT ? - ? AS d, ? AS s', params: [5, 3, 'x'] })
      expect(positional).toEqual({ d: 2, s: 'x' })
    })

    test('come in pages, each row once', async () => {
      const query = 'SELECT x FROM UNNEST(GENERATE_ARRAY(1, 25)) AS x ORDER BY x'
      const expected = Array.from({ length: 25 }, (_, index) => ({ x: index + 1 }))
      expect((await client.query({ query, maxResults: 10 }))[0]).toEqual(expected)
      const [job] = await client.createQueryJob(query)
      const [page, next] = await job.getQueryResults({ maxResults: 10, autoPaginate: false })
      expect([page, next?.pageToken]).toEqual([expected.slice(0, 10), expect.any(String)])
    })

    test('use the default dataset', async () => {
      await createTable()
      const query = { query: 'SELECT COUNT(*) AS c FROM alb_cart', defaultDataset: { datasetId: 'logs' } }
      expect((await client.query(query))[0]).toEqual([{ c: 0 }])
    })

    test.each([
      ['SELECT nope FROM logs.alb_cart', 400, 'invalidQuery', 'Unrecognized name: nope'],
      ['SELECT 1 +', 400, 'invalidQuery', 'Syntax error'],
      ['SELECT * FROM logs.nope', 404, 'notFound', 'Not found: Table'],
      ['SELECT * FROM logs.zzz_*', 400, 'invalidQuery', 'does not match any table'],
      ['DELETE FROM logs.alb_cart WHERE TRUE', 400, 'invalidQuery', 'local stand-in'],
    ])('are refused: %s', async (query, code, reason, message) => {
      await createTable()
      await expect(client.query(query)).rejects.toMatchObject({
        code,
        errors: [{ reason }],
        message: expect.stringContaining(message),
      })
    })
  })

  describe('jobs', () => {
    test('with an id of the caller run once', async () => {
      const [job] = await client.createQueryJob({ query: 'SELECT 1 AS x', jobId: 'mine' })
      expect((await job.getQueryResults())[0]).toEqual([{ x: 1 }])
      await expect(client.createQueryJob({ query: 'SELECT 2', jobId: 'mine' })).rejects.toMatchObject({
        code: 409,
        errors: [{ reason: 'duplicate' }],
        message: expect.stringContaining(`Already Exists: Job ${server.projectId}:US.mine`),
      })
      const [metadata] = await client.job('mine').getMetadata()
      expect(metadata).toMatchObject({
        status: { state: 'DONE' },
        jobReference: { jobId: 'mine', location: 'US' },
      })
      expect((await client.getJobs())[0].map(({ id }) => id)).toContain('mine')
    })

    test('that fail say why', async () => {
      await expect(client.createQueryJob({ query: 'SELECT nope', jobId: 'bad' })).rejects.toThrow('nope')
      const [metadata] = await client.job('bad').getMetadata()
      expect(metadata.status).toMatchObject({ state: 'DONE', errorResult: { reason: 'invalidQuery' } })
      await expect(client.job('bad').getQueryResults()).rejects.toMatchObject({ code: 400 })
    })

    test('can only be looked at: a dry run', async () => {
      await createTable()
      const [job] = await client.createQueryJob({
        query: 'CREATE VIEW logs.v AS SELECT 1 AS x',
        dryRun: true,
      })
      expect(job.metadata.status).toMatchObject({ state: 'DONE' })
      expect(await logs.table('v').exists()).toEqual([false])
    })
  })
}
