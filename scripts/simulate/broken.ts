import type { LedgerStore } from '../../functions/commit/ledger-store.ts'
import type { Break } from './instance.ts'

/**
 * The protocol with one of its parts taken out, by replacing a port of the loader: the production code has no switch
 * for it. A simulation that does not notice these proves nothing.
 */
export const brokenProtocols = {
  /** Every instance believes it claimed whatever it wants. */
  'skip the claim': (parts) => ({
    ...parts,
    ledgerStore: withCreate(parts.ledgerStore, async (name, body, create) =>
      name.startsWith('claims/') ? { kind: 'written', generation: '1' } : create(name, body),
    ),
  }),

  /** A group is sealed only after its rows are committed. */
  'seal after commit': (parts) => {
    let write: (() => Promise<unknown>) | undefined
    return {
      ...parts,
      ledgerStore: withCreate(parts.ledgerStore, async (name, body, create) => {
        if (!body.includes('"sealed"')) return create(name, body)
        write = () => create(name, body)
        return { kind: 'written', generation: '1' }
      }),
      api: {
        ...parts.api,
        commit: async (table, streams) => {
          const reply = await parts.api.commit(table, streams)
          const late = write
          write = undefined
          await late?.()
          return reply
        },
      },
    }
  },

  /** An old claim is taken over without ending the group that holds it. */
  'drop the fence': (parts) => ({
    ...parts,
    ledgerStore: withCreate(parts.ledgerStore, async (name, body, create) =>
      body.includes('"aborted"') ? { kind: 'written', generation: '1' } : create(name, body),
    ),
  }),
} as const satisfies Record<string, Break>

export type BrokenProtocol = keyof typeof brokenProtocols

type Create = LedgerStore['create']

function withCreate(
  store: LedgerStore,
  create: (name: string, body: string, real: Create) => ReturnType<Create>,
): LedgerStore {
  return { ...store, create: (name, body) => create(name, body, store.create) }
}
