import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storeCatalog } from '../../scripts/local/bigquery/rest/store-catalog.ts'
import { prelude } from '../../scripts/local/bigquery/sql/macros.ts'
import { quoteWildcards } from '../../scripts/local/bigquery/sql/table-paths.ts'
import { translate } from '../../scripts/local/bigquery/sql/translate.ts'
import { BigQueryStore } from '../../scripts/local/bigquery/store/store.ts'

let directory: string
let store: BigQueryStore

const projectId = 'my-project'
const column = (name: string, type: string, mode: 'NULLABLE' | 'REPEATED' = 'NULLABLE') => ({
  name,
  type,
  mode,
})

/** Three rows of one app, one of another, and a view over both. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bigquery-sql-'))
  store = await BigQueryStore.open(directory)
  await store.createDataset({ datasetReference: { projectId, datasetId: 'logs' } })
  const common = [
    column('n', 'INT64'),
    column('s', 'STRING'),
    column('ts', 'TIMESTAMP'),
    column('rest', 'JSON'),
  ]
  const reference = (tableId: string) => ({ projectId, datasetId: 'logs', tableId })
  await store.createTable({
    tableReference: reference('alb_cart'),
    schema: { fields: [...common, column('items', 'INT64', 'REPEATED')] },
  })
  await store.createTable({
    tableReference: reference('alb_pay'),
    schema: { fields: [...common, column('only_here', 'STRING')] },
  })
  await store.createTable({ tableReference: reference('nlb_x'), schema: { fields: [column('n', 'INT64')] } })
  await store.transaction(async (connection) => {
    for (const statement of prelude()) await connection.run(statement)
    await connection.run(`insert into logs.alb_cart values
      (1, 'a1', '2026-01-02 03:04:05.678901Z', '{"camelCase": {"b": "x", "n": 7}, "list": [1, 2]}', [10, 11]),
      (2, 'a2', '2026-01-02 03:34:05Z', '{"camelCase": {"b": "y"}}', [20]),
      (3, null, '2026-01-02 05:00:00Z', null, [])`)
    await connection.run(`insert into logs.alb_pay values (4, 'p', '2026-01-03 00:00:00Z', null, 'here')`)
  })
  const view = {
    query: 'SELECT app, COUNT(*) AS rows_ FROM (SELECT _TABLE_SUFFIX AS app FROM `logs.alb_*`) GROUP BY app',
  }
  await store.createTable(
    { tableReference: reference('per_app'), view },
    translate(view.query, storeCatalog(store, projectId, 'US')),
  )
})

afterAll(async () => {
  await store.close()
  await rm(directory, { recursive: true, force: true })
})

/** Runs GoogleSQL; every value in DuckDB's text form. */
async function run(sql: string): Promise<(string | null)[][]> {
  const { rows } = await store.query(translate(sql, storeCatalog(store, projectId, 'US')))
  return rows.map((row) => row.map((value) => (value === null ? null : String(value))))
}

const one = 'FROM logs.alb_cart WHERE n = 1'

