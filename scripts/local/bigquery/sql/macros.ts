/**
 * GoogleSQL functions whose meaning DuckDB has no function for, as DuckDB macros. The macro of `FOO` is `bq_foo`.
 * They are kept in the database file, so that views work for whoever opens it.
 *
 * The session's time zone must be UTC, which is BigQuery's default.
 */
const bodies: Readonly<Record<string, string>> = {
  timestamp: `(x) as cast(x as timestamptz), (x, zone) as cast(x as timestamp) at time zone zone`,
  datetime: `(x) as cast(x as timestamp), (x, zone) as cast(x as timestamptz) at time zone zone`,
  date: `(x) as cast(x as date), (x, zone) as cast(cast(x as timestamptz) at time zone zone as date),
    (y, m, d) as make_date(y, m, d)`,
  timestamp_trunc: `(t, part) as date_trunc(part, t),
    (t, part, zone) as date_trunc(part, t at time zone zone) at time zone zone`,
  datetime_trunc: `(t, part) as date_trunc(part, t)`,
  date_trunc: `(d, part) as cast(date_trunc(part, d) as date)`,
  timestamp_diff: `(a, b, part) as date_sub(part, cast(b as timestamptz), cast(a as timestamptz))`,
  datetime_diff: `(a, b, part) as date_diff(part, cast(b as timestamp), cast(a as timestamp))`,
  date_diff: `(a, b, part) as date_diff(part, b, a)`,
  timestamp_add: `(t, span) as t + span`,
  timestamp_sub: `(t, span) as t - span`,
  datetime_add: `(t, span) as t + span`,
  datetime_sub: `(t, span) as t - span`,
  date_add: `(d, span) as cast(d + span as date)`,
  date_sub: `(d, span) as cast(d - span as date)`,
  timestamp_bucket: `(t, width) as time_bucket(width, t, timestamptz '1950-01-01')`,
  timestamp_seconds: `(n) as cast(make_timestamp(n * 1000000) as timestamptz)`,
  timestamp_millis: `(n) as cast(make_timestamp(n * 1000) as timestamptz)`,
  timestamp_micros: `(n) as cast(make_timestamp(n) as timestamptz)`,
  unix_seconds: `(t) as cast(floor(epoch_us(t) / 1000000) as bigint)`,
  unix_millis: `(t) as cast(floor(epoch_us(t) / 1000) as bigint)`,
  unix_micros: `(t) as epoch_us(t)`,
  current_datetime: `() as cast(current_timestamp as timestamp)`,

  format_timestamp: `(f, t) as strftime(t, f), (f, t, zone) as strftime(t at time zone zone, f)`,
  format_datetime: `(f, t) as strftime(t, f)`,
  format_date: `(f, t) as strftime(t, f)`,
  parse_timestamp: `(f, s) as cast(strptime(s, f) as timestamptz)`,
  parse_datetime: `(f, s) as cast(strptime(s, f) as timestamp)`,
  parse_date: `(f, s) as cast(strptime(s, f) as date)`,

  ...extracted({
    year: (t) => `year(${t})`,
    quarter: (t) => `quarter(${t})`,
    month: (t) => `month(${t})`,
    isoweek: (t) => `week(${t})`,
    isoyear: (t) => `isoyear(${t})`,
    day: (t) => `day(${t})`,
    dayofweek: (t) => `dayofweek(${t}) + 1`,
    dayofyear: (t) => `dayofyear(${t})`,
    hour: (t) => `hour(${t})`,
    minute: (t) => `minute(${t})`,
    second: (t) => `second(${t})`,
    millisecond: (t) => `millisecond(${t}) % 1000`,
    microsecond: (t) => `microsecond(${t}) % 1000000`,
    date: (t) => `cast(${t} as date)`,
  }),

  regexp_contains: `(s, p) as regexp_matches(s, p)`,
  regexp_extract: `(s, p) as bq_regexp_extract_all(s, p)[1]`,
  regexp_extract_all: `(s, p) as regexp_extract_all(s, p, cast(bq_has_group(p) as integer))`,
  has_group: `(p) as regexp_matches(regexp_replace(p, '\\\\.|\\[[^]]*\\]', '', 'g'), '\\((\\?P?<|[^?]|$)')`,
  regexp_replace: `(s, p, r) as regexp_replace(s, p, r, 'g')`,
  split: `(s) as str_split(s, ','), (s, d) as str_split(s, d)`,
  concat: everyArity(8, (names) => names.join(' || ')),
  array_length: `(a) as len(a)`,
  greatest: everyArity(6, (names) => nullIfAnyIsNull(names, 'greatest')),
  least: everyArity(6, (names) => nullIfAnyIsNull(names, 'least')),
  byte_length: `(x) as strlen(x)`,
  md5: `(x) as unhex(md5(x))`,
  sha256: `(x) as unhex(sha256(x))`,
  to_hex: `(x) as lower(hex(x))`,

  json_value: `(j) as ${scalarAt("'$'")}, (j, p) as ${scalarAt('p')}`,
  json_extract_scalar: `(j) as bq_json_value(j, '$'), (j, p) as bq_json_value(j, p)`,
  json_query: `(j) as json_extract(j, '$'), (j, p) as json_extract(j, p)`,
  json_extract: `(j) as json_extract(j, '$'), (j, p) as json_extract(j, p)`,
  json_query_array: `(j) as cast(j as json[]), (j, p) as cast(json_extract(j, p) as json[])`,
  json_value_array: `(j) as cast(j as varchar[]), (j, p) as cast(json_extract(j, p) as varchar[])`,
  json_type: `(j) as case json_type(j) when 'VARCHAR' then 'string' when 'OBJECT' then 'object' when 'ARRAY' then
    'array' when 'BOOLEAN' then 'boolean' when 'NULL' then 'null' else 'number' end`,
  parse_json: `(s) as cast(s as json)`,
  to_json: `(x) as to_json(x)`,
  to_json_string: `(x) as cast(to_json(x) as varchar)`,
  string: `(x) as case when typeof(x) = 'JSON' then json_extract_string(to_json(x), '$') else cast(x as varchar) end`,
  int64: `(j) as cast(json_extract_string(j, '$') as bigint)`,
  float64: `(j) as cast(json_extract_string(j, '$') as double)`,
  bool: `(j) as cast(json_extract_string(j, '$') as boolean)`,
  lax_string: `(j) as bq_json_value(j, '$')`,
  lax_int64: `(j) as try_cast(json_extract_string(j, '$') as bigint)`,
  lax_float64: `(j) as try_cast(json_extract_string(j, '$') as double)`,
  lax_bool: `(j) as try_cast(json_extract_string(j, '$') as boolean)`,
}

