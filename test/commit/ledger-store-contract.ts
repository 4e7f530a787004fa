import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LedgerStore } from '../../functions/commit/ledger-store.ts'

/** A store under test. `wait` makes time pass for it until a call is answered. */
export interface StartedStore {
  readonly store: LedgerStore
  wait<T>(call: Promise<T>): Promise<T>
  stop(): Promise<void>
}

/** What the ledger relies on, whichever bucket it is in. */
export function ledgerStoreContract(name: string, start: () => Promise<StartedStore>): void {
  describe(`ledger store: ${name}`, () => {
    let started: StartedStore
    beforeAll(async () => {
      started = await start()
    })
    afterAll(() => started.stop())

    test('an object is created once', async () => {
      const { store, wait } = started
      expect(await wait(store.create('claims/once', 'first'))).toMatchObject({ kind: 'written' })
      expect(await wait(store.create('claims/once', 'second'))).toEqual({ kind: 'exists' })
      expect(await wait(store.read('claims/once'))).toMatchObject({ body: 'first' })
    })

    test('of twenty at once, one creates it', async () => {
      const { store, wait } = started
      const tries = Array.from({ length: 20 }, (_, n) => store.create('groups/race', `writer ${n}`))
      const written = (await wait(Promise.all(tries))).map(({ kind }) => kind)
      expect(written.filter((kind) => kind === 'written')).toHaveLength(1)
      const winner = written.indexOf('written')
      expect(await wait(store.read('groups/race'))).toMatchObject({ body: `writer ${winner}` })
    })

    test('what is not there is undefined', async () => {
      expect(await started.wait(started.store.read('claims/absent'))).toBeUndefined()
    })

    test('only the generation that was read is written over', async () => {
      const { store, wait } = started
      const created = await wait(store.create('claims/moved', 'one'))
      const generation = created.kind === 'written' ? created.generation : ''
      expect((await wait(store.read('claims/moved')))?.generation).toBe(generation)
      const moved = await wait(store.replace('claims/moved', 'two', generation))
      expect(moved).toMatchObject({ kind: 'written' })
      expect(await wait(store.replace('claims/moved', 'three', generation))).toEqual({ kind: 'changed' })
      const now = await wait(store.read('claims/moved'))
      expect(now).toMatchObject({ body: 'two', generation: moved.kind === 'written' ? moved.generation : '' })
    })

    test('what is not there is not written over', async () => {
      const { store, wait } = started
      expect(await wait(store.replace('claims/never', 'x', '1'))).toEqual({ kind: 'changed' })
    })
  })
}
