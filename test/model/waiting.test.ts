import { describe, expect, test } from 'vitest'
import { CircuitBreaker } from '../../functions/model/circuit-breaker.ts'
import { withDeadline } from '../../functions/model/deadline.ts'
import { forEachLimited } from '../../functions/model/limited.ts'
import { retrying, TryAgain } from '../../functions/model/retry.ts'
import { Semaphore } from '../../functions/model/semaphore.ts'

function fakeClock(random = 0.999) {
  const clock = {
    time: 0,
    slept: [] as number[],
    now: () => clock.time,
    sleep: async (millis: number) => {
      clock.time += millis
      clock.slept.push(Math.round(millis))
    },
    random: () => random,
  }
  return clock
}

describe('retrying', () => {
  const retry = { firstDelayMs: 100, longestDelayMs: 1_000, deadlineMs: 5_000 }
  const never = async () => new TryAgain(new Error('not yet'))

  test('waits longer each time, then no longer than the longest, and ends at the deadline', async () => {
    const clock = fakeClock()
    await expect(retrying({ retry, clock }, never)).rejects.toThrow('not yet')
    expect(clock.slept).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000])
    expect(clock.time).toBeLessThanOrEqual(retry.deadlineMs)
  })

  test('counts the time that tries take, the first too', async () => {
    const clock = fakeClock()
    const slow = async () => {
      clock.time += 4_950
      return never()
    }
    await expect(retrying({ retry, clock }, slow)).rejects.toThrow('not yet')
    expect(clock.slept).toEqual([])
  })

  test('chance takes up to half off each wait', async () => {
    const clock = fakeClock(0)
    const answers = [new TryAgain('not yet'), 'there']
    expect(await retrying({ retry, clock }, async () => answers.shift())).toBe('there')
    expect(clock.slept).toEqual([50])
  })

  test('waits as many times longer as a try asks for', async () => {
    const clock = fakeClock()
    const answers = [new TryAgain('not yet', 5), 'there']
    await retrying({ retry, clock }, async () => answers.shift())
    expect(clock.slept).toEqual([500])
  })

  test('what a try throws is thrown at once', async () => {
    const clock = fakeClock()
    await expect(
      retrying({ retry, clock }, async () => {
        throw new Error('for good')
      }),
    ).rejects.toThrow('for good')
    expect(clock.slept).toEqual([])
  })
})

describe('a semaphore', () => {
  test('hands out in order, and what is more than all is all', async () => {
    const semaphore = new Semaphore(10)
    const order: string[] = []
    const big = await semaphore.acquire(1_000)
    const take = async (name: string, amount: number) => {
      const give = await semaphore.acquire(amount)
      order.push(name)
      return give
    }
    const waiting = [take('first', 6), take('second', 6), take('third', 1)]
    big()
    const first = await waiting[0]
    expect(order).toEqual(['first'])
    first?.()
    first?.()
    await Promise.all(waiting)
    expect(order).toEqual(['first', 'second', 'third'])
  })
})

describe('a circuit breaker', () => {
  test('leaves a dependency alone after five failures, then lets one try', () => {
    const clock = fakeClock()
    const breaker = new CircuitBreaker('the store', clock)
    for (let n = 0; n < 5; n++) {
      breaker.throwIfOpen()
      breaker.failed()
    }
    expect(() => breaker.throwIfOpen()).toThrow('the store failed 5 times in a row: left alone for 30 s')
    clock.time += 30_000
    breaker.throwIfOpen()
    expect(() => breaker.throwIfOpen()).toThrow('left alone')
    breaker.succeeded()
    breaker.throwIfOpen()
    breaker.throwIfOpen()
  })
})

describe('limited work', () => {
  test('runs so many at once and ends with the first failure, after what is under way', async () => {
    let running = 0
    let most = 0
    const done: number[] = []
    const work = async (n: number) => {
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running -= 1
      if (n === 4) throw new Error('the fourth')
      done.push(n)
    }
    await expect(forEachLimited([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, work)).rejects.toThrow('the fourth')
    expect(most).toBe(3)
    expect(running).toBe(0)
    expect(done).toEqual(expect.arrayContaining([1, 2, 3]))
    expect(done).not.toContain(9)
  })
})

describe('a deadline', () => {
  test('passes on an answer, and an error', async () => {
    expect(await withDeadline(Promise.resolve(1), 1_000, 'a call')).toBe(1)
    await expect(withDeadline(Promise.reject(new Error('refused')), 1_000, 'a call')).rejects.toThrow(
      'refused',
    )
  })

  test('ends the wait for a call that never ends, and lets go of what comes later', async () => {
    const { promise, reject } = Promise.withResolvers<void>()
    await expect(withDeadline(promise, 20, 'a call')).rejects.toThrow('a call: no answer within 0.02 s')
    reject(new Error('nobody listens'))
    await new Promise(setImmediate)
  })
})
