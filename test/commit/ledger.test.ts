import { expect, test } from 'vitest'
import { Ledger, objectHash } from '../../functions/commit/ledger.ts'
import { type LedgerStore, LedgerStoreError, type Stored } from '../../functions/commit/ledger-store.ts'
import { RetryingStore } from '../../functions/commit/retrying-store.ts'

const leaseMs = 60_000
const hash = 'a'.repeat(64)
const other = 'b'.repeat(64)

/** What goes wrong with one call: its reply is lost, or it never arrives. */
type Mishap = { readonly verb: keyof LedgerStore; readonly prefix: string; readonly tookEffect: boolean }

/** A bucket with a clock of its own, and ledgers on it whose clocks are what a test says. */
function startLedger() {
  const objects = new Map<string, { body: string; generation: number; at: number }>()
  const mishaps: Mishap[] = []
  let generation = 0
  let now = 0
  const pass = (millis: number) => {
    now += millis
  }
  const put = (name: string, body: string) => {
    generation += 1
    objects.set(name, { body, generation, at: now })
    return { kind: 'written' as const, generation: String(generation) }
  }
  const call = async <T>(verb: Mishap['verb'], name: string, serve: () => T): Promise<T> => {
    const found = mishaps.findIndex((one) => one.verb === verb && name.startsWith(one.prefix))
    const [mishap] = found < 0 ? [] : mishaps.splice(found, 1)
    if (!mishap || mishap.tookEffect) {
      const answer = serve()
      if (!mishap) return answer
    }
    throw new LedgerStoreError('no answer', true)
  }
  const bucket: LedgerStore = {
    create: (name, body) =>
      call('create', name, () => (objects.has(name) ? { kind: 'exists' } : put(name, body))),
    replace: (name, body, seen) =>
      call('replace', name, () =>
        String(objects.get(name)?.generation) === seen ? put(name, body) : { kind: 'changed' },
      ),
    read: (name) =>
      call('read', name, (): Stored | undefined => {
        const one = objects.get(name)
        return one && { body: one.body, generation: String(one.generation), age: now - one.at }
      }),
  }
  const ledgerAt = (ownClock = 0) => {
    const clock = {
      now: () => now + ownClock,
      sleep: async (millis: number) => pass(millis),
      random: () => 0.5,
    }
    const retry = { firstDelayMs: 1, longestDelayMs: 1, deadlineMs: 1_000 }
    return new Ledger({ store: new RetryingStore({ store: bucket, clock, retry }), clock, leaseMs })
  }
  return { ledger: ledgerAt(), ledgerAt, objects, mishaps, pass }
}

const group = (id: string, ...hashes: string[]) => ({
  id,
  at: 0,
  tables: [],
  members: hashes.map((one) => ({ hash: one, record: {} })),
})

test('an object is what its bucket, key and ETag say together', () => {
  const object = { bucket: 'logs', key: 'a.log', etag: '1' }
  const hashes = [
    object,
    { ...object, bucket: 'logs-2' },
    { ...object, key: 'b.log' },
    { ...object, etag: '2' },
    // Where one part ends and the next begins counts.
    { bucket: 'logs"', key: ',"a.log', etag: '1' },
  ].map(objectHash)
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(objectHash({ ...object })).toBe(objectHash(object))
})

test('unclaimed: free, and one group gets it', async () => {
  const { ledger } = startLedger()
  expect(await ledger.look(hash)).toEqual({ kind: 'free', setAside: undefined })
  expect(await ledger.claim(hash, 'G', undefined)).toMatchObject({ kind: 'claimed' })
  expect(await ledger.claim(hash, 'H', undefined)).toEqual({ kind: 'busy', group: 'G' })
})

test('claimed, without an end, young: another is at work; old by the clock of the bucket alone: it is fenced', async () => {
  const { ledgerAt, pass } = startLedger()
  const day = 86_400_000
  await ledgerAt().claim(hash, 'G', undefined)
  pass(leaseMs - 1)
  for (const clock of [-day, 0, day])
    expect(await ledgerAt(clock).look(hash)).toEqual({ kind: 'busy', group: 'G' })
  pass(1)
  expect(await ledgerAt(-day).claim(hash, 'H', undefined)).toMatchObject({ kind: 'claimed' })
  expect(await ledgerAt().seal(group('G', hash))).toBe(false)
  expect(await ledgerAt().seal(group('H', hash))).toBe(true)
})

test('a claim that is renewed stays young, and is renewed by its owner only', async () => {
  const { ledger, pass } = startLedger()
  const claimed = await ledger.claim(hash, 'G', undefined)
  const generation = claimed.kind === 'claimed' ? claimed.generation : ''
  pass(leaseMs - 1)
  expect(await ledger.renew(hash, 'G', generation)).toBeDefined()
  pass(leaseMs - 1)
  expect(await ledger.look(hash)).toMatchObject({ kind: 'busy' })
  pass(1)
  await ledger.claim(hash, 'H', undefined)
  expect(await ledger.renew(hash, 'G', generation)).toBeUndefined()
})

test('given up by its owner: free at once', async () => {
  const { ledger } = startLedger()
  await ledger.claim(hash, 'G', undefined)
  expect(await ledger.abort('G')).toBe(true)
  expect(await ledger.claim(hash, 'H', undefined)).toMatchObject({ kind: 'claimed' })
})

