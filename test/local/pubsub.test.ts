import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { PubSub, v1 } from '@google-cloud/pubsub'
import { credentials } from '@grpc/grpc-js'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startPubSub } from '../../scripts/local/pubsub/start.ts'
import { pubsubContract } from './pubsub-contract.ts'
import { dataOf, startEndpoint } from './pubsub-endpoint.ts'

const processFile = join(import.meta.dirname, 'pubsub-process.ts')
const soon = { timeout: 15_000, interval: 5 }

describe('the local Pub/Sub', () => {
  pubsubContract(startPubSub)

  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pubsub-'))
    // Else every client looks for a metadata server for a while.
    vi.stubEnv('METADATA_SERVER_DETECTION', 'none')
    return async () => {
      vi.unstubAllEnvs()
      await rm(directory, { recursive: true })
    }
  })

  function clientOf(apiEndpoint: string) {
    const client = new PubSub({ projectId: 'p', apiEndpoint })
    onTestFinished(() => client.close())
    return client
  }

  async function startProcess(clockAheadMs = 0) {
    const child = spawn(process.execPath, [processFile, directory, String(clockAheadMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const exited = once(child, 'exit')
    const [address] = await once(createInterface(child.stdout), 'line')
    const kill = async () => {
      child.kill('SIGKILL')
      await exited
    }
    const [servicePath = '', port] = String(address).split(':')
    const sslCreds = credentials.createInsecure()
    const subscriber = new v1.SubscriberClient({ projectId: 'p', servicePath, port: Number(port), sslCreds })
    onTestFinished(() => subscriber.close())
    return { client: clientOf(String(address)), subscriber, kill }
  }

  it('loses nothing it has taken, and brings back nothing acknowledged, when it is killed', async () => {
    let answer: number | Promise<number> = new Promise<number>(() => undefined)
    const endpoint = await startEndpoint(() => answer)
    onTestFinished(() => endpoint.close())

    const first = await startProcess()
    const [topic] = await first.client.createTopic('source')
    await topic.createSubscription('loader', { pushEndpoint: endpoint.url, ackDeadlineSeconds: 600 })
    const { name: subscription } = (await topic.createSubscription('replay'))[0]
    for (const text of ['acknowledged', 'held', 'waiting'])
      await topic.publishMessage({ data: Buffer.from(text) })
    const [{ receivedMessages }] = await first.subscriber.pull({ subscription, maxMessages: 2 })
    await first.subscriber.acknowledge({ subscription, ackIds: [receivedMessages?.[0]?.ackId ?? ''] })
    await vi.waitFor(() => expect(endpoint.received).toHaveLength(3), soon)
    await first.kill()
    answer = 200

    const second = await startProcess(60_000)
    const replayed = new Set<string>()
    await vi.waitFor(async () => {
      const [pulled] = await second.subscriber.pull({ subscription, maxMessages: 10 })
      for (const { message } of pulled.receivedMessages ?? []) replayed.add(String(message?.data))
      expect(replayed.size).toBe(2)
    }, soon)
    expect([...replayed].sort()).toEqual(['held', 'waiting'])
    const pushed = ['acknowledged', 'held', 'waiting']
    await vi.waitFor(() => expect(endpoint.received.slice(3).map(dataOf).sort()).toEqual(pushed), soon)
  })

  it('tells how far a subscription is behind', async () => {
    const service = await startPubSub({ directory, clock: () => 1_000_000 })
    onTestFinished(() => service.stop())
    const [topic] = await clientOf(service.environment['PUBSUB_EMULATOR_HOST'] ?? '').createTopic('source')
    const { name } = (await topic.createSubscription('loader'))[0]
    expect(service.backlog(name)).toEqual({ undelivered: 0, outstanding: 0 })
    await topic.publishMessage({ data: Buffer.from('a') })
    expect(service.backlog(name)).toEqual({
      undelivered: 1,
      outstanding: 0,
      oldestPublishedAt: new Date(1_000_000),
    })
    expect(() => service.backlog('projects/p/subscriptions/none')).toThrow(/not found/)
  })

  it('says which port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    onTestFinished(() => void taken.close())
    const address = taken.address()
    const port = typeof address === 'object' ? address?.port : 0
    await expect(startPubSub({ directory, port: port ?? 0 })).rejects.toThrow(
      `port ${port} is in use (Pub/Sub): stop what uses it or choose another`,
    )
  })

  it('stops at once though pushes and streams are open, and starts again where it was', async () => {
    let held = true
    const never = new Promise<number>(() => undefined)
    const endpoint = await startEndpoint(() => (held ? never : 200))
    onTestFinished(() => endpoint.close())
    const service = await startPubSub({ directory })
    const [topic] = await clientOf(service.environment['PUBSUB_EMULATOR_HOST'] ?? '').createTopic('source')
    await topic.createSubscription('loader', { pushEndpoint: endpoint.url, ackDeadlineSeconds: 600 })
    await topic.publishMessage({ data: Buffer.from('in flight') })
    await vi.waitFor(() => expect(endpoint.received).toHaveLength(1), soon)
    const before = Date.now()
    await service.stop()
    await service.stop()
    expect(Date.now() - before).toBeLessThan(1000)
    held = false
    const again = await startPubSub({ directory })
    onTestFinished(() => again.stop())
    await vi.waitFor(() => expect(endpoint.received.map(dataOf)).toEqual(['in flight', 'in flight']), soon)
  })
})