describe('a query gives the rows BigQuery gives', () => {
  const cases: [sql: string, rows: (string | null)[][]][] = [
    // Names of tables.
    ['SELECT n FROM `my-project.logs.alb_pay`', [['4']]],
    ['SELECT n FROM `my-project`.`logs`.`alb_pay`', [['4']]],
    ['SELECT n FROM my-project.logs.alb_pay', [['4']]],
    ['SELECT alb_pay.n FROM `logs.alb_pay`', [['4']]],
    ['SELECT p.n, c.n FROM logs.alb_pay p JOIN logs.alb_cart c ON c.n + 3 = p.n', [['4', '1']]],
    ['SELECT COUNT(*) FROM logs.alb_cart, logs.alb_pay', [['3']]],
    // Wildcards.
    ['SELECT COUNT(*) FROM `logs.alb_*`', [['4']]],
    ['SELECT COUNT(*) FROM logs.alb_*', [['4']]],
    ['SELECT COUNT(*) FROM `my-project.logs.*`', [['4']]],
    ['SELECT n, only_here FROM logs.alb_* WHERE _TABLE_SUFFIX = "pay"', [['4', 'here']]],
    ['SELECT * EXCEPT (s, ts, rest, items, only_here) FROM logs.alb_* WHERE _TABLE_SUFFIX = "pay"', [['4']]],
    [
      'SELECT app, rows_ FROM logs.per_app ORDER BY app',
      [
        ['cart', '3'],
        ['pay', '1'],
      ],
    ],
    // Time.
    [
      'SELECT TIMESTAMP_TRUNC(ts, HOUR) h, COUNT(*) c FROM logs.alb_cart GROUP BY h ORDER BY h',
      [
        ['2026-01-02 03:00:00+00', '2'],
        ['2026-01-02 05:00:00+00', '1'],
      ],
    ],
    [`SELECT TIMESTAMP_TRUNC(ts, DAY, 'America/New_York') ${one}`, [['2026-01-01 05:00:00+00']]],
    ["SELECT TIMESTAMP_DIFF(TIMESTAMP '2026-01-02 00:59:59+00', TIMESTAMP('2026-01-01'), HOUR)", [['24']]],
    [
      `SELECT TIMESTAMP_ADD(TIMESTAMP_SECONDS(0), INTERVAL 5 MINUTE), TIMESTAMP_SUB(TIMESTAMP_MILLIS(1), INTERVAL n DAY) ${one}`,
      [['1970-01-01 00:05:00+00', '1969-12-31 00:00:00.001+00']],
    ],
    [`SELECT FORMAT_TIMESTAMP('%F %H:%M:%E3S', ts) ${one}`, [['2026-01-02 03:04:05.678']]],
    ["SELECT PARSE_TIMESTAMP('%FT%TZ', '2026-01-01T02:03:04Z')", [['2026-01-01 02:03:04+00']]],
    [
      `SELECT UNIX_SECONDS(ts), UNIX_MILLIS(ts), UNIX_MICROS(ts) ${one}`,
      [['1767323045', '1767323045678', '1767323045678901']],
    ],
    [`SELECT DATE(ts), DATE(ts, 'America/New_York') ${one}`, [['2026-01-02', '2026-01-01']]],
    [
      `SELECT EXTRACT(HOUR FROM ts), EXTRACT(HOUR FROM ts AT TIME ZONE 'Asia/Tokyo'), EXTRACT(DAYOFWEEK FROM ts),
        EXTRACT(MILLISECOND FROM ts), EXTRACT(DATE FROM ts) ${one}`,
      [['3', '12', '6', '678', '2026-01-02']],
    ],
    [
      "SELECT DATE_TRUNC(DATE '2026-03-14', MONTH), DATE_ADD(DATE '2026-01-31', INTERVAL 1 MONTH)",
      [['2026-03-01', '2026-02-28']],
    ],
    [
      "SELECT DATE_DIFF(DATE '2026-01-05', DATE '2026-01-01', DAY), CURRENT_TIMESTAMP() > TIMESTAMP '2026-01-01'",
      [['4', 'true']],
    ],
    [
      'SELECT TIMESTAMP_BUCKET(ts, INTERVAL 30 MINUTE) b, COUNT(*) FROM logs.alb_cart GROUP BY 1 ORDER BY 1 LIMIT 1',
      [['2026-01-02 03:00:00+00', '1']],
    ],
    // Aggregates.
    [
      'SELECT COUNTIF(n > 1), APPROX_COUNT_DISTINCT(n), SUM(n), AVG(n), LOGICAL_OR(n = 1) FROM logs.alb_cart',
      [['2', '3', '6', '2', 'true']],
    ],
    [
      'SELECT APPROX_QUANTILES(n, 2), APPROX_QUANTILES(n, 100)[OFFSET(100)] FROM logs.alb_cart',
      [['[1, 2, 3]', '3']],
    ],
    [
      "SELECT STRING_AGG(s, ';' ORDER BY s DESC), STRING_AGG(DISTINCT 'LISTAGG(') FROM logs.alb_cart",
      [['a2;a1', 'LISTAGG(']],
    ],
    ['SELECT ARRAY_LENGTH(ARRAY_AGG(s IGNORE NULLS ORDER BY n)) FROM logs.alb_cart', [['2']]],
    // Values.
    [
      "SELECT SAFE_CAST('x' AS INT64), SAFE_DIVIDE(1, 0), IFNULL(NULL, 2), IF(TRUE, 1, 2), 5 / 2",
      [[null, null, '2', '1', '2.5']],
    ],
    ['SELECT 60 * 60 * 24 * 1000 * 1000', [['86400000000']]],
    [
      "SELECT CAST('7' AS INT64), CAST('1.5' AS FLOAT64), CAST(1 AS STRING), CAST('true' AS BOOL), CAST('1.123456789' AS NUMERIC)",
      [['7', '1.5', '1', 'true', '1.123456789']],
    ],
    ["SELECT CAST('2026-01-01 00:00:00+01' AS TIMESTAMP)", [['2025-12-31 23:00:00+00']]],
    [
      "SELECT CONCAT('a', NULL), CONCAT('a', 'b', 'c'), GREATEST(1, NULL), LEAST(2, 1)",
      [[null, 'abc', null, '1']],
    ],
    [
      "SELECT LENGTH('é'), LOWER('A') || 'b', SUBSTR('abc', 2), REPLACE('aa', 'a', 'b'), STARTS_WITH('ab', 'a')",
      [['1', 'ab', 'bc', 'bb', 'true']],
    ],
    [
      "SELECT SPLIT('a,b')[SAFE_OFFSET(1)], SPLIT('a;b', ';')[ORDINAL(1)], SPLIT('a', ',')[SAFE_OFFSET(9)]",
      [['b', 'a', null]],
    ],
    [
      'SELECT TO_HEX(MD5(\'a\')), "dq", \'it\\\'s\', r\'\\d\', """q"q"""',
      [['0cc175b9c0f1b6a831c399e269772661', 'dq', "it's", '\\d', 'q"q']],
    ],
    // Regular expressions match anywhere, give the group if there is one, and replace all.
    [
      "SELECT REGEXP_CONTAINS('xay', r'a'), REGEXP_EXTRACT('ab12', r'b(\\d)'), REGEXP_EXTRACT('ab12', r'b\\d'), REGEXP_EXTRACT('a', 'z')",
      [['true', '1', 'b1', null]],
    ],
    [
      "SELECT REGEXP_EXTRACT('a(b', r'\\(b'), REGEXP_EXTRACT('ab', '(?:a)b'), REGEXP_REPLACE('a1b2', r'(\\d)', r'[\\1]')",
      [['(b', 'ab', 'a[1]b[2]']],
    ],
    // JSON.
    [
      `SELECT JSON_VALUE(rest, '$.camelCase.b'), JSON_VALUE(rest, '$.camelCase'), JSON_VALUE(rest, '$.list[1]') ${one}`,
      [['x', null, '2']],
    ],
    [
      `SELECT rest.camelCase, rest.camelCase.b, rest.nope, rest['list'] ${one}`,
      [['{"b":"x","n":7}', '"x"', null, '[1,2]']],
    ],
    [
      `SELECT LAX_STRING(rest.camelCase.b), STRING(rest.camelCase.b), INT64(rest.camelCase.n), LAX_INT64(rest.camelCase.b) ${one}`,
      [['x', 'x', '7', null]],
    ],
    [
      `SELECT JSON_EXTRACT_SCALAR(rest, '$.camelCase.b'), JSON_QUERY(rest, '$.list'), JSON_VALUE('{"broken', '$.a') ${one}`,
      [['x', '[1,2]', null]],
    ],
    ['SELECT TO_JSON_STRING(STRUCT(1 AS a, "x" AS b))', [['{"a":1,"b":"x"}']]],
    // Arrays and structs.
    [
      'SELECT n, x FROM logs.alb_cart, UNNEST(items) AS x ORDER BY x',
      [
        ['1', '10'],
        ['1', '11'],
        ['2', '20'],
      ],
    ],
    ['SELECT x FROM UNNEST(GENERATE_ARRAY(1, 5, 2)) AS x ORDER BY x DESC', [['5'], ['3'], ['1']]],
    ['SELECT n FROM logs.alb_cart WHERE n IN UNNEST([1, 3]) ORDER BY n', [['1'], ['3']]],
    [
      'SELECT items[OFFSET(0)], ARRAY_LENGTH(items), STRUCT(1 AS a).a FROM logs.alb_cart WHERE n = 2',
      [['20', '1', '1']],
    ],
    // Shapes of queries.
    [
      'WITH a AS (SELECT 1 AS x UNION ALL SELECT 2) SELECT x, LAG(x) OVER (ORDER BY x) FROM a ORDER BY x',
      [
        ['1', null],
        ['2', '1'],
      ],
    ],
    [
      'SELECT * EXCEPT (ts, rest, items) REPLACE (n * 10 AS n) FROM logs.alb_cart WHERE n = 2',
      [['20', 'a2']],
    ],
    ['SELECT n FROM logs.alb_cart WHERE TRUE QUALIFY ROW_NUMBER() OVER (ORDER BY n DESC) = 1', [['3']]],
    ['SELECT DISTINCT s IS NULL AS missing FROM logs.alb_cart ORDER BY missing', [['false'], ['true']]],
    ['SELECT s FROM logs.alb_cart ORDER BY s', [[null], ['a1'], ['a2']]],
    ["SELECT s FROM logs.alb_cart ORDER BY s DESC LIMIT 1 OFFSET 1 -- a comment's quote", [['a1']]],
  ]
  test.each(cases)('%s', async (sql, rows) => {
    expect(await run(sql)).toEqual(rows)
  })

  test('columns without a name are named f0_, f1_, ...', async () => {
    const sql = translate(
      "SELECT 1, n, n + 1, rest.camelCase.b, 'x' AS y FROM logs.alb_cart",
      storeCatalog(store, projectId, 'US'),
    )
    const { columns } = await store.query(sql)
    expect(columns.map(({ name }) => name)).toEqual(['f0_', 'n', 'f1_', 'b', 'y'])
  })
})

