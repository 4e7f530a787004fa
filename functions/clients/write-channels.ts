import { v1 } from '@google-cloud/bigquery-storage'

type Client = v1.BigQueryWriteClient
type Options = ConstructorParameters<typeof v1.BigQueryWriteClient>[0]

/**
 * Appends open at once on one HTTP/2 connection, at most. Google's front ends take 100 calls at a time on each, and a
 * client lets further ones wait, unseen (https://grpc.io/docs/guides/performance/): an append stays open as long as its
 * stream is in use, so the 101st table would wait for ever.
 */
const mostAppends = 90

interface Channel {
  readonly client: Client
  open: number
}

/** The process's connections to the service: one for calls that end, and as many as its open appends take. */
export class WriteChannels {
  readonly calls: Client
  readonly #options: Options
  readonly #appends: Channel[]

  private constructor(options: Options) {
    this.calls = connectionOfItsOwn(options)
    // One sign-in for all.
    this.#options = { ...options, auth: this.calls.auth }
    this.#appends = [{ client: connectionOfItsOwn(this.#options), open: 0 }]
  }

  static async open(options: Options): Promise<WriteChannels> {
    const channels = new WriteChannels(options)
    // Left to the first append, a failure in here would be an unhandled rejection and end the process.
    await Promise.all(
      [channels.calls, ...channels.#appends.map(({ client }) => client)].map((one) => one.initialize()),
    )
    return channels
  }

  /** The client to open one more append on, and the function to call once that append is over. */
  forAppends(): { readonly client: Client; readonly release: () => void } {
    const channel = this.#appends.find(({ open }) => open < mostAppends) ?? this.#another()
    channel.open += 1
    const release = () => {
      channel.open -= 1
    }
    return { client: channel.client, release }
  }

  async close(): Promise<void> {
    await Promise.all(
      [this.calls, ...this.#appends.map(({ client }) => client)].map((client) => client.close()),
    )
  }

  #another(): Channel {
    const channel = { client: connectionOfItsOwn(this.#options), open: 0 }
    this.#appends.push(channel)
    return channel
  }
}

/** Clients of one address would share a connection otherwise. */
function connectionOfItsOwn(options: Options): Client {
  return new v1.BigQueryWriteClient({ ...options, 'grpc.use_local_subchannel_pool': 1 })
}
