/** A command cannot do its job, for a reason the person who typed it can mend. Shown without a stack; exit code 1. */
export class CommandError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'CommandError'
  }
}
