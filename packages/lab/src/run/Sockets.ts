/**
 * Runs a scenario in real time: the vendors on real sockets, faults exact down to the RST, clients in this process or, with
 * `HttpClient`, a gateway anywhere that was pointed at them.
 */
import * as Clock from "@understudy/mocks/Clock"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Context from "effect/Context"
import type { Scenario } from "../scenario/Scenario.ts"
import type { Client } from "./Client.ts"
import type { Run } from "./Run.ts"
import * as Runner from "./Runner.ts"

/** How a scenario is run. */
export interface Options extends Runner.Options {
  /** The port of the mocked vendors; a free one unless told otherwise. */
  readonly port?: number | undefined
  /** The address that they listen on; 127.0.0.1 unless told otherwise. */
  readonly host?: string | undefined
}

const makePace = ({ host = "127.0.0.1", port = 0 }: Options): Runner.Pace => {
  const clock = Clock.real()
  const begun = clock.now()
  const look = 10
  return {
    runner: "sockets",
    clock,
    slice: 1_000,
    reach: async (vendors) => {
      const server = await MockServer.listen(vendors, { host, port })
      return {
        urls: server.urls,
        fetch: globalThis.fetch,
        upstream: undefined,
        services: Context.empty(),
        close: () => server.close()
      }
    },
    pass: (until, done) =>
      new Promise((resolve) => {
        const wait = (): void => {
          if (done() || clock.now() - begun >= until) resolve()
          else clock.after(look, wait)
        }
        wait()
      }),
    turn: () => new Promise<void>((resolve) => void clock.after(look, resolve))
  }
}

/** Runs a scenario. */
export const run = (scenario: Scenario, client: Client, options: Options = {}): Promise<Run> =>
  Runner.run(scenario, client, makePace(options), options)
