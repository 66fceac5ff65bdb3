/**
 * Runs a scenario in this process on a virtual clock: the vendors through the mocks' transport, no sockets, no waiting.
 *
 * **Gotchas**
 *
 * A client that works with promises is waited for between two moments: it may await what this process does, but a timer of
 * the machine's own, or real input and output, is not seen. Take time from `setting.clock` and requests to `setting.fetch`.
 */
import type { Clock } from "@understudy/mocks/Clock"
import * as MockTransport from "@understudy/mocks/MockTransport"
import { baseUrls } from "@understudy/mocks/VendorList"
import * as Context from "effect/Context"
import * as Logger from "effect/Logger"
import type { Scenario } from "../scenario/Scenario.ts"
import type { Client } from "./Client.ts"
import type { Run } from "./Run.ts"
import * as Runner from "./Runner.ts"
import * as TransportFetch from "./TransportFetch.ts"
import * as Turn from "./Turn.ts"
import { VirtualTime } from "./VirtualTime.ts"

const toClock = (time: VirtualTime): Clock => ({
  now: () => time.unix,
  after: (millis, task) => {
    const timer = time.after(millis, task)
    return () => time.cancel(timer)
  },
  advance: () => {
    throw new Error("The run itself moves this clock: let the client wait with `setting.clock.sleep`")
  }
})

const makePace = (promises: boolean): Runner.Pace => {
  const time = new VirtualTime()
  return {
    runner: "virtual",
    clock: toClock(time),
    slice: 600_000,
    reach: (vendors) => {
      const transport = MockTransport.make(vendors)
      return {
        urls: baseUrls,
        fetch: TransportFetch.make(transport),
        upstream: transport,
        services: Context.add(time.context, Logger.CurrentLoggers, new Set()),
        close: () => undefined
      }
    },
    pass: async (until, done) => {
      while (time.now < until) {
        if (promises) await Turn.settled(() => time.drain())
        else if (time.steps % 4096 === 0) await Turn.next()
        // Asked after the promises: what they did may have been the last, and without a timer the clock would go to the end.
        if (done() || !time.step(until)) break
      }
      if (promises) await Turn.settled(() => time.drain())
    },
    turn: () => Turn.settled(() => time.drain())
  }
}

/** Runs a scenario. */
export const run = (scenario: Scenario, client: Client, options?: Runner.Options): Promise<Run> =>
  Runner.run(scenario, client, makePace(client.promises), options)
