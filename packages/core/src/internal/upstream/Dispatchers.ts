/**
 * The dispatchers behind `UndiciUpstream`: one an origin and way, made when it is first needed. Which connection carries a
 * request, and whether it has answered others before, is told to the request's handler.
 *
 * **Gotchas**
 *
 * undici's proxy agent needs all that undici has. It is loaded with the first origin that needs it: without a proxy it costs
 * nothing. The first requests of such an origin wait for that.
 */
import * as Result from "effect/Result"
import type { Client, Dispatcher, Pool, ProxyAgent } from "undici"
// @ts-expect-error undici's index loads all that undici has, three times as much as the pool; its parts have no types.
import undiciClient from "undici/lib/dispatcher/client.js"
// @ts-expect-error The same.
import undiciPool from "undici/lib/dispatcher/pool.js"
import type { Connection, Pool as OwnPool, UpstreamRequest } from "../../upstream/Upstream.ts"
import * as ProxyAddress from "./ProxyAddress.ts"
import { type Environment, namesProxy, proxyFor } from "./ProxyEnvironment.ts"

const PoolOfUndici: typeof Pool = undiciPool
const ClientOfUndici: typeof Client = undiciClient

type ConnectCallback = (...result: [error: null, socket: Socket] | [error: Error, socket: null]) => void
type Connector = (options: unknown, callback: ConnectCallback) => void
type Socket = import("node:net").Socket & { readonly alpnProtocol?: string | false | null }

/** A handler that is told what carries its request. */
export interface Carried extends Dispatcher.DispatchHandler {
  carrier: ConnectionOfUndici | undefined
}

/** One client of a pool: one connection at a time. */
export class ConnectionOfUndici extends ClientOfUndici {
  #socket: Socket | undefined
  /** True when the connection has answered a request before. */
  isReused = false

  constructor(origin: string | URL, options: Client.Options) {
    const connect = options.connect as unknown as Connector
    super(origin, {
      ...options,
      connect: (asked: unknown, callback: ConnectCallback) =>
        connect(asked, (...result) => {
          this.#socket = result[1] ?? undefined
          this.isReused = false
          callback(...result)
        })
    } as Client.Options)
  }

  /** Bytes of answers that have come so far; undefined where frames of the protocol count, too. */
  get bytesRead(): number | undefined {
    return this.#socket?.alpnProtocol === "h2" ? undefined : this.#socket?.bytesRead
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler | Carried): boolean {
    if ("carrier" in handler) handler.carrier = this
    return super.dispatch(options, handler)
  }
}

/** Options of the pools. */
export interface Options {
  readonly connections: number | undefined
  /** Milliseconds that an unused socket is kept. */
  readonly keepAliveTimeout: number
  readonly environment: Environment
}

/** A proxy on the way: its address as it may be shown, and the setting that names it. */
export interface Proxy {
  readonly label: string
  readonly setting: string
}

type Make = (fresh: boolean) => Dispatcher

/** A way to an origin. */
export class Way {
  readonly #make: Make
  readonly proxy: Proxy | undefined
  /** True where a request that finds no connection waits for one that others use. */
  readonly isLimited: boolean
  /** Keeps its connections. */
  readonly kept: Dispatcher
  #fresh: Dispatcher | undefined

  constructor(make: Make, isLimited: boolean, proxy?: Proxy) {
    this.#make = make
    this.isLimited = isLimited
    this.proxy = proxy
    this.kept = make(false)
  }

  /** Opens a connection for each request. */
  get fresh(): Dispatcher {
    this.#fresh ??= this.#make(true)
    return this.#fresh
  }

