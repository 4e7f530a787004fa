import { expect, test, vi } from 'vitest'
import { openBench, type Start } from './gcs-bench.ts'
import { startPublisher } from './gcs-publisher.ts'

/** What Pub/Sub gets. */
export function notificationContract(start: Start): void {
  test('every change is published as its configuration says', async () => {
    const { endpoint, published } = await startPublisher()
    const { bucket } = await openBench(start, endpoint)
    const [all] = await bucket.createNotification('projects/p/topics/all', {
      customAttributes: { lane: 'fast' },
    })
    await bucket.createNotification('projects/p/topics/logs', {
      eventTypes: ['OBJECT_FINALIZE'],
      objectNamePrefix: 'logs/',
      payloadFormat: 'NONE',
    })
    await bucket.file('logs/ü 1').save('one', { resumable: false })
    const [{ generation: first }] = await bucket.file('logs/ü 1').getMetadata()
    await bucket.file('logs/ü 1').save('two', { resumable: false })
    const [resource] = await bucket.file('logs/ü 1').getMetadata()
    await bucket.file('logs/ü 1').setMetadata({ metadata: { seen: 'yes' } })
    await bucket.file('logs/ü 1').copy('other')
    await bucket.file('other').delete()
    await vi.waitFor(() => expect(published).toHaveLength(8), { timeout: 10_000 })

    const received = (topic: string) =>
      published
        .filter((message) => message.topic === `projects/p/topics/${topic}`)
        .map(({ attributes }) => `${attributes['eventType']} ${attributes['objectId']}`)
        .sort()
    expect(received('logs')).toEqual(['OBJECT_FINALIZE logs/ü 1', 'OBJECT_FINALIZE logs/ü 1'])
    expect(received('all')).toEqual([
      'OBJECT_DELETE logs/ü 1',
      'OBJECT_DELETE other',
      'OBJECT_FINALIZE logs/ü 1',
      'OBJECT_FINALIZE logs/ü 1',
      'OBJECT_FINALIZE other',
      'OBJECT_METADATA_UPDATE logs/ü 1',
    ])
    const replacing = published.filter(({ attributes }) => attributes['overwroteGeneration'])
    const withData = replacing.find(({ data }) => data !== '')
    expect(withData?.attributes).toEqual({
      notificationConfig: `projects/_/buckets/landing/notificationConfigs/${all.id}`,
      eventType: 'OBJECT_FINALIZE',
      payloadFormat: 'JSON_API_V1',
      bucketId: 'landing',
      objectId: 'logs/ü 1',
      objectGeneration: String(resource.generation),
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      overwroteGeneration: String(first),
      lane: 'fast',
    })
    expect(JSON.parse(withData?.data ?? '')).toEqual(resource)
    expect(replacing.find(({ data }) => data === '')?.attributes).toMatchObject({ payloadFormat: 'NONE' })
    expect(
      published.find(({ attributes }) => attributes['overwrittenByGeneration'])?.attributes,
    ).toMatchObject({
      eventType: 'OBJECT_DELETE',
      objectGeneration: String(first),
      overwrittenByGeneration: String(resource.generation),
    })
  })

  test('configurations can be listed, read and deleted; a malformed one is refused', async () => {
    const { bucket, endpoint } = await openBench(start)
    const [made] = await bucket.createNotification('projects/p/topics/t')
    const [[listed]] = await bucket.getNotifications()
    expect(listed?.metadata).toMatchObject({
      kind: 'storage#notification',
      id: made.id,
      topic: '//pubsub.googleapis.com/projects/p/topics/t',
      payload_format: 'JSON_API_V1',
    })
    expect((await made.getMetadata())[0]).toEqual(listed?.metadata)
    await made.delete()
    expect(await made.exists()).toEqual([false])
    const refused = await fetch(`${endpoint}/b/landing/notificationConfigs`, {
      method: 'POST',
      body: JSON.stringify({ topic: 'projects/p/topics/t', payload_format: 'NONE' }),
    })
    expect(refused.status).toBe(400)
  })
}
