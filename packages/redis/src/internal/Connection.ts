/**
 * The connections to a server, one for commands and one for messages, and the few commands that are sent. A command to a server
 * that is away fails at once; the client reconnects by itself, and says so once.
 */
import { createClient } from "@redis/client"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** The server's state, for people. */
export type News = { readonly _tag: "Lost"; readonly reason: string } | { readonly _tag: "Back" }

/** What a connection is made of. */
export interface Options {
  readonly url: string
  readonly prefix: string
  /** Takes a message of another replica. */
  readonly hear: (text: string) => void
  /** The server is there, and messages arrive. */
  readonly onReady: () => void
  readonly onNews: (news: News) => void
}

/** When a change happened, and at whom. */
export interface Version {
  readonly at: number
  readonly origin: string
}

/** Keeps a change and tells it, unless a later one about the same subject is kept. */
const storeScript = `
local old = redis.call('HGET', KEYS[1], ARGV[1])
if old then
  local ok, known = pcall(cjson.decode, old)
  if ok and (known.at > tonumber(ARGV[2]) or (known.at == tonumber(ARGV[2]) and known.origin >= ARGV[3])) then
    return 0
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4])
redis.call('PUBLISH', KEYS[2], ARGV[4])
return 1`

/** Wait before the next try to connect, in milliseconds: up to a second. The client's own rule gives up after a silence. */
const reconnectAfter = (tries: number): number => Math.min(1_000, 50 * 2 ** tries)

/** Time that a connection may say nothing before it is taken for dead, in milliseconds. */
const silence = 5_000

const connect = (url: string) =>
  createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: silence / 2,
    socket: { connectTimeout: silence, socketTimeout: silence, reconnectStrategy: reconnectAfter },
    commandOptions: { timeout: silence }
  })

type Client = ReturnType<typeof connect>

/** Two connections to one server. */
export class Connection {
  readonly #options: Options
  readonly #commands: Client
  readonly #messages: Client
  #isLost = false
  #isSubscribed = false

  private constructor(options: Options) {
    this.#options = options
    this.#commands = connect(options.url)
    this.#messages = connect(options.url)
  }

  /** Opens it, and closes it with the scope. */
  static open(options: Options): Effect.Effect<Connection, never, Scope.Scope> {
    return Effect.acquireRelease(
      Effect.sync(() => {
        const connection = new Connection(options)
        connection.#start()
        return connection
      }),
      (connection) => Effect.sync(() => connection.#stop())
    )
  }

  /** Keeps and tells a change. */
  store(subject: string, { at, origin }: Version, text: string): Promise<unknown> {
    return this.#commands.eval(storeScript, {
      keys: [this.#name("state"), this.#name("changes")],
      arguments: [subject, String(at), origin, text]
    })
  }

  /** Every change that is kept, by its subject. */
  stored(): Promise<Readonly<Record<string, string>>> {
    return this.#commands.hGetAll(this.#name("state"))
  }

  /** Keeps nothing about a subject. */
  forget(subject: string): Promise<unknown> {
    return this.#commands.hDel(this.#name("state"), subject)
  }

  /** True for the first that asks within the time. */
  async lease(name: string, holder: string, millis: number): Promise<boolean> {
    const options = { condition: "NX", expiration: { type: "PX", value: millis } } as const
    return (await this.#commands.set(this.#name(`lease:${name}`), holder, options)) !== null
  }

  #name(what: string): string {
    return `${this.#options.prefix}:${what}`
  }

  #start(): void {
    for (const client of [this.#commands, this.#messages]) {
      client.on("error", (error: Error) => this.#lost(error))
      client.on("ready", () => void this.#ready().catch(() => {}))
      // It goes on trying, and tells by its events.
      client.connect().catch(() => {})
    }
  }

  #stop(): void {
    for (const client of [this.#commands, this.#messages]) if (client.isOpen) client.destroy()
  }

  #lost(error: Error): void {
    if (this.#isLost) return
    this.#isLost = true
    this.#options.onNews({ _tag: "Lost", reason: error.message })
  }

  async #ready(): Promise<void> {
    if (!this.#commands.isReady || !this.#messages.isReady) return
    // From then on the client subscribes again by itself.
    if (!this.#isSubscribed) await this.#messages.subscribe(this.#name("changes"), this.#options.hear)
    this.#isSubscribed = true
    if (this.#isLost) this.#options.onNews({ _tag: "Back" })
    this.#isLost = false
    this.#options.onReady()
  }
}
