import { expect, test } from 'vitest'
import { readKind, readKinds } from '../../scripts/formats/kinds.ts'

test.each(await readKinds())('$kind', async (kind) => {
  const { format, rows, rejected } = await readKind(kind)
  expect(format).toBe(kind.format)
  if (kind.rows === undefined) return
  expect({ rows: rows.length, rejected }).toEqual({ rows: kind.rows, rejected: 0 })
  const time = rows[0]?.['event_time']
  expect(time == null ? null : Date.parse(String(time))).toBe(
    kind.time == null ? null : Date.parse(kind.time),
  )
  const micros = (text: unknown) => /\.(\d+)/.exec(String(text))?.[1]?.padEnd(6, '0').slice(0, 6) ?? '000000'
  if (kind.time != null) expect(micros(time)).toBe(micros(kind.time))
})
