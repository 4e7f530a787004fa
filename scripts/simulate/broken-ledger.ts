import type { LedgerStore } from '../../functions/commit/ledger-store.ts'
import type { Break } from './instance.ts'

type Create = LedgerStore['create']

/** A store whose creations go another way, which is given the real one. */
export function withCreate(
  store: LedgerStore,
  create: (name: string, body: string, real: Create) => ReturnType<Create>,
): LedgerStore {
  return { ...store, create: (name, body) => create(name, body, store.create) }
}

/** Whether a record of the ledger makes its group count. */
export function isSeal(name: string, body: string): boolean {
  return name.startsWith('groups/') && body.includes('"sealed"')
}

/** Every instance believes it claimed whatever it wants. */
export const skipTheClaim: Break = (parts) => ({
  ...parts,
  ledgerStore: withCreate(parts.ledgerStore, async (name, body, create) =>
    name.startsWith('claims/') ? { kind: 'written', generation: '1' } : create(name, body),
  ),
})

/** A group is sealed only after rows of it are visible. */
export const sealAfterCommit: Break = (parts) => {
  let write: (() => Promise<unknown>) | undefined
  const thenSeal = async <T>(published: Promise<T>): Promise<T> => {
    const reply = await published
    const late = write
    write = undefined
    await late?.()
    return reply
  }
  return {
    ...parts,
    ledgerStore: withCreate(parts.ledgerStore, async (name, body, create) => {
      if (!isSeal(name, body)) return create(name, body)
      write = () => create(name, body)
      return { kind: 'written', generation: '1' }
    }),
    api: {
      ...parts.api,
      commit: (table, streams) => thenSeal(parts.api.commit(table, streams)),
      flush: (stream, offset) => thenSeal(parts.api.flush(stream, offset)),
    },
  }
}

/** An old claim is taken over without ending the group that holds it. */
export const withoutFence: Break = (parts) => ({
  ...parts,
  ledgerStore: withCreate(parts.ledgerStore, async (name, body, create) =>
    body.includes('"aborted"') ? { kind: 'written', generation: '1' } : create(name, body),
  ),
})

/** A sealed group that is not done is taken for one that was given up: its objects are claimed and appended anew. */
export const recoverByAppending: Break = (parts, { ledger }) => ({
  ...parts,
  ledgerStore: {
    ...parts.ledgerStore,
    read: async (name) => {
      const found = await parts.ledgerStore.read(name)
      if (!found || !isSeal(name, found.body) || ledger.has(name.replace('groups/', 'done/'))) return found
      return { ...found, body: JSON.stringify({ state: 'aborted', at: 0 }) }
    },
  },
})
