/**
 * The vendors as a function call inside this process: every request to their real hosts is played by the vendors' clock,
 * without sockets, promises or interception.
 *
 * It has the shape of a push-style HTTP port: `send` a request with a handler, get a call that can be aborted and paused.
 * Faults are exact, down to the codes that a client of a real loopback sees. A virtual clock drives all of it, so a day of
 * traffic takes seconds.
 *
 * **Gotchas**
 *
 * - No callback runs inside `send`: the clock has to move on, if only by nothing (`clock.advance(0)`).
 * - A host that nothing mocks fails with `ERR_NOT_MOCKED`; nothing ever leaves the process.
 *
 * **Example** (a refused connection)
 *
 * ```ts
 * const vendors = Vendors.make({ clock: Clock.manual(), acceptAnyKey: true, faults: [{ kind: "refuse" }] })
 * const transport = MockTransport.make(vendors)
 * const { origin, path } = { origin: "https://api.deepseek.com", path: "/chat/completions" }
 * transport.send({ method: "POST", origin, path, headers: {}, body: "{}" }, handler)
 * vendors.clock.advance(0) // handler.onError({ code: "ECONNREFUSED", … })
 * ```
 */

import { besideOf } from "./internal/transport/Beside.ts"
import { carry, type TransportCall, type TransportHandler } from "./internal/transport/TransportSink.ts"
import * as Base from "./internal/vendor/Base.ts"
import type { Vendors } from "./Vendors.ts"

export type { TransportCall, TransportError, TransportHandler } from "./internal/transport/TransportSink.ts"

/** Where the vendors are. */
export type Options = Base.Options

/** One HTTP request. */
export interface TransportRequest {
  readonly method: "GET" | "POST"
  /** Scheme, host and port: `https://api.deepseek.com`. */
  readonly origin: string
  /** Path and query. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Sends requests to the vendors. */
export interface MockTransport {
  send(request: TransportRequest, handler: TransportHandler): TransportCall
}

const nowhere = ({ clock }: Vendors, place: string, handler: TransportHandler): TransportCall => {
  const message = `${place} is not mocked and must not be called; name its base URL in MockTransport's options`
  const abort = clock.after(0, () => handler.onError({ code: "ERR_NOT_MOCKED", message }))
  return { abort, pause: () => undefined, resume: () => undefined }
}

/** Finds places by origin and path. A client asks for a few of them, over and over: each is looked for once. */
const remembering = (bases: ReadonlyArray<Base.Base>) => {
  const known = new Map<string, Map<string, Base.Place>>()
  return (origin: string, path: string): Base.Place | undefined => {
    const there = known.get(origin)?.get(path)
    if (there !== undefined) return there
    const place = Base.find(bases, origin + path)
    if (place !== undefined) {
      known.set(origin, (known.get(origin) ?? new Map<string, Base.Place>()).set(path, place))
    }
    return place
  }
}

/** Makes a transport that plays the vendors. */
export const make = (vendors: Vendors, options: Options = {}): MockTransport => {
  const placeOf = remembering(Base.from(options))
  vendors.attach("transport")
  return {
    send: ({ method, origin, path, headers, body }, handler) => {
      const mark = path.indexOf("?")
      const bare = mark < 0 ? path : path.slice(0, mark)
      const place = placeOf(origin, bare)
      if (place === undefined) return nowhere(vendors, `${method} ${origin}${bare}`, handler)
      const delivery = vendors.receive({
        vendor: place.vendor,
        site: place.site,
        path: place.path,
        adapter: "transport",
        method,
        authorization: headers["authorization"],
        beside: () => besideOf(mark < 0 ? "" : path.slice(mark), headers),
        body: body ?? ""
      })
      return carry(delivery, origin, handler)
    }
  }
}
