import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CreateSubscriptionOptions, type Message, PubSub, v1 } from '@google-cloud/pubsub'
import { credentials, status } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { FaultPlanInput } from '../../scripts/local/faults.ts'
import type { LocalService } from '../../scripts/local/service.ts'
import { dataOf, startEndpoint } from './pubsub-endpoint.ts'

export interface StartOptions {
  readonly directory: string
  readonly faults?: FaultPlanInput
  readonly clock?: () => number
}

const subscription = 'projects/p/subscriptions/loader'
const soon = { timeout: 15_000, interval: 5 }
const fastRetry = { minimumBackoff: { nanos: 1_000_000 }, maximumBackoff: { nanos: 2_000_000 } }

type FaultRule = FaultPlanInput['rules'][number]
const fault = (kind: FaultRule['kind'], call: string, atMost?: number): FaultPlanInput => ({
  seed: 1,
  rules: [{ service: 'pubsub', kind, probability: 1, calls: [call], ...(atMost ? { atMost } : {}) }],
})

/** What any Pub/Sub the bridge runs on must do, seen through the official client and real endpoints. */
export function pubsubContract(start: (options: StartOptions) => Promise<LocalService>): void {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pubsub-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  async function run(options: Omit<StartOptions, 'directory'> = {}) {
    const service = await start({ directory, ...options })
    onTestFinished(() => service.stop())
    const host = service.environment['PUBSUB_EMULATOR_HOST'] ?? ''
    vi.stubEnv('PUBSUB_EMULATOR_HOST', host)
    // Else every client looks for a metadata server for a while.
    vi.stubEnv('METADATA_SERVER_DETECTION', 'none')
    const client = new PubSub({ projectId: 'p' })
    onTestFinished(async () => {
      await client.close()
      vi.unstubAllEnvs()
    })
    const [servicePath, port] = host.split(':')
    const subscriber = new v1.SubscriberClient({
      projectId: 'p',
      servicePath: servicePath ?? '',
      port: Number(port),
      sslCreds: credentials.createInsecure(),
    })
    onTestFinished(() => subscriber.close())
    const pull = async (maxMessages = 10, name = subscription) => {
      const [{ receivedMessages }] = await subscriber.pull({
        subscription: name,
        maxMessages,
        returnImmediately: true,
      })
      return (receivedMessages ?? []).map(({ ackId, deliveryAttempt, message }) => ({
        ackId: ackId ?? '',
        deliveryAttempt,
        id: message?.messageId,
        text: String(message?.data),
        attributes: message?.attributes,
      }))
    }
    return { service, client, subscriber, pull }
  }

  /** Runs a service with one topic and one subscription. */
  async function runWith(
    subscriptionOptions: CreateSubscriptionOptions = {},
    options: Parameters<typeof run>[0] = {},
  ) {
    const running = await run(options)
    const [topic] = await running.client.createTopic('source')
    const [loader] = await topic.createSubscription('loader', subscriptionOptions)
    const publish = (text: string, attributes = {}) =>
      topic.publishMessage({ data: Buffer.from(text), attributes })
    return { ...running, topic, loader, publish }
  }

  async function endpoint(...parameters: Parameters<typeof startEndpoint>) {
    const started = await startEndpoint(...parameters)
    onTestFinished(() => started.close())
    return started
  }

  describe('topics and subscriptions', () => {
    it('keeps topics apart by name', async () => {
      const { client } = await run()
      await client.createTopic('source')
      await client.createTopic('dead')
      await expect(client.createTopic('source')).rejects.toMatchObject({ code: status.ALREADY_EXISTS })
      await client.topic('dead').delete()
      await expect(client.topic('dead').getMetadata()).rejects.toMatchObject({ code: status.NOT_FOUND })
      const [topics] = await client.getTopics()
      expect(topics.map(({ name }) => name)).toEqual(['projects/p/topics/source'])
    })

    it('reads back a subscription with the defaults filled in, and changes what may change', async () => {
      const { loader, topic } = await runWith({ filter: 'attributes:app' })
      const [created] = await loader.getMetadata()
      expect(created).toMatchObject({
        name: subscription,
        topic: 'projects/p/topics/source',
        ackDeadlineSeconds: 10,
        messageRetentionDuration: { seconds: '604800' },
        filter: 'attributes:app',
      })
      await loader.setMetadata({ ackDeadlineSeconds: 600, labels: { team: 'data' } })
      expect((await loader.getMetadata())[0]).toMatchObject({
        ackDeadlineSeconds: 600,
        labels: { team: 'data' },
        filter: 'attributes:app',
      })
      const [subscriptions] = await topic.getSubscriptions()
      expect(subscriptions.map(({ name }) => name)).toEqual([subscription])
    })

    it('leaves subscriptions behind when their topic goes', async () => {
      const { loader, topic, publish, pull } = await runWith()
      await publish('kept')
      await topic.delete()
      expect((await loader.getMetadata())[0]).toMatchObject({ topic: '_deleted-topic_' })
      expect((await pull()).map(({ text }) => text)).toEqual(['kept'])
    })

    it.each<[string, CreateSubscriptionOptions, status]>([
      ['a short ack deadline', { ackDeadlineSeconds: 9 }, status.INVALID_ARGUMENT],
      ['a broken filter', { filter: 'attributes.a = b' }, status.INVALID_ARGUMENT],
      ['a long retention', { messageRetentionDuration: 32 * 86_400 }, status.INVALID_ARGUMENT],
      ['an endpoint that is no URL', { pushEndpoint: 'functions' }, status.INVALID_ARGUMENT],
      [
        'too few attempts',
        { deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/source', maxDeliveryAttempts: 4 } },
        status.INVALID_ARGUMENT,
      ],
      [
        'an unknown dead letter topic',
        { deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/none' } },
        status.NOT_FOUND,
      ],
      ['ordering', { enableMessageOrdering: true }, status.UNIMPLEMENTED],
    ])('refuses a subscription with %s', async (_, options, code) => {
      const { client } = await run()
      const [topic] = await client.createTopic('source')
      await expect(topic.createSubscription('loader', options)).rejects.toMatchObject({ code })
      expect((await client.getSubscriptions())[0]).toEqual([])
    })

    it('refuses to change a filter', async () => {
      const { subscriber } = await runWith({ filter: 'attributes:app' })
      const change = { subscription: { name: subscription, filter: '' }, updateMask: { paths: ['filter'] } }
      await expect(subscriber.updateSubscription(change)).rejects.toMatchObject({
        code: status.INVALID_ARGUMENT,
      })
    })

    it('says that it cannot seek', async () => {
      const { subscriber } = await runWith()
      const seek = subscriber.seek({ subscription, time: { seconds: 1 } })
      await expect(seek).rejects.toMatchObject({ code: status.UNIMPLEMENTED })
    })
  })

  describe('publishing', () => {
    it('gives every message an id of its own and every subscription its copy', async () => {
      const { topic, publish, pull } = await runWith()
      await topic.createSubscription('audit')
      const ids = [await publish('one'), await publish('two')]
      expect(new Set(ids).size).toBe(2)
      expect((await pull()).map(({ id }) => id)).toEqual(ids)
      expect((await pull(10, 'projects/p/subscriptions/audit')).map(({ id }) => id)).toEqual(ids)
    })

    it('takes a message of attributes only, refuses an empty one', async () => {
      const { topic, pull } = await runWith()
      await topic.publishMessage({ attributes: { eventType: 'OBJECT_FINALIZE' } })
      await expect(topic.publishMessage({ data: Buffer.alloc(0) })).rejects.toMatchObject({
        code: status.INVALID_ARGUMENT,
      })
      expect((await pull()).map(({ attributes }) => attributes)).toEqual([{ eventType: 'OBJECT_FINALIZE' }])
    })

    it('carries 9 MB and refuses more than 10 MB', async () => {
      const { topic, pull } = await runWith()
      await expect(topic.publishMessage({ data: Buffer.alloc(10_000_001) })).rejects.toMatchObject({
        code: status.INVALID_ARGUMENT,
      })
      await topic.publishMessage({ data: Buffer.alloc(9_000_000, 'a') })
      expect((await pull()).map(({ text }) => text.length)).toEqual([9_000_000])
    })

    it('delivers only what the filter passes', async () => {
      const { publish, pull } = await runWith({ filter: 'attributes.eventType = "OBJECT_FINALIZE"' })
      await publish('deleted', { eventType: 'OBJECT_DELETE' })
      await publish('finalized', { eventType: 'OBJECT_FINALIZE' })
      expect((await pull()).map(({ text }) => text)).toEqual(['finalized'])
    })
  })

  describe('pulling', () => {
    it('waits for a message to come', async () => {
      const { subscriber, publish, service } = await runWith()
      const waiting = subscriber.pull({ subscription, maxMessages: 1 })
      await vi.waitFor(() => expect(service.calls()).toMatchObject({ Pull: 1 }), soon)
      await publish('late')
      const [{ receivedMessages }] = await waiting
      expect(String(receivedMessages?.[0]?.message?.data)).toBe('late')
    })

    it('delivers again what was given back or held past its deadline, never what was acknowledged', async () => {
      let now = Date.now()
      const { subscriber, publish, pull } = await runWith({ retryPolicy: fastRetry }, { clock: () => now })
      for (const text of ['acknowledged', 'given back', 'forgotten', 'extended']) await publish(text)
      const [acknowledged, givenBack, , extended] = await pull()
      await subscriber.acknowledge({ subscription, ackIds: [acknowledged?.ackId ?? ''] })
      const modify = (ackId = '', ackDeadlineSeconds: number) =>
        subscriber.modifyAckDeadline({ subscription, ackIds: [ackId], ackDeadlineSeconds })
      await modify(givenBack?.ackId, 0)
      await modify(extended?.ackId, 60)
      expect(await pull()).toEqual([])
      now += 5
      expect((await pull()).map(({ text }) => text)).toEqual(['given back'])
      now += 9_990
      expect(await pull()).toEqual([])
      now += 11_000
      await pull()
      now += 5
      expect((await pull()).map(({ text }) => text).sort()).toEqual(['forgotten', 'given back'])
    })

    it('passes over an acknowledgement that comes too late', async () => {
      let now = Date.now()
      const { subscriber, publish, pull } = await runWith({ retryPolicy: fastRetry }, { clock: () => now })
      await publish('slow')
      const [first] = await pull()
      now += 11_000
      await pull()
      now += 5
      const [second] = await pull()
      await subscriber.acknowledge({ subscription, ackIds: [first?.ackId ?? ''] })
      await subscriber.modifyAckDeadline({
        subscription,
        ackIds: [second?.ackId ?? ''],
        ackDeadlineSeconds: 0,
      })
      now += 5
      expect((await pull()).map(({ text }) => text)).toEqual(['slow'])
    })

    it('backs off further with every attempt, up to the maximum', async () => {
      let now = Date.now()
      const retryPolicy = { minimumBackoff: { seconds: 10 }, maximumBackoff: { seconds: 25 } }
      const { subscriber, publish, pull } = await runWith({ retryPolicy }, { clock: () => now })
      await publish('again')
      for (const seconds of [10, 20, 25, 25]) {
        const [{ ackId } = { ackId: '' }] = await pull()
        await subscriber.modifyAckDeadline({ subscription, ackIds: [ackId], ackDeadlineSeconds: 0 })
        now += seconds * 1000 - 1
        expect(await pull()).toEqual([])
        now += 1
      }
    })

    it('drops what outlives the retention', async () => {
      let now = Date.now()
      const { publish, pull } = await runWith({ messageRetentionDuration: 31 * 86_400 }, { clock: () => now })
      await publish('old')
      now += 30 * 86_400_000
      await publish('new')
      now += 86_400_000
      expect((await pull()).map(({ text }) => text)).toEqual(['new'])
    })

    it('feeds a listener of the official client, which acknowledges and gives back', async () => {
      const { loader, publish, pull, service } = await runWith({ retryPolicy: fastRetry })
      await Promise.all(Array.from({ length: 250 }, (_, index) => publish(String(index))))
      const seen = new Map<string, number>()
      loader.on('message', (message: Message) => {
        const text = String(message.data)
        seen.set(text, (seen.get(text) ?? 0) + 1)
        if (text === '7' && seen.get(text) === 1) message.nack()
        else message.ack()
      })
      await vi.waitFor(() => expect([seen.size, seen.get('7')]).toEqual([250, 2]), soon)
      await loader.close()
      expect([...seen].filter(([text, times]) => times > 1 && text !== '7')).toEqual([])
      expect(service.calls()['Acknowledge']).toBeGreaterThan(0)
      expect(await pull()).toEqual([])
    })

    it('hands a stream no more than it asks for', async () => {
      const { client, publish } = await runWith()
      for (const text of ['a', 'b', 'c', 'd']) await publish(text)
      const held: Message[] = []
      const loader = client.subscription('loader', {
        flowControl: { maxMessages: 2 },
        streamingOptions: { maxStreams: 1 },
      })
      loader.on('message', (message: Message) => held.push(message))
      await vi.waitFor(() => expect(held.length).toBe(2), soon)
      held[0]?.ack()
      await vi.waitFor(() => expect(held.length).toBe(3), soon)
      for (const message of held) message.ack()
      await vi.waitFor(() => expect(held.map(({ data }) => String(data))).toEqual(['a', 'b', 'c', 'd']), soon)
      held[3]?.ack()
      await loader.close()
    })
  })

  describe('pushing', () => {
    it('posts the wrapped message and takes 2xx as the acknowledgement', async () => {
      const { url, received } = await endpoint(() => 204)
      const { publish, service } = await runWith({
        pushConfig: { pushEndpoint: url, oidcToken: { serviceAccountEmail: 'pusher@p', audience: 'loader' } },
      })
      const id = await publish('{"size":"1"}', { eventType: 'OBJECT_FINALIZE' })
      await vi.waitFor(() => expect(received).toHaveLength(1), soon)
      const { path, headers, body } = received[0] ?? {}
      expect(path).toBe('/projects/p/topics/source')
      expect(body).toEqual({
        subscription,
        message: {
          data: Buffer.from('{"size":"1"}').toString('base64'),
          attributes: { eventType: 'OBJECT_FINALIZE' },
          messageId: id,
          message_id: id,
          publishTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          publish_time: body?.message.publishTime,
        },
      })
      const claims = Buffer.from(headers?.authorization?.split('.')[1] ?? '', 'base64url').toString()
      expect(JSON.parse(claims)).toMatchObject({ aud: 'loader', email: 'pusher@p' })
      expect(service.calls()).toMatchObject({ push: 1 })
    })

    it('posts again until acknowledged', async () => {
      const { url, received } = await endpoint((_, index) => [500, 429, 302, 201][index] ?? 400)
      const { publish, service } = await runWith({ pushEndpoint: url, retryPolicy: fastRetry })
      await publish('first')
      await vi.waitFor(() => expect(received).toHaveLength(4), soon)
      await publish('second')
      await vi.waitFor(() => expect(received.map(dataOf)).toContain('second'), soon)
      expect(received.slice(0, 4).map(dataOf)).toEqual(['first', 'first', 'first', 'first'])
      expect(new Set(received.slice(4).map(dataOf))).toEqual(new Set(['second']))
      expect(service.calls()['push']).toBeGreaterThanOrEqual(5)
    })

    it('posts again when the ack deadline passes without an answer', async () => {
      let now = Date.now()
      const never = new Promise<number>(() => undefined)
      const { url, received, cutOff } = await endpoint((_, index) => (index === 0 ? never : 200))
      const { publish } = await runWith({ pushEndpoint: url, retryPolicy: fastRetry }, { clock: () => now })
      await publish('slow')
      await vi.waitFor(() => expect(received).toHaveLength(1), soon)
      now += 10_001
      await publish('next')
      now += 10
      await vi.waitFor(() => expect(received.map(dataOf).sort()).toEqual(['next', 'slow', 'slow']), soon)
      await vi.waitFor(() => expect(cutOff.map(dataOf)).toEqual(['slow']), soon)
    })

    it('pushes on when an endpoint that was down is back', async () => {
      const target = await endpoint(() => 200)
      await target.close()
      const { publish, service } = await runWith({ pushEndpoint: target.url })
      await publish('patient')
      await vi.waitFor(() => expect(service.calls()['push']).toBeGreaterThan(1), soon)
      await target.listenAgain()
      await vi.waitFor(() => expect(target.received.map(dataOf)).toEqual(['patient']), soon)
    })

    it('starts with few pushes at once and grows with each success', async () => {
      const answers: (() => void)[] = []
      const { url, received } = await endpoint(() => new Promise((done) => answers.push(() => done(200))))
      const { publish, pull, service, topic } = await runWith({ pushEndpoint: url })
      await topic.createSubscription('audit')
      await Promise.all(Array.from({ length: 20 }, (_, index) => publish(String(index))))
      await vi.waitFor(() => expect(received).toHaveLength(10), soon)
      await pull(20, 'projects/p/subscriptions/audit')
      expect(service.calls()).toMatchObject({ push: 10 })
      answers[0]?.()
      await vi.waitFor(() => expect(received).toHaveLength(12), soon)
      await pull(20, 'projects/p/subscriptions/audit')
      expect(service.calls()).toMatchObject({ push: 12 })
    })

    it('can be pulled once its endpoint is taken away, and pushes again with a new one', async () => {
      const { url, received } = await endpoint(() => 200)
      const { loader, publish, pull } = await runWith({ pushEndpoint: url })
      await loader.modifyPushConfig({ pushEndpoint: '' })
      await publish('paused')
      expect((await pull()).map(({ text }) => text)).toEqual(['paused'])
      await publish('waiting')
      await loader.modifyPushConfig({ pushEndpoint: url })
      await vi.waitFor(() => expect(received.map(dataOf)).toEqual(['waiting']), soon)
    })

    it('sends a message to the dead letter topic after the last attempt', async () => {
      const { url, received } = await endpoint(() => 500)
      let shift = 0
      const { client, subscriber, pull } = await run({ clock: () => Date.now() + shift })
      const [dead] = await client.createTopic('dead')
      const { name: graveyard } = (await dead.createSubscription('graveyard'))[0]
      const [topic] = await client.createTopic('source')
      await topic.createSubscription('loader', {
        pushEndpoint: url,
        retryPolicy: fastRetry,
        deadLetterPolicy: { deadLetterTopic: dead.name, maxDeliveryAttempts: 5 },
      })
      await topic.publishMessage({ data: Buffer.from('poison'), attributes: { app: 'a' } })
      const letters = await vi.waitFor(async () => {
        const pulled = await pull(1, graveyard)
        expect(pulled).toHaveLength(1)
        return pulled
      }, soon)
      expect(received.map(({ body }) => body.deliveryAttempt)).toEqual([1, 2, 3, 4, 5])
      expect(letters).toMatchObject([
        {
          text: 'poison',
          attributes: {
            app: 'a',
            CloudPubSubDeadLetterSourceDeliveryCount: '5',
            CloudPubSubDeadLetterSourceSubscription: 'loader',
            CloudPubSubDeadLetterSourceSubscriptionProject: 'p',
            CloudPubSubDeadLetterSourceTopicPublishTime: received[0]?.body.message.publishTime,
          },
        },
      ])
      await subscriber.acknowledge({ subscription: graveyard, ackIds: letters.map(({ ackId }) => ackId) })
      shift += 60_000
      await topic.publishMessage({ data: Buffer.from('long after its deadline') })
      await vi.waitFor(() => expect(received.map(dataOf)).toContain('long after its deadline'), soon)
      expect((await pull(10, graveyard)).map(({ text }) => text)).not.toContain('poison')
      expect(received.filter((pushed) => dataOf(pushed) === 'poison')).toHaveLength(5)
    })

    it('cannot be pulled', async () => {
      const { url } = await endpoint(() => 200)
      const { pull } = await runWith({ pushEndpoint: url })
      await expect(pull()).rejects.toMatchObject({ code: status.FAILED_PRECONDITION })
    })
  })

  describe('faults', () => {
    it('duplicates a delivery under the same id, though the first was acknowledged', async () => {
      const { url, received } = await endpoint(() => 200)
      const { publish } = await runWith({ pushEndpoint: url }, { faults: fault('duplicate', 'push') })
      const id = await publish('twice')
      await vi.waitFor(
        () => expect(received.map(({ body }) => body.message.messageId)).toEqual([id, id]),
        soon,
      )
    })

    it('duplicates what is pulled', async () => {
      const { subscriber, publish, pull } = await runWith({}, { faults: fault('duplicate', 'Pull') })
      const id = await publish('twice')
      const [first] = await pull()
      await subscriber.acknowledge({ subscription, ackIds: [first?.ackId ?? ''] })
      expect([first?.id, ...(await pull()).map((again) => again.id)]).toEqual([id, id])
    })

    it('delivers a held back message after later ones', async () => {
      const { url, received } = await endpoint(() => 200)
      const { publish } = await runWith({ pushEndpoint: url }, { faults: fault('reorder', 'push', 1) })
      await publish('first')
      await publish('second')
      await vi.waitFor(() => expect(received.map(dataOf)).toEqual(['second', 'first']), soon)
    })

    it('pushes again when the answer is lost', async () => {
      const { url, received } = await endpoint(() => 200)
      const { publish } = await runWith({ pushEndpoint: url }, { faults: fault('drop-reply', 'push', 1) })
      await publish('again')
      await vi.waitFor(() => expect(received.map(dataOf)).toEqual(['again', 'again']), soon)
    })

    it('cuts streams, and the official client still gets everything', async () => {
      const { loader, publish } = await runWith(
        { retryPolicy: fastRetry },
        { faults: fault('fail', 'StreamingPull', 2) },
      )
      const seen = new Set<string>()
      loader.on('message', (message: Message) => {
        seen.add(String(message.data))
        message.ack()
      })
      for (const text of ['a', 'b', 'c']) await publish(text)
      await vi.waitFor(() => expect([...seen].sort()).toEqual(['a', 'b', 'c']), soon)
      await loader.close()
    })

    it('fails a publish without effect, and loses the reply of one that took effect', async () => {
      const { publish, pull, service } = await runWith(
        {},
        {
          faults: {
            seed: 1,
            rules: [
              { service: 'pubsub', kind: 'fail', probability: 1, calls: ['Publish'], atMost: 1 },
              { service: 'pubsub', kind: 'drop-reply', probability: 1, calls: ['Publish'], atMost: 2 },
            ],
          },
        },
      )
      await publish('retried by the client')
      expect(service.calls()).toMatchObject({ Publish: 3 })
      expect(await pull()).toHaveLength(2)
    })
  })
}
