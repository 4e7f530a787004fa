/** A bounded amount of something, handed out in the order it was asked for. */
export class Semaphore {
  readonly #total: number
  readonly #waiting: { readonly amount: number; readonly give: () => void }[] = []
  #taken = 0

  constructor(total: number) {
    this.#total = total
  }

  /** Does the work with an amount in hand, and gives it back whatever comes of the work. */
  async holding<T>(amount: number, work: () => Promise<T>): Promise<T> {
    const release = await this.acquire(amount)
    try {
      return await work()
    } finally {
      release()
    }
  }

  /** Waits for an amount, cut to the total so that it can be had at all. Gives the function that returns it. */
  async acquire(amount: number): Promise<() => void> {
    const wanted = Math.min(amount, this.#total)
    if (this.#waiting.length > 0 || this.#taken + wanted > this.#total) {
      await new Promise<void>((give) => this.#waiting.push({ amount: wanted, give }))
    } else this.#taken += wanted
    let returned = false
    return () => {
      if (returned) return
      returned = true
      this.#taken -= wanted
      this.#handOut()
    }
  }

  #handOut(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      if (this.#taken + next.amount > this.#total) return
      this.#taken += next.amount
      this.#waiting.shift()
      next.give()
    }
  }
}