describe('what does not translate is refused, and says why', () => {
  const cases: [sql: string, message: string][] = [
    ['SELECT * FROM `logs.zzz_*`', 'my-project:logs.zzz_* does not match any table.'],
    ['SELECT * FROM logs.nope', 'Not found: Table my-project:logs.nope was not found in location US'],
    ['SELECT * FROM logs.ALB_CART', 'Not found: Table my-project:logs.ALB_CART'],
    ['SELECT * FROM nope.t', 'Not found: Dataset my-project:nope was not found in location US'],
    ['SELECT * FROM other.logs.alb_cart', 'Not found: Dataset other:logs'],
    ['SELECT * FROM _causeway.tables', 'Not found: Dataset'],
    ['SELECT * FROM t', 'Table "t" must be qualified with a dataset (e.g. dataset.table).'],
    ['SELECT * FROM "/etc/passwd"', 'must be qualified with a dataset'],
    ["SELECT * FROM read_csv('/etc/passwd')", 'the function read_csv'],
    ["SELECT * FROM `read_csv`('/etc/passwd')", 'the function `read_csv`'],
    ["SELECT getenv('HOME')", 'the function getenv'],
    ["SELECT FORMAT('%d', 1)", 'the function FORMAT'],
    ["SELECT NET.HOST('x')", 'the function NET.HOST'],
    ['SELECT rest.list[0] FROM logs.alb_cart', "JSON_QUERY(x, '$[n]')"],
    ['SELECT TIMESTAMP_TRUNC(ts, WEEK) FROM logs.alb_cart', 'the date part WEEK'],
    ['SELECT x FROM UNNEST([1]) AS x WITH OFFSET AS o', 'WITH OFFSET'],
    ['SELECT ARRAY_AGG(n LIMIT 1) FROM logs.alb_cart', 'LIMIT in ARRAY_AGG'],
    ['SELECT x FROM logs.alb_cart c, c.items AS x', 'Write UNNEST(c.items)'],
    ['FROM logs.alb_cart |> SELECT n', 'does not translate FROM'],
    ['DELETE FROM logs.alb_cart WHERE TRUE', 'does not translate DELETE'],
    ["ATTACH '/tmp/x' AS y", 'does not translate ATTACH'],
    ['SELECT 1; DROP TABLE logs.alb_cart', 'several statements'],
    ['SELECT @p', "Query parameter 'p' not found"],
    ['SELECT 1 +', 'Syntax error'],
  ]
  test.each(cases)('%s', async (sql, message) => {
    await expect(run(sql)).rejects.toThrow(message)
  })

  test('names the local stand-in and the way out', async () => {
    await expect(run('SELECT FARM_FINGERPRINT("x")')).rejects.toThrow(
      /local stand-in of BigQuery.*DuckDB file/,
    )
  })
})

