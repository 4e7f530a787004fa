import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import config from '../../bridge.config.ts'
import { openClients } from '../../scripts/clients.ts'
import { aboutOf } from '../../scripts/doctor/about.ts'
import { checksOf } from '../../scripts/doctor/checks.ts'

test('docs/operating.md names the permissions that the doctor asks for, and no others', async () => {
  const clients = openClients(config, {})
  onTestFinished(() => clients.close())
  const about = aboutOf({ bridge: config, sources: config.sources, clients, now: Date.now, deploy: () => '' })
  const permission = /\b(?:[a-z]+\.[a-z]+\.(?!com\b)\w+|(?:s3|sqs|iam):\w+)\b/gi
  const asked = new Set(checksOf(about).flatMap(({ asks }) => asks.match(permission) ?? []))
  asked.add('storagetransfer.projects.getServiceAccount')
  const page = await readFile(join(import.meta.dirname, '../../docs/operating.md'), 'utf8')
  const [, listed = ''] = /Whoever runs it needs (.+?)\n\n/s.exec(page) ?? []
  expect(listed.match(permission)?.sort() ?? []).toEqual([...asked].sort())
})
