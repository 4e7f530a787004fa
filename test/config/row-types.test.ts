/** Rows as the functions of a configuration see them: most of this is for tsc to check. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, expectTypeOf, test } from 'vitest'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import type { LogRow } from '../../functions/config/log-row.ts'
import type { Column } from '../../functions/model/column.ts'
import { formatNames, formats } from '../../functions/parse/formats.ts'
import { columnTypes, columnTypesFile } from '../../scripts/formats/column-types.ts'
import { readObject, sourceOf } from '../split/read-object.ts'

const clouds = {
  aws: { region: 'us-east-1' },
  google: {
    project: 'example-project',
    location: 'US',
    landingBucket: 'example-landing',
    ledgerBucket: 'example-ledger',
  },
}
const bucket = 'example-logs'

test('the types of columns are those of the formats: npm run formats -- --write', () => {
  const written = readFileSync(new URL(`../../${columnTypesFile}`, import.meta.url), 'utf8')
  expect(written).toBe(columnTypes())
})

test('columns of the format have their types, and there are no others', () => {
  defineBridge({
    ...clouds,
    sources: {
      alb: {
        bucket,
        prefix: 'alb/',
        format: 'alb',
        app: (row) => {
          expectTypeOf(row.app).toEqualTypeOf<string>()
          expectTypeOf(row.event_time).toEqualTypeOf<string | undefined>()
          expectTypeOf(row.rest['x']).toEqualTypeOf<unknown>()
          return row.elb
        },
        filter: (row) => {
          expectTypeOf(row.elb_status_code).toEqualTypeOf<number | bigint | undefined>()
          expectTypeOf(row.target_processing_time).toEqualTypeOf<number | undefined>()
          expectTypeOf(row.request_creation_time).toEqualTypeOf<string | undefined>()
          expectTypeOf(row.actions_executed).toEqualTypeOf<readonly string[] | undefined>()
          // @ts-expect-error There is no such column.
          return row.elb_status_cod === 500
        },
      },
      trail: {
        bucket,
        prefix: 'trail/',
        format: 'cloudtrail',
        filter: (row) => {
          expectTypeOf(row.readonly).toEqualTypeOf<boolean | undefined>()
          expectTypeOf(row.requestparameters).toEqualTypeOf<unknown>()
          return true
        },
      },
      values: {
        bucket,
        prefix: 'values/',
        format: 'csv',
        // @ts-expect-error A file's own fields are in rest.
        filter: (row) => row.level !== row.rest['level'],
      },
    },
  })
})

test('a source without a format sees any row, and takes nothing from the others', () => {
  defineBridge({
    ...clouds,
    sources: {
      any: {
        bucket,
        prefix: 'any/',
        filter: (row) => {
          expectTypeOf(row).toEqualTypeOf<LogRow>()
          return row['elb_status_code'] !== 200
        },
      },
      alb: {
        bucket,
        prefix: 'alb/',
        format: 'alb',
        filter: (row) => {
          expectTypeOf(row.elb_status_code).toEqualTypeOf<number | bigint | undefined>()
          // @ts-expect-error There is no such column.
          return row.elb_status_cod === 500
        },
      },
    },
  })
})

test('so have declared columns, each source its own', () => {
  defineBridge({
    ...clouds,
    sources: {
      one: {
        bucket,
        prefix: 'one/',
        format: 'json-lines',
        columns: { ms: 'FLOAT64', at: 'TIMESTAMP', raw: 'JSON' },
        filter: (row) => {
          expectTypeOf(row.ms).toEqualTypeOf<number | undefined>()
          expectTypeOf(row.at).toEqualTypeOf<string | undefined>()
          expectTypeOf(row.raw).toEqualTypeOf<unknown>()
          expectTypeOf(row.level).toEqualTypeOf<string | undefined>()
          // @ts-expect-error That is a column of another source.
          return row.user === undefined
        },
      },
      two: {
        bucket,
        prefix: 'two/',
        format: 'json-lines',
        columns: { user: 'STRING' },
        // @ts-expect-error A column of text has no toFixed.
        filter: (row) => row.user?.toFixed() !== 'x',
      },
    },
  })
})

test('columns that are declared elsewhere may be any', () => {
  const columns: Record<string, 'INT64'> = { ms: 'INT64' }
  const filter = (row: LogRow) => row['ms'] === 1 && row.rest['x'] === 2
  defineBridge({
    ...clouds,
    sources: { web: { bucket, format: 'json-lines', columns, filter: (row) => row['ms'] === 1 } },
  })
  defineBridge({ ...clouds, sources: { web: { bucket, format: 'alb', filter } } })
})

test('what map gives is held to the columns; other fields are for rest', () => {
  defineBridge({
    ...clouds,
    sources: {
      none: { bucket, prefix: 'none/', format: 'alb', map: () => undefined },
      same: { bucket, prefix: 'same/', format: 'alb', map: (row) => row },
      many: {
        bucket,
        prefix: 'many/',
        format: 'alb',
        map: (row) => [
          { ...row, elb_status_code: null, new_field: {} },
          { app: 'other', elb: 'x' },
        ],
      },
      part: {
        bucket,
        prefix: 'part/',
        format: 'json-lines',
        columns: { at: 'TIMESTAMP', count: 'INT64' },
        map: (row) => ({
          at: new Date(0),
          event_time: row.at,
          count: row.message?.slice(0, 3),
          rest: row.rest,
        }),
      },
      bad: {
        bucket,
        prefix: 'bad/',
        format: 'json-lines',
        columns: { count: 'INT64' },
        // @ts-expect-error No count is a Date.
        map: (row) => ({ ...row, count: new Date() }),
      },
      worse: {
        bucket,
        prefix: 'worse/',
        format: 'alb',
        // @ts-expect-error A list of texts is no list of numbers within lists.
        map: () => [{ actions_executed: [['x']] }],
      },
    },
  })
})

test('settings are checked beside them', () => {
  // @ts-expect-error There is no such format.
  const format = () => defineBridge({ ...clouds, sources: { web: { bucket, format: 'elb' } } })
  // @ts-expect-error There is no such setting.
  const setting = () => defineBridge({ ...clouds, sources: { web: { bucket, format: 'alb', prefx: 'x' } } })
  const columns = { ms: 'INTEGER' } as const
  // @ts-expect-error There is no such type.
  const type = () => defineBridge({ ...clouds, sources: { web: { bucket, format: 'alb', columns } } })
  for (const define of [format, setting, type]) expect(define).toThrow('sources.web.')
  // @ts-expect-error A filter says yes or no.
  defineBridge({ ...clouds, sources: { web: { bucket, format: 'alb', filter: (row) => row.elb } } })
})

/** As the functions' row has it. */
const kinds: Readonly<Record<Column['type'], (value: unknown) => boolean>> = {
  STRING: (value) => typeof value === 'string',
  TIMESTAMP: (value) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(String(value)),
  INT64: (value) => typeof value === 'number' || typeof value === 'bigint',
  FLOAT64: (value) => typeof value === 'number',
  BOOL: (value) => typeof value === 'boolean',
  JSON: (value) => value !== undefined,
}

const folder = new URL('../fixtures/', import.meta.url)
test.each(readdirSync(folder).filter((file) => file.endsWith('.log')))(
  'rows of %s are as their types say',
  async (file) => {
    const format = formatNames.find((name) => name === file.split('.')[0]) ?? 'text'
    const rows: LogRow[] = []
    const filter = (row: LogRow) => rows.push(row) > 0
    await readObject(sourceOf({ format, filter }), readFileSync(new URL(file, folder)))
    expect(rows.length).toBeGreaterThan(0)
    const columns = new Map(formats[format].columns.map((column) => [column.name, column]))
    for (const { app, event_time, rest, ...cells } of rows) {
      expect([typeof app, typeof rest]).toEqual(['string', 'object'])
      if (event_time !== undefined) expect(event_time).toSatisfy(kinds.TIMESTAMP)
      for (const [name, cell] of Object.entries(cells)) {
        const { type, mode } = columns.get(name) ?? {}
        const values = mode === 'REPEATED' ? cell : [cell]
        expect(values, name).toSatisfy((all: unknown[]) => type !== undefined && all.every(kinds[type]))
      }
    }
  },
)
