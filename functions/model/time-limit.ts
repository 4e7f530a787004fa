import { type Context, createContext, Script } from 'node:vm'

let work: () => void = () => undefined
/** Made when first needed, one for the process: a context takes 10 ms to make. */
let watched: { readonly script: Script; readonly context: Context } | undefined

/**
 * Runs synchronous work that may never return, cutting it off after `millis` wherever it is, within a regular
 * expression too. Work that is cut off can catch nothing, and may leave what it was writing half written.
 *
 * V8 can end running code from another thread, and `node:vm` is where Node offers it: a script that calls back into
 * this context carries its time limit along. A call takes about 0.3 ms, for the thread that watches: so rows are
 * given by the thousand, and one at a time only to find the culprit. A worker thread in place of it would have to be
 * sent every row and its result as copies. Out of reach is what the work leaves behind, a timer or a promise.
 *
 * @returns whether the work came to its end. Throws what the work throws.
 */
export function withinTime(millis: number, limited: () => void): boolean {
  watched ??= { script: new Script('run()'), context: createContext({ run: () => work() }) }
  work = limited
  try {
    watched.script.runInContext(watched.context, { timeout: millis })
    return true
  } catch (error) {
    if (isTimeout(error)) return false
    throw error
  } finally {
    work = () => undefined
  }
}

/** The error is of the script's context, whose `Error` is not ours. */
function isTimeout(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}