/** NULL for objects, arrays and malformed text, as JSON_VALUE is. */
function scalarAt(path: string): string {
  return `case when json_valid(j) and coalesce(json_type(j, ${path}), 'NULL') not in ('OBJECT', 'ARRAY')
    then json_extract_string(j, ${path}) end`
}

/** EXTRACT(part FROM t [AT TIME ZONE zone]) becomes `bq_extract_part(t [, zone])`. */
function extracted(parts: Readonly<Record<string, (t: string) => string>>): Record<string, string> {
  const zoned = '(cast(t as timestamptz) at time zone zone)'
  return Object.fromEntries(
    Object.entries(parts).map(([part, body]) => [
      `extract_${part}`,
      `(t) as ${body('t')}, (t, zone) as ${body(zoned)}`,
    ]),
  )
}

function everyArity(most: number, body: (names: readonly string[]) => string): string {
  const arities = Array.from({ length: most }, (_, index) => index + 1)
  const names = (arity: number) => Array.from({ length: arity }, (_, index) => `a${index}`)
  return arities.map((arity) => `(${names(arity).join(', ')}) as ${body(names(arity))}`).join(', ')
}

/** BigQuery's GREATEST and LEAST are NULL when any argument is; DuckDB's pass over NULLs. */
function nullIfAnyIsNull(names: readonly string[], name: string): string {
  return `case when ${names.map((each) => `${each} is null`).join(' or ')} then null else ${name}(${names.join(', ')}) end`
}

/** Whether GoogleSQL's function of this name is a macro here. */
export function isMacro(name: string): boolean {
  return Object.hasOwn(bodies, name.toLowerCase())
}

/** DuckDB statements that create, or bring up to date, everything translated SQL relies on. */
export function prelude(): string[] {
  const types = { bq_timestamp: 'timestamptz', bq_numeric: 'decimal(38, 9)' }
  const helpersFirst = Object.entries(bodies).sort(([a], [b]) => rank(a) - rank(b))
  return [
    ...Object.entries(types).map(([name, type]) => `create type if not exists ${name} as ${type}`),
    ...helpersFirst.map(([name, body]) => `create or replace macro main.bq_${name}${body}`),
  ]
}

/** DuckDB looks up the macros in a macro's body when it is created. */
function rank(name: string): number {
  const helpers = ['has_group', 'regexp_extract_all', 'json_value']
  return helpers.includes(name) ? helpers.indexOf(name) : helpers.length
}
