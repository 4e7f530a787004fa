/**
 * A process of the simulation. What happens to one that has died never reaches its code; one that is frozen learns of
 * it when it goes on.
 */
export class Process {
  readonly name: string
  /** Virtual time until which it stands still. */
  frozenUntil = 0
  #alive = true
  readonly #mourners = new Set<() => void>()

  constructor(name: string) {
    this.name = name
  }

  get alive(): boolean {
    return this.#alive
  }

  /** Has something happen when it dies. Gives the function that calls that off. */
  whenDead(run: () => void): () => void {
    this.#mourners.add(run)
    return () => this.#mourners.delete(run)
  }

  die(): void {
    this.#alive = false
    for (const run of this.#mourners) run()
  }
}
