import { json, noContent, readJson } from './http.ts'
import {
  type NotificationConfigs,
  notificationResource,
  notificationSettingsSchema,
} from './notification-configs.ts'
import { path, type Route } from './route.ts'

export function notificationRoutes(configs: NotificationConfigs, origin: string): Route[] {
  return [
    {
      method: 'POST',
      path: path('/b/:bucket/notificationConfigs'),
      call: 'notificationConfigs.insert',
      handle: async ({ incoming, path: { bucket } }) => {
        const settings = await readJson(incoming, notificationSettingsSchema)
        return json(notificationResource(bucket, configs.insert(bucket, settings), origin))
      },
    },
    {
      method: 'GET',
      path: path('/b/:bucket/notificationConfigs'),
      call: 'notificationConfigs.list',
      handle: ({ path: { bucket } }) => {
        const items = configs.list(bucket).map((config) => notificationResource(bucket, config, origin))
        return json({ kind: 'storage#notifications', items })
      },
    },
    {
      method: 'GET',
      path: path('/b/:bucket/notificationConfigs/:config'),
      call: 'notificationConfigs.get',
      handle: ({ path: { bucket, config } }) =>
        json(notificationResource(bucket, configs.get(bucket, config), origin)),
    },
    {
      method: 'DELETE',
      path: path('/b/:bucket/notificationConfigs/:config'),
      call: 'notificationConfigs.delete',
      handle: ({ path: { bucket, config } }) => {
        configs.delete(bucket, config)
        return noContent
      },
    },
  ]
}
