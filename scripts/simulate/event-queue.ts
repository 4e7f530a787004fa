export interface Event {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** What is going to happen, the earliest first, in the order it was planned where times are the same. */
export class EventQueue {
  readonly #heap: Event[] = []
  #order = 0

  add(at: number, run: () => void): void {
    const heap = this.#heap
    const event = { at, order: this.#order++, run }
    let place = heap.push(event) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (before(heap[parent] as Event, event)) break
      heap[place] = heap[parent] as Event
      place = parent
    }
    heap[place] = event
  }

  /** Takes the next one. */
  next(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || heap.length === 0) return first
    let place = 0
    for (;;) {
      let child = place * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child++
      if (before(last, heap[child] as Event)) break
      heap[place] = heap[child] as Event
      place = child
    }
    heap[place] = last
    return first
  }
}

function before(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}
