/** GoogleSQL that real BigQuery may run and this stand-in does not. */
export class Untranslatable extends Error {
  override readonly name = 'Untranslatable'

  constructor(construct: string, advice?: string) {
    super(
      `The local stand-in of BigQuery does not translate ${construct}. ` +
        `${advice ?? 'Real BigQuery may well run it'}; locally, stop the bridge and open the DuckDB file directly.`,
    )
  }
}

/** A statement that real BigQuery refuses as well, in BigQuery's words. */
export class InvalidQuery extends Error {
  override readonly name = 'InvalidQuery'
}

/** A statement that names something which does not exist. */
export class NotFoundInQuery extends Error {
  override readonly name = 'NotFoundInQuery'
}
