/**
 * Where the mocked vendors listen for a gateway that may be elsewhere, and under which address it finds them.
 *
 * | given                                | listens on      | shown                                  |
 * | ------------------------------------ | --------------- | -------------------------------------- |
 * | nothing                              | the loopback    | 127.0.0.1                              |
 * | an IP address                        | that address    | the same                               |
 * | `0.0.0.0`, `::`                      | every network   | this machine's address on one of them  |
 * | a name, such as host.docker.internal | every network   | the same; who resolves it is elsewhere |
 */
import { isIP } from "node:net"
import { networkInterfaces } from "node:os"

/** Both sides of it. */
export interface MockHost {
  readonly listen: string
  /** As it stands in a URL. */
  readonly shown: string
}

/** This machine alone. */
export const loopback: MockHost = { listen: "127.0.0.1", shown: "127.0.0.1" }

const everywhere = ["0.0.0.0", "::"]

/** This machine's IPv4 addresses that others may reach. */
export const own = (): ReadonlyArray<string> =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address)

/** Makes sense of what was given; undefined where it is no address. */
export const of = (given: string | undefined, addresses = own()): MockHost | undefined => {
  if (given === undefined) return loopback
  if (given === "localhost") return { ...loopback, shown: given }
  if (everywhere.includes(given)) return { listen: given, shown: addresses[0] ?? loopback.shown }
  if (isIP(given) === 6) return { listen: given, shown: `[${given}]` }
  if (isIP(given) === 4) return { listen: given, shown: given }
  return /^[a-z\d_]([\w.-]*\w)?$/i.test(given) ? { listen: "0.0.0.0", shown: given } : undefined
}
