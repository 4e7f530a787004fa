interface Peer {
  running: number
  readonly waiting: (() => void)[]
}

/**
 * The calls on each HTTP/2 connection, of which only so many run at once; the others wait their turn.
 *
 * The service names its limit in the settings of the connection, and it is the client that lets calls wait. Here they
 * wait on this side, which is the same to whoever calls: given such a setting, Node's server answers
 * RESOURCE_EXHAUSTED to a client that keeps to it, when it has not yet put away a call that ended.
 */
export class ConcurrentCalls {
  readonly #most: number
  readonly #peers = new Map<string, Peer>()

  constructor(most: number) {
    this.#most = most
  }

  /** Runs a call of a peer, the address of its end of the connection, when those before it leave room. */
  async run(peer: string, call: () => Promise<void>): Promise<void> {
    const calls = this.#peers.get(peer) ?? { running: 0, waiting: [] }
    this.#peers.set(peer, calls)
    if (calls.running < this.#most) calls.running += 1
    else await new Promise<void>((resolve) => calls.waiting.push(resolve))
    try {
      await call()
    } finally {
      this.#passOn(peer, calls)
    }
  }

  /** Gives the place of a call that has ended to the one that waits longest. */
  #passOn(peer: string, calls: Peer): void {
    const next = calls.waiting.shift()
    if (next) next()
    else calls.running -= 1
    if (calls.running === 0) this.#peers.delete(peer)
  }
}
