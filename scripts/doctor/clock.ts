import type { About } from './about.ts'
import { type Check, type Finding, fail, NotChecked, pass, warn } from './check.ts'
import { shortMessage } from './trouble.ts'

const minute = 60_000
/** AWS refuses signatures 15 minutes off: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html [2026-11] */
const limits = { warn: minute, fail: 5 * minute }

/** The clock of this machine against one that is right, by the Date header of an answer. */
export function clockChecks({ clients, bridge, now }: About): Check[] {
  const { addresses } = clients
  const places = {
    AWS: addresses.sts ?? `https://sts.${bridge.aws.region}.amazonaws.com/`,
    Google: addresses.storage ?? 'https://storage.googleapis.com/',
  }
  return Object.entries(places).map(([whose, address]) => ({
    group: 'identity',
    what: `clock, against ${whose}'s`,
    asks: `HTTP to ${address}`,
    make: `let this machine reach ${address}`,
    run: async () => {
      const before = now()
      const reply = await fetch(address, { method: 'HEAD' }).catch((error: unknown) => {
        throw new NotChecked(
          `${address} does not answer: ${shortMessage(error)}`,
          `let this machine reach it, or compare date -u with a clock you trust`,
        )
      })
      const answered = Date.parse(reply.headers.get('date') ?? '')
      // The header has whole seconds, cut off.
      return judgeClock((before + now()) / 2 - (answered + 500))
    },
  }))
}

/** @param ahead milliseconds this clock is ahead. */
export function judgeClock(ahead: number): Finding {
  const seconds = Math.round(Math.abs(ahead) / 1000)
  const how = `${seconds} s ${ahead < 0 ? 'behind' : 'ahead'}`
  const fix = 'set this clock by NTP (timedatectl set-ntp true): AWS refuses what is signed 15 minutes off'
  if (Number.isNaN(ahead))
    return warn('the answer had no Date header', 'compare `date -u` with a clock you trust')
  if (Math.abs(ahead) > limits.fail) return fail(how, fix)
  if (Math.abs(ahead) > limits.warn) return warn(how, fix)
  return pass(seconds === 0 ? 'right to the second' : how)
}
