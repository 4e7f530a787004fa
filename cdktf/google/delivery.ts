/** How announcements are delivered, whoever makes or checks the subscriptions. */
import type { Bridge } from '../../functions/config/schema.ts'

/** Deliveries before a message is a dead letter: with the delays between them, some two and a half hours. */
export const deliveryAttempts = 20

/** As long as Pub/Sub allows (31 days) and the object it announces is there. */
export function keptSeconds({ google: { landingDays } }: Pick<Bridge, 'google'>): number {
  return Math.min(31, landingDays) * 86_400
}

/** Google's agent that publishes, pushes and gives up in a project, as a member of policies. */
export function pubsubAgent(projectNumber: string): string {
  return `serviceAccount:service-${projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`
}
