import { describe } from 'vitest'
import type { Start } from './gcs-bench.ts'
import { notificationContract } from './gcs-notifications.ts'
import { objectContract } from './gcs-objects.ts'
import { preconditionContract } from './gcs-preconditions.ts'
import { uploadContract } from './gcs-uploads.ts'

/** What every implementation of Cloud Storage must do, seen through the official client wherever it shows. */
export function gcsContract(start: Start): void {
  describe('objects', () => objectContract(start))
  describe('preconditions', () => preconditionContract(start))
  describe('uploads', () => uploadContract(start))
  describe('notifications', () => notificationContract(start))
}
