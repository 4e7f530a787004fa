/**
 * Tries of dead letters, written down in the ledger before they begin: `tries/<object>`.
 *
 * A load that kills its process gives no answer, and one that takes too long gives it too late. Its message comes back; as
 * a dead letter it would do so for as long as messages are kept. While a process works on it, the mark is kept young.
 *
 *   absent or closed --begin--> open, 1st try --end--> closed, with what came of it
 *   closed, this message set aside    say so again: the answer came too late, or was lost
 *   open and young                    another delivery is at it: come back later
 *   open and old, nth try             that one never came to an answer --begin--> open, n+1st try
 *   ... after the third               closed, set aside as `load_died`
 *
 * Three, because a process can be killed for reasons that are not the object's.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../model/clock.ts'
import { type FailureCode, failureCodes } from '../model/failure.ts'
import type { LedgerStore } from './ledger-store.ts'

const markSchema = z.object({
  id: z.string(),
  open: z.boolean(),
  tries: z.number(),
  /** The message whose object was found unfit to load, and why. */
  setAside: z.object({ message: z.string(), reason: z.enum(failureCodes), detail: z.string() }).optional(),
})

type Mark = z.infer<typeof markSchema>

/** Why an object cannot be loaded. */
export interface Reason {
  readonly reason: FailureCode
  readonly detail: string
}

/** A try that may begin, with how to record its end; or why it may not. */
export type LastTry =
  | { readonly kind: 'begun'; readonly end: (setAside: Reason | undefined) => Promise<void> }
  | ({ readonly kind: 'set_aside' } & Reason)
  | { readonly kind: 'under_way' }

interface Held {
  readonly name: string
  readonly mark: Mark
  generation: string
  ended: boolean
}

const mostTries = 3
const died: Reason = {
  reason: 'load_died',
  detail: 'no try of it came to an answer: it kills the function, or takes longer than a delivery may',
}
/** Milliseconds beyond the time for an answer: the request is ended then, and its work has been aborted. */
const margin = 60_000

export class LastTries {
  readonly #store: LedgerStore
  readonly #answerTimeMs: number
  readonly #clock: Pick<Clock, 'sleep'>

  /** @param answerTimeMs milliseconds a delivery has for its answer. */
  constructor(store: LedgerStore, answerTimeMs: number, clock: Pick<Clock, 'sleep'>) {
    this.#store = store
    this.#answerTimeMs = answerTimeMs
    this.#clock = clock
  }

  /** Begins a try of an object, by its name in the ledger, for a message. */
  async begin(hash: string, message: string): Promise<LastTry> {
    const name = `tries/${hash}`
    const found = await this.#store.read(name)
    const before = found && markSchema.parse(JSON.parse(found.body))
    if (before?.setAside?.message === message) return { kind: 'set_aside', ...before.setAside }
    if (found && before?.open) {
      if (found.age < this.#answerTimeMs + margin) return { kind: 'under_way' }
      if (before.tries >= mostTries) {
        const setAside = { message, ...died }
        const closed = { ...before, id: randomUUID(), open: false, setAside }
        const written = await this.#write(name, closed, found.generation)
        return written === undefined ? { kind: 'under_way' } : { kind: 'set_aside', ...died }
      }
    }
    const mark: Mark = { id: randomUUID(), open: true, tries: before?.open ? before.tries + 1 : 1 }
    const generation = await this.#write(name, mark, found?.generation)
    if (generation === undefined) return { kind: 'under_way' }
    const held = { name, mark, generation, ended: false }
    void this.#keep(held)
    return {
      kind: 'begun',
      end: async (why) => {
        held.ended = true
        const closed: Mark = { ...mark, open: false, ...(why && { setAside: { message, ...why } }) }
        await this.#write(name, closed, held.generation)
      },
    }
  }

  /** Keeps a mark young until its try has ended. Never rejects: one that cannot be written grows old. */
  async #keep(held: Held): Promise<void> {
    for (;;) {
      await this.#clock.sleep(this.#answerTimeMs / 3)
      if (held.ended) return
      const renewed = await this.#write(held.name, held.mark, held.generation).catch(() => undefined)
      if (renewed === undefined) return
      held.generation = renewed
    }
  }

  /** Writes over the generation, or anew. Gives the new one; undefined when another was faster. */
  async #write(name: string, mark: Mark, generation: string | undefined): Promise<string | undefined> {
    const body = JSON.stringify(mark)
    const written = await (generation === undefined
      ? this.#store.create(name, body)
      : this.#store.replace(name, body, generation))
    if (written.kind === 'written') return written.generation
    const found = await this.#store.read(name)
    if (!found || markSchema.parse(JSON.parse(found.body)).id !== mark.id) return undefined
    // Our own: this one, after a lost reply, or the one before, which was kept young meanwhile.
    return found.body === body ? found.generation : this.#write(name, mark, found.generation)
  }
}
