/** A call that was not answered in time. It may have taken effect all the same. */
export class DeadlineExceeded extends Error {
  constructor(what: string, millis: number) {
    super(`${what}: no answer within ${millis / 1000} s`)
    this.name = 'DeadlineExceeded'
  }
}

/**
 * Waits for a call, but not for ever. Clients have been seen to lose an answer and the error with it; a call that never
 * ends would keep its object from ever being tried again.
 * @throws DeadlineExceeded; a later answer is ignored.
 */
export async function withDeadline<T>(call: Promise<T>, millis: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineExceeded(what, millis)), millis)
  })
  try {
    return await Promise.race([call, late])
  } finally {
    clearTimeout(timer)
  }
}
