import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { BigQueryWriteOptions } from '../../scripts/local/bigquery/write/server.ts'
import { startBackend } from './bigquery-write-backend.ts'
import { RowType, writeClient } from './bigquery-write-client.ts'

export const parent = 'projects/p/datasets/d/tables/t'
export const columns = [{ name: 'id', type: 'INTEGER' }]
export const rowType = new RowType({ id: 'int64' })

/** The stand-in with one table, and a client of it, until the end of the test. */
export async function start(options: Partial<BigQueryWriteOptions> = {}) {
  const backend = await startBackend(options)
  onTestFinished(backend.stop)
  await backend.createTable('t', { schema: { fields: columns } })
  const client = writeClient(backend.address)
  onTestFinished(() => client.close())
  const create = async (type: 'PENDING' | 'BUFFERED' | 'COMMITTED') => {
    const [{ name }] = await client.createWriteStream({ parent, writeStream: { type } })
    return name ?? ''
  }
  return { ...backend, client, create, pending: () => create('PENDING') }
}

/** The service in a process of its own, and the means to kill it. */
export async function spawnService(directory: string) {
  const program = fileURLToPath(new URL('bigquery-write-process.ts', import.meta.url))
  const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [address] = await once(createInterface(child.stdout), 'line')
  const kill = async () => {
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
  const client = writeClient(String(address))
  onTestFinished(() => client.close())
  return { client, kill }
}
