import type { Weighted } from './draw.ts'

/** A load balancer with the traffic of one app. */
export interface LoadBalancer {
  readonly app: string
  readonly id: string
  readonly nodeIp: string
  readonly host: string
  /** Median seconds its targets take. */
  readonly targetSeconds: number
  readonly routes: readonly [Weighted<Route>, ...Weighted<Route>[]]
  readonly statuses: readonly [Weighted<number>, ...Weighted<number>[]]
  /** Rewrites `/v1/...` to `/...` before forwarding, which fills the transform fields of its log. */
  readonly rewrites: boolean
}

/** `{id}` stands for a number. */
export type Route = readonly [verb: string, path: string]

export const region = 'us-east-1'
export const account = '123456789012'

export const loadBalancers: readonly LoadBalancer[] = [
  {
    app: 'checkout',
    id: '50dc6c495c0c9188',
    nodeIp: '10.0.1.7',
    host: 'checkout.example.com',
    targetSeconds: 0.085,
    routes: [
      [['GET', '/cart/{id}'], 40],
      [['POST', '/cart/{id}/items'], 25],
      [['POST', '/orders'], 12],
      [['GET', '/orders/{id}'], 18],
      [['DELETE', '/cart/{id}/items/{id}'], 5],
    ],
    statuses: [
      [200, 82],
      [201, 9],
      [400, 3],
      [404, 3],
      [409, 2],
      [500, 1],
    ],
    rewrites: false,
  },
  {
    app: 'search',
    id: '7f0dc2b05788640f',
    nodeIp: '10.0.2.19',
    host: 'search.example.com',
    targetSeconds: 0.024,
    routes: [
      [['GET', '/v1/search?q=running+shoes&page={id}'], 60],
      [['GET', '/v1/search?q=caf%C3%A9&sort=price'], 15],
      [['GET', '/v1/suggest?q=sho'], 22],
      [['OPTIONS', '/v1/search'], 3],
    ],
    statuses: [
      [200, 93],
      [304, 4],
      [400, 1],
      [429, 2],
    ],
    rewrites: true,
  },
  {
    app: 'accounts',
    id: '2467b60e77f9d417',
    nodeIp: '10.0.3.4',
    host: 'accounts.example.com',
    targetSeconds: 0.14,
    routes: [
      [['POST', '/login'], 35],
      [['GET', '/me'], 45],
      [['PUT', '/me/address'], 8],
      [['GET', '/.well-known/jwks.json'], 12],
    ],
    statuses: [
      [200, 78],
      [204, 6],
      [302, 4],
      [401, 9],
      [403, 2],
      [500, 1],
    ],
    rewrites: false,
  },
]
