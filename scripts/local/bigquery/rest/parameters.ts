import { z } from 'zod'
import type { ParameterSql } from '../sql/rewrite.ts'
import { InvalidQuery, Untranslatable } from '../sql/untranslatable.ts'

const scalarTypes = new Set(
  [
    'STRING',
    'INT64',
    'FLOAT64',
    'BOOL',
    'TIMESTAMP',
    'DATE',
    'DATETIME',
    'TIME',
    'NUMERIC',
    'JSON',
    'BYTES',
  ].concat(['BIGNUMERIC']),
)

/** The API's own type is text; its server, and so the official client, take bare numbers and booleans as well. */
const value = z.object({ value: z.union([z.string(), z.number(), z.boolean()]).transform(String).nullish() })
const queryParameter = z.object({
  name: z.string().optional(),
  parameterType: z.object({ type: z.string(), arrayType: z.object({ type: z.string() }).optional() }),
  parameterValue: value.extend({ arrayValues: z.array(value).nullish() }).optional(),
})
export const queryParametersSchema = z.array(queryParameter)
export type QueryParameter = z.infer<typeof queryParameter>

/** The parameters of a query: the expression that stands for each, and the values of those used, bound as text. */
export function bindParameters(parameters: readonly QueryParameter[]): {
  /** Filled by `parameterSql`: DuckDB refuses values for placeholders that the statement does not have. */
  readonly values: readonly (string | null)[]
  readonly parameterSql: ParameterSql
} {
  const used: QueryParameter[] = []
  const values: (string | null)[] = []
  const parameterSql = (wanted: string | number): string => {
    const parameter = parameters.find(({ name }, index) =>
      typeof wanted === 'number' ? index === wanted : name?.toLowerCase() === wanted.toLowerCase(),
    )
    if (!parameter) throw new InvalidQuery(`Query parameter '${wanted}' not found`)
    if (!used.includes(parameter)) {
      used.push(parameter)
      values.push(textOf(parameter))
    }
    return typedSql(parameter, `$${used.indexOf(parameter) + 1}`)
  }
  return { values, parameterSql }
}

/** Every value travels as text and gets its type here; arrays as JSON. */
function typedSql({ parameterType }: QueryParameter, placeholder: string): string {
  const element = parameterType.arrayType?.type
  if (
    parameterType.type === 'ARRAY' &&
    element !== undefined &&
    scalarTypes.has(element) &&
    element !== 'BYTES'
  ) {
    return `CAST(CAST(${placeholder} AS JSON) AS ARRAY<${storedType(element)}>)`
  }
  if (!scalarTypes.has(parameterType.type)) {
    throw new Untranslatable(`parameters of type ${parameterType.type}`)
  }
  if (parameterType.type === 'BYTES') return `FROM_BASE64(CAST(${placeholder} AS STRING))`
  return `CAST(${placeholder} AS ${storedType(parameterType.type)})`
}

/** Placed in the statement after its own types were rewritten: the same two names apply. */
function storedType(type: string): string {
  if (type === 'TIMESTAMP') return 'bq_timestamp'
  return type === 'NUMERIC' || type === 'BIGNUMERIC' ? 'bq_numeric' : type
}

function textOf({ parameterType, parameterValue }: QueryParameter): string | null {
  if (parameterType.type !== 'ARRAY') return parameterValue?.value ?? null
  return JSON.stringify((parameterValue?.arrayValues ?? []).map((each) => each.value ?? null))
}
