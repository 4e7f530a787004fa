import { isNode, listOf, type Node, nameOf, ofKind } from './ast.ts'

/** Names the columns of a query's result as BigQuery does: `f0_`, `f1_`, ... where the query gives no name. */
export function nameColumns(statement: Node): void {
  const select = firstSelect(statement)
  if (!select) return
  let anonymous = 0
  select['expressions'] = listOf(select['expressions']).map((expression) => {
    if (!isNode(expression) || isNamed(expression)) return expression
    const field = nameOf(ofKind(expression, 'dot')?.['field'])
    const name = field ?? `f${anonymous++}_`
    return aliased(expression, name)
  })
}

/** The first branch of a set operation gives the names. */
function firstSelect(statement: Node): Node | undefined {
  const select = ofKind(statement, 'select')
  if (select) return select
  for (const kind of ['union', 'intersect', 'except', 'subquery']) {
    const branch = ofKind(statement, kind)
    const inner = branch?.['left'] ?? branch?.['this']
    if (isNode(inner)) return firstSelect(inner)
  }
  return undefined
}

function isNamed(expression: Node): boolean {
  return ['alias', 'column', 'star', 'identifier'].some((kind) => kind in expression)
}

function aliased(expression: Node, name: string): Node {
  return {
    alias: {
      this: expression,
      alias: { name, quoted: true, trailing_comments: [] },
      column_aliases: [],
      pre_alias_comments: [],
      trailing_comments: [],
    },
  }
}