test('sealed with it: it counts, and giving it up comes too late; done with it: loaded', async () => {
  const { ledger, pass } = startLedger()
  await ledger.claim(hash, 'G', undefined)
  expect(await ledger.seal(group('G', hash))).toBe(true)
  pass(10 * leaseMs)
  const sealed = { kind: 'sealed', group: { id: 'G' }, done: undefined }
  expect(await ledger.look(hash)).toMatchObject(sealed)
  expect(await ledger.claim(hash, 'H', undefined)).toMatchObject(sealed)
  expect(await ledger.abort('G')).toBe(false)
  await ledger.finish(group('G', hash), [hash])
  expect(await ledger.look(hash)).toEqual({ kind: 'loaded' })
  expect(await ledger.claim(hash, 'H', undefined)).toEqual({ kind: 'loaded' })
})

test('sealed without it: that group will never load it', async () => {
  const { ledger } = startLedger()
  await ledger.claim(hash, 'G', undefined)
  await ledger.seal(group('G', other))
  expect(await ledger.claim(hash, 'H', undefined)).toMatchObject({ kind: 'claimed' })
})

test('done without it: past saving, and it can be forgotten; what is loaded or under way cannot', async () => {
  const { ledger } = startLedger()
  expect(await ledger.forget(hash)).toBe(false)
  await ledger.claim(hash, 'G', undefined)
  expect(await ledger.forget(hash)).toBe(false)
  await ledger.claim(other, 'G', undefined)
  await ledger.seal(group('G', hash, other))
  await ledger.finish(group('G', hash, other), [other])
  expect(await ledger.look(hash)).toMatchObject({ kind: 'sealed', done: { members: [other] } })
  expect(await ledger.forget(other)).toBe(false)
  expect(await ledger.forget(hash)).toBe(true)
  expect(await ledger.claim(hash, 'H', undefined)).toMatchObject({ kind: 'claimed' })
})

test('set aside: free for whoever looks afterwards, and for nobody who looked before', async () => {
  const { ledger, pass } = startLedger()
  expect(await ledger.setAside(hash)).toEqual({ kind: 'set_aside' })
  expect(await ledger.claim(hash, 'early', undefined)).toMatchObject({ kind: 'busy' })
  const first = await ledger.look(hash)
  expect(await ledger.setAside(hash)).toEqual({ kind: 'set_aside' })
  expect(first.kind === 'free' && (await ledger.claim(hash, 'early', first.setAside)).kind).toBe('busy')
  const second = await ledger.look(hash)
  expect(second.kind === 'free' && (await ledger.claim(hash, 'late', second.setAside)).kind).toBe('claimed')
  // What is loaded, or being loaded, is not set aside.
  expect(await ledger.setAside(hash)).toEqual({ kind: 'busy', group: 'late' })
  await ledger.seal(group('late', hash))
  pass(10 * leaseMs)
  expect(await ledger.setAside(hash)).toMatchObject({ kind: 'sealed' })
})

test.each([true, false])('a claim whose call failed (effect: %s) is ours in the end', async (tookEffect) => {
  const { ledger, mishaps } = startLedger()
  mishaps.push({ verb: 'create', prefix: 'claims/', tookEffect })
  const claimed = await ledger.claim(hash, 'G', undefined)
  expect(claimed).toMatchObject({ kind: 'claimed' })
  mishaps.push({ verb: 'replace', prefix: 'claims/', tookEffect })
  expect(await ledger.renew(hash, 'G', claimed.kind === 'claimed' ? claimed.generation : '')).toBeDefined()
  await ledger.abort('G')
  mishaps.push({ verb: 'replace', prefix: 'claims/', tookEffect })
  expect(await ledger.claim(hash, 'H', undefined)).toMatchObject({ kind: 'claimed' })
})

test.each([true, false])(
  'an end whose call failed (effect: %s) is the one that is there',
  async (tookEffect) => {
    const { ledger, mishaps } = startLedger()
    mishaps.push({ verb: 'create', prefix: 'groups/', tookEffect })
    expect(await ledger.seal(group('G', hash))).toBe(true)
    expect(await ledger.abort('G')).toBe(false)
    mishaps.push({ verb: 'create', prefix: 'groups/', tookEffect })
    expect(await ledger.abort('H')).toBe(true)
    expect(await ledger.seal(group('H', hash))).toBe(false)
  },
)

test('what is forgotten is so although the reply was lost', async () => {
  const { ledger, mishaps } = startLedger()
  await ledger.claim(hash, 'G', undefined)
  await ledger.seal(group('G', hash))
  mishaps.push({ verb: 'replace', prefix: 'claims/', tookEffect: true })
  expect(await ledger.forget(hash)).toBe(true)
})

test('of two that take over at once, one gets it', async () => {
  const { ledgerAt } = startLedger()
  await ledgerAt().claim(hash, 'G', undefined)
  await ledgerAt().abort('G')
  const both = await Promise.all(['H', 'I'].map((id) => ledgerAt().claim(hash, id, undefined)))
  expect(both.map(({ kind }) => kind).toSorted()).toEqual(['busy', 'claimed'])
})

test('a ledger that cannot be read is a failure of the system, not an empty one', async () => {
  const { ledger, mishaps } = startLedger()
  await ledger.claim(hash, 'G', undefined)
  for (let n = 0; n < 10_000; n++) mishaps.push({ verb: 'read', prefix: 'claims/', tookEffect: false })
  await expect(ledger.look(hash)).rejects.toMatchObject({ kind: 'system', code: 'ledger_unavailable' })
})
