import { isSeal, withCreate } from './broken-ledger.ts'
import { code } from './grpc-codes.ts'
import type { Break } from './instance.ts'
import type { Parts } from './ports.ts'

/**
 * An instance goes on with a stream whose group got no seal: asked for another, its port gives the same one under
 * another name, which hides that offsets begin behind what that group left.
 */
export const appendBehind: Break = (parts, { write }) => {
  const { api } = parts
  const made = new Map<string, string>()
  return {
    ...parts,
    api: {
      ...api,
      createStream: async (table) => {
        const key = `${table.dataset}.${table.name}`
        const left = made.get(key)
        if (left !== undefined) return `${left}${behind}${write.streams.rowCount(left)}`
        const stream = await api.createStream(table)
        made.set(key, stream)
        return stream
      },
      open: (name, descriptor) => {
        const { stream, shift } = behindOf(name)
        const connection = api.open(stream, descriptor)
        return {
          append: (rows, offset) =>
            connection.append(rows, offset === undefined ? undefined : offset + shift),
          close: () => connection.close(),
        }
      },
      flush: (name, offset) => {
        const { stream, shift } = behindOf(name)
        return api.flush(stream, offset + shift)
      },
    },
  }
}

const behind = '+'

/** The stream a name of `appendBehind` stands for, and where its offsets begin. */
function behindOf(name: string): { stream: string; shift: number } {
  const [stream = name, shift] = name.split(behind)
  return { stream, shift: Number(shift ?? 0) }
}

/** The rows of a group are flushed before it is sealed. */
export const flushBeforeSeal: Break = (parts, { write }) => {
  const { api, named } = rememberingStreams(parts)
  return {
    ...parts,
    api,
    ledgerStore: withCreate(parts.ledgerStore, async (name, body, create) => {
      if (isSeal(name, body)) {
        const flushes = named(body).map((stream) => api.flush(stream, write.streams.rowCount(stream) - 1))
        await Promise.allSettled(flushes)
      }
      return create(name, body)
    }),
  }
}

/** The last row of a group is forgotten. */
export const flushOneTooFew: Break = (parts) => ({
  ...parts,
  api: {
    ...parts.api,
    flush: async (stream, offset) => {
      if (offset > 0) await parts.api.flush(stream, offset - 1)
    },
  },
})

/** A row behind those of the group is flushed, if there is one. */
export const flushOneTooMany: Break = (parts) => ({
  ...parts,
  api: {
    ...parts.api,
    flush: async (stream, offset) => {
      try {
        await parts.api.flush(stream, offset + 1)
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === code.outOfRange)) throw error
        await parts.api.flush(stream, offset)
      }
    },
  },
})

/** A stream is ended when a group is sealed, whose rows can then not be flushed. */
export const finalizeUnflushed: Break = (parts) => {
  const { api, named } = rememberingStreams(parts)
  return {
    ...parts,
    api,
    ledgerStore: withCreate(parts.ledgerStore, async (name, body, create) => {
      const created = await create(name, body)
      if (isSeal(name, body)) await Promise.allSettled(named(body).map((stream) => api.finalize(stream)))
      return created
    }),
  }
}

/** The port, and which of the streams made by it a record of the ledger names. */
function rememberingStreams({ api }: Parts): {
  readonly api: Parts['api']
  readonly named: (body: string) => string[]
} {
  const made: string[] = []
  return {
    api: {
      ...api,
      createStream: async (table) => {
        const stream = await api.createStream(table)
        made.push(stream)
        return stream
      },
    },
    named: (body) => made.filter((stream) => body.includes(JSON.stringify(stream))),
  }
}
