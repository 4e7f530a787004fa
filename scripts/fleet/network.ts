import { World } from '../simulate/world.ts'

/** Milliseconds a message takes one way, in the middle; a few in a hundred take five times as long. */
const median = 40
const spread = 0.7

/**
 * Virtual time with a network like that between a function and the services of its region: a call takes some 80 ms as a
 * rule and half a second now and then. Nothing goes wrong.
 */
export class Network extends World {
  override latency(): number {
    // Log-normal, by Box and Muller's transform of two even draws.
    const normal = Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random())
    return median * Math.exp(spread * normal)
  }
}
