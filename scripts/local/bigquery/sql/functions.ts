const list = (names: string): ReadonlySet<string> => new Set(names.trim().split(/\s+/))

/**
 * GoogleSQL functions that mean the same in DuckDB once the dialect is translated. A list of what is allowed:
 * a DuckDB function that merely shares a name (FORMAT, LOG), or that reads files, must not be reachable.
 */
const sameInDuckDb = list(`
  COUNT SUM AVG MIN MAX ANY_VALUE COUNTIF ARRAY_AGG STRING_AGG LOGICAL_AND LOGICAL_OR
  APPROX_COUNT_DISTINCT APPROX_QUANTILES STDDEV STDDEV_POP STDDEV_SAMP VARIANCE VAR_POP VAR_SAMP CORR
  ROW_NUMBER RANK DENSE_RANK PERCENT_RANK CUME_DIST NTILE LAG LEAD FIRST_VALUE LAST_VALUE NTH_VALUE
  PERCENTILE_CONT PERCENTILE_DISC
  CAST SAFE_CAST COALESCE IFNULL NULLIF IF SAFE_DIVIDE
  ABS SIGN SQRT POW POWER EXP LN FLOOR CEIL CEILING ROUND TRUNC MOD DIV RAND
  LENGTH CHAR_LENGTH LOWER UPPER TRIM LTRIM RTRIM REPLACE SUBSTR SUBSTRING STRPOS STARTS_WITH ENDS_WITH REVERSE
  LPAD RPAD REPEAT LEFT RIGHT TO_BASE64 FROM_BASE64 GENERATE_UUID
  CURRENT_TIMESTAMP CURRENT_DATE
  ARRAY STRUCT UNNEST ARRAY_CONCAT ARRAY_TO_STRING ARRAY_REVERSE GENERATE_ARRAY
`)

export function isSameInDuckDb(name: string): boolean {
  return sameInDuckDb.has(name)
}

const keywords = list(`
  ALL AND ANY ARRAY AS ASC BETWEEN BY CASE CROSS CUBE DESC DISTINCT ELSE END EXCEPT EXISTS FROM FULL GROUP GROUPING
  HAVING IN INNER INTERSECT INTERVAL IS JOIN LEFT LIKE LIMIT NATURAL NOT NULL OFFSET SAFE_OFFSET ORDINAL SAFE_ORDINAL
  ON OR ORDER OUTER OVER PARTITION PIVOT QUALIFY RANGE REPLACE RETURN RIGHT ROLLUP ROWS SELECT SETS SOME THEN UNION
  UNPIVOT USING VALUES WHEN WHERE WINDOW WITH
`)

/** Whether a parenthesis or bracket after this word does not make it a call or a subscript. */
export function isKeyword(name: string): boolean {
  return keywords.has(name)
}

const withPart = /^(TIMESTAMP|DATETIME|DATE)_(TRUNC|DIFF)$/

/** Whether the function takes a date part, such as HOUR, as a bare word. */
export function takesPart(name: string): boolean {
  return withPart.test(name)
}

const parts = list('MICROSECOND MILLISECOND SECOND MINUTE HOUR DAY ISOWEEK MONTH QUARTER YEAR')

/** DuckDB's name of a date part. Undefined when there is none: its weeks start on Monday, GoogleSQL's WEEK on Sunday. */
export function duckDbPart(part: string): string | undefined {
  if (!parts.has(part)) return undefined
  return part === 'ISOWEEK' ? 'week' : part.toLowerCase()
}

const taken = list(`
  ANALYSE ANALYZE ANTI ASOF ASYMMETRIC AUTHORIZATION BINARY BOTH CHECK COLLATION COLUMN COLUMNS CONSTRAINT DEFERRABLE
  DESCRIBE DO FOREIGN FREEZE GENERATED GLOB ILIKE INITIALLY ISNULL LAMBDA LEADING NOTNULL ONLY OVERLAPS PLACING
  POSITIONAL PRIMARY REFERENCES RETURNING SEMI SHOW SIMILAR SUMMARIZE SYMMETRIC TABLE TRAILING TRY_CAST UNIQUE UNPACK
  VARIADIC VERBOSE
`)

/** Whether GoogleSQL takes this word for a name where DuckDB does not. */
export function needsQuotes(word: string): boolean {
  return taken.has(word)
}