  /** Closes every connection. */
  async destroy(): Promise<void> {
    await Promise.all([this.kept.destroy(), this.#fresh?.destroy()])
  }
}

/** A way, or the promise of one whose proxy agent is being loaded, or what is wrong with its settings. */
export type Found = Way | Promise<Way> | string

/** undici's name for a connection of its own for each request; 1 is one request at a time on each. */
const closing = 0

const poolOf = (connection: Connection | undefined, options: Options): OwnPool =>
  connection?.pool ?? { connections: options.connections, keepAlive: options.keepAliveTimeout }

const poolOptions = ({ connections, keepAlive }: OwnPool, fresh: boolean): Pool.Options => ({
  connections: connections ?? null,
  // undici takes no 0.
  keepAliveTimeout: Math.max(1, keepAlive),
  headersTimeout: 0,
  bodyTimeout: 0,
  factory: (origin, given) => new ConnectionOfUndici(origin, given as Client.Options),
  pipelining: fresh || keepAlive === 0 ? closing : 1
})

/** What the system trusts, and these certificates beside it. Asked for only where they are: TLS takes time to load. */
const trusting = (ca: string | undefined): { ca?: Array<string> } =>
  ca === undefined ? {} : { ca: [...process.getBuiltinModule("node:tls").getCACertificates("default"), ca] }

const direct = (origin: string, connection: Connection | undefined, options: Options): Way => {
  const pool = poolOf(connection, options)
  const connect = trusting(connection?.ca)
  return new Way(
    (fresh) => new PoolOfUndici(origin, { ...poolOptions(pool, fresh), connect }),
    pool.connections !== undefined
  )
}

const loadUndici = () => import("undici")

const proxied = async (
  uri: URL,
  setting: string,
  connection: Connection | undefined,
  options: Options
): Promise<Way> => {
  const ca = connection?.ca
  const pool = poolOf(connection, options)
  const isSocks = uri.protocol.startsWith("socks")
  const { ProxyAgent: Agent } = await loadUndici()
  // Told of TLS for the proxy, undici would begin with TLS at one that speaks SOCKS.
  const proxyTls = isSocks ? {} : { proxyTls: trusting(ca) }
  const trusted = ca === undefined ? {} : { requestTls: trusting(ca), ...proxyTls }
  const make: Make = (fresh) =>
    new Agent({
      uri: uri.href,
      ...trusted,
      factory: (origin: URL | string, given: object) =>
        new PoolOfUndici(origin, { ...given, ...poolOptions(pool, fresh) })
    } as ProxyAgent.Options)
  // Through SOCKS, undici has pools of its own, without limit.
  return new Way(make, pool.connections !== undefined && !isSocks, { label: ProxyAddress.toLabel(uri), setting })
}

/** All ways that have been asked for. */
export class Dispatchers {
  readonly #ways = new Map<string, Map<string, Found>>()
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
    // Some origin will need it: the first request there need not wait for all of it.
    if (namesProxy(options.environment)) void loadUndici()
  }

  /** The way that a request takes. */
  of({ connection, origin }: UpstreamRequest): Found {
    const id = connection?.id ?? ""
    let ways = this.#ways.get(id)
    if (ways === undefined) {
      ways = new Map()
      this.#ways.set(id, ways)
    }
    const known = ways.get(origin)
    if (known !== undefined) return known
    const found = this.#find(origin, connection)
    ways.set(origin, found)
    if (found instanceof Promise) void found.then((way) => ways.set(origin, way))
    return found
  }

  #find(origin: string, connection: Connection | undefined): Found {
    const own = connection?.proxy
    if (own === "none") return direct(origin, connection, this.#options)
    const named = own === undefined ? proxyFor(origin, this.#options.environment) : { variable: "`proxy`", value: own }
    if (named === undefined) return direct(origin, connection, this.#options)
    const uri = ProxyAddress.parse(named.value)
    if (Result.isFailure(uri)) return `${named.variable} ${ProxyAddress.toText(uri.failure)}`
    return proxied(uri.success, named.variable, connection, this.#options)
  }

  /** Closes every connection. */
  async destroy(): Promise<void> {
    const ways = [...this.#ways.values()].flatMap((each) => [...each.values()])
    await Promise.all(
      ways.map(async (found) => {
        if (typeof found !== "string") await (await found).destroy()
      })
    )
  }
}