describe('quoteWildcards', () => {
  test.each([
    ['SELECT * FROM logs.alb_*', 'SELECT * FROM `logs.alb_*`'],
    [
      'select * from p-x.logs.alb_* a join logs.b_* b on a.x = b.y',
      'select * from `p-x.logs.alb_*` a join `logs.b_*` b on a.x = b.y',
    ],
    ['SELECT * FROM a.b, c.d_* WHERE x', 'SELECT * FROM a.b, `c.d_*` WHERE x'],
    ['SELECT (SELECT 1 FROM a.b_*), x.y*2', 'SELECT (SELECT 1 FROM `a.b_*`), x.y*2'],
  ])('%s', (sql, quoted) => {
    expect(quoteWildcards(sql)).toBe(quoted)
  })

  test.each([
    'SELECT a.b_*2, a.c * 3 FROM t.u WHERE a.b_*2 > 1 GROUP BY a.b_*2',
    'SELECT x FROM t.u ORDER BY a.b_*2, c.d_*3',
    "SELECT 'FROM logs.alb_*' /* FROM a.b_* */ -- FROM a.b_*",
    'SELECT * FROM `logs.alb_*`, UNNEST(a.b) WHERE a IS DISTINCT FROM b.c_*2',
    'SELECT EXTRACT(HOUR FROM a.b_*1) FROM t.u',
    'SELECT * FROM f(a.b_*2) x',
    'SELECT é, `unclosed',
  ])('leaves alone: %s', (sql) => {
    expect(quoteWildcards(sql)).toBe(sql)
  })
})
