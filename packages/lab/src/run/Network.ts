/**
 * Runs a scenario over MSW under fake timers: any HTTP client in this process, calling the vendors' real host names, with
 * its own timers, back-offs and time limits, in no time.
 *
 * **Details**
 *
 * - Inside a test, give it the runner's fake timers (`{ timers: vi }` after `vi.useFakeTimers`); without them it installs
 *   its own for the run and takes them back.
 * - Time moves from timer to timer, and only when the event loop has been quiet for some turns.
 * - `Math.random` draws from the run's seed meanwhile: clients take the jitter of their back-off from it.
 * - What a run leaves behind is over before the next one: idle connections have closed, and timers that are kept for good (undici
 *   has one, behind the global fetch) go on in the next run's time.
 *
 * **Gotchas**
 *
 * - `AbortSignal.timeout` is not faked by anybody: such a limit never fires here.
 * - vitest fakes `setImmediate` too unless told what to fake, and then times are a millisecond late here and there.
 * - One run at a time in a process: timers, luck and the network belong to everybody in it.
 * - undici measures its limits by the timer that it began with: used before the first run, the global fetch keeps the machine's.
 */
import FakeTimers from "@sinonjs/fake-timers"
import * as Clock from "@understudy/mocks/Clock"
import * as MockNetwork from "@understudy/mocks/MockNetwork"
import { baseUrls } from "@understudy/mocks/VendorList"
import type { Vendors } from "@understudy/mocks/Vendors"
import * as Context from "effect/Context"
import type { Scenario } from "../scenario/Scenario.ts"
import * as Prng from "../traffic/Prng.ts"
import type { Client } from "./Client.ts"
import type { Run } from "./Run.ts"
import * as Runner from "./Runner.ts"
import * as Turn from "./Turn.ts"

/** Fake timers that can be moved to their next timer; vitest's `vi` is one. */
export interface Timers {
  readonly advanceTimersToNextTimerAsync: () => Promise<unknown>
  readonly getTimerCount: () => number
}

/** How a scenario is run. */
export interface Options extends Runner.Options {
  /** Fake timers that are in force already. */
  readonly timers?: Timers | undefined
}

/** Turns without news after which everybody is taken to wait for time. */
const turns = 12

/** Milliseconds after which HTTP clients have closed what was idle, and forgotten its timers. */
const ebb = 6_000

/**
 * Lets a timer that is refreshed when its run is over go on in whatever time is in force then. It is the global that has to be
 * asked: a client's own timer goes on, in the machine's time or in the next run's.
 */
const outlast = (isOver: () => boolean): void => {
  const fake = globalThis.setTimeout
  const set = (task: () => void, ...rest: [millis?: number]): NodeJS.Timeout => {
    const timer = fake(task, ...rest)
    const refresh = timer.refresh.bind(timer)
    let drop = (): void => undefined
    timer.refresh = () => {
      if (!isOver()) return refresh()
      drop()
      const { clearTimeout, setTimeout } = globalThis
      const next = setTimeout(task, ...rest).unref()
      drop = () => clearTimeout(next)
      return timer
    }
    return timer
  }
  globalThis.setTimeout = Object.assign(set, fake)
}

const install = (): Timers & { readonly uninstall: () => void } => {
  const clock = FakeTimers.install({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance", "hrtime"],
    now: Clock.epoch
  })
  let isOver = false
  outlast(() => isOver)
  return {
    advanceTimersToNextTimerAsync: () => clock.nextAsync(),
    getTimerCount: () => clock.countTimers(),
    uninstall: () => {
      isOver = true
      clock.uninstall()
    }
  }
}

/** The real one, whatever is faked later. */
const { hrtime } = process

/**
 * Lets elapsed time follow the fake clock for whoever keeps `process.hrtime`: fake timers put another one in its place, and
 * Effect's clock goes on with the one that it found.
 */
const measure = (now: () => number): (() => void) => {
  const real = hrtime.bigint
  const [begun, from] = [now(), real()]
  hrtime.bigint = () => from + BigInt(now() - begun) * 1_000_000n
  return () => {
    hrtime.bigint = real
  }
}

/** Seeds `Math.random`, from which clients draw the jitter of their back-off. */
const seedLuck = (seed: number): (() => void) => {
  const real = Math.random
  const luck = Prng.stream(seed, "machine")
  Math.random = () => luck.next()
  return () => {
    Math.random = real
  }
}

const makePace = (given: Timers | undefined, seed: number): Runner.Pace => {
  const own = given === undefined ? install() : undefined
  const timers = given ?? own
  const clock = Clock.real()
  let news = (): string => ""
  const advance = async (): Promise<unknown> =>
    timers !== undefined && timers.getTimerCount() > 0 ? timers.advanceTimersToNextTimerAsync() : undefined
  const begun = clock.now()
  const unmeasure = measure(clock.now)
  const unseed = seedLuck(seed)
  const pass: Runner.Pace["pass"] = async (until, done) => {
    let due = false
    const cancel = clock.after(Math.max(0, until - (clock.now() - begun)), () => {
      due = true
    })
    for (;;) {
      await Turn.quiet(news, turns)
      if (due || done()) break
      await advance()
    }
    cancel()
  }
  return {
    runner: "network",
    clock,
    slice: 10_000,
    reach: (vendors: Vendors) => {
      const network = MockNetwork.make(vendors)
      network.enable()
      news = () => {
        const { entries, total } = vendors.journal
        return `${total} ${entries.reduce((sum, { bytes, end }) => sum + bytes + (end === "open" ? 0 : 1), 0)}`
      }
      return {
        urls: baseUrls,
        fetch: globalThis.fetch,
        upstream: undefined,
        services: Context.empty(),
        close: async () => {
          await pass(clock.now() - begun + ebb, () => timers?.getTimerCount() === 1)
          network.disable()
        }
      }
    },
    pass,
    turn: async (count) => {
      await Turn.next()
      // What opens or closes may wait for a timer; time may then go on.
      if (count > 200) await advance()
    },
    close: () => {
      unmeasure()
      unseed()
      own?.uninstall()
    }
  }
}

/** Runs a scenario. */
export const run = (scenario: Scenario, client: Client, options: Options = {}): Promise<Run> =>
  Runner.run(scenario, client, makePace(options.timers, options.seed ?? scenario.seed), options)
