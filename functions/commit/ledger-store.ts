/**
 * What the ledger needs of the bucket it is in: two conditional writes and a read. Any object store that honours
 * preconditions will do, such as Cloud Storage with ifGenerationMatch.
 *
 * An error (`LedgerStoreError`) says nothing about whether a write took effect.
 */
export interface LedgerStore {
  /** Writes an object that must not be there. */
  create(name: string, body: string): Promise<{ kind: 'written'; generation: string } | { kind: 'exists' }>
  /** Writes over exactly this generation of an object. */
  replace(
    name: string,
    body: string,
    generation: string,
  ): Promise<{ kind: 'written'; generation: string } | { kind: 'changed' }>
  /** The object as it is now; undefined when it is not there. Sees every write that was answered before. */
  read(name: string): Promise<Stored | undefined>
}

/** An object of the store. */
export interface Stored {
  readonly body: string
  readonly generation: string
  /** Milliseconds since it was written, by the store's clock, to a second or so. */
  readonly age: number
}

/** The store did not answer, or refused. */
export class LedgerStoreError extends Error {
  /** False when trying again cannot help: a permission is missing, the bucket is not there. */
  readonly retryable: boolean

  constructor(message: string, retryable: boolean, cause?: unknown) {
    super(message, { cause })
    this.name = 'LedgerStoreError'
    this.retryable = retryable
  }
}
