import * as Lab from "@understudy/lab/Lab"
import * as Client from "@understudy/lab/run/Client"
import type { RunnerName } from "@understudy/lab/run/Run"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import { describe, expect, it } from "vitest"

const scenario = Scenario.make({
  name: "short",
  teaches: { en: "x", zh: "y" },
  traffic: { model: "qwen-plus", calls: [{ at: "0ms" }, { at: "20ms" }] }
})

/** What runners borrow of the machine. */
const borrowed = (): ReadonlyArray<unknown> => [globalThis.setTimeout, globalThis.Date, globalThis.fetch]

/** Clients that know nothing of types. */
const untyped = (name: string, start: unknown): Client.Client =>
  ({ name, promises: true, open: () => ({ start }) }) as unknown as Client.Client

const answering = (answer: unknown): Client.Client => Client.make("untyped", () => answer as Client.Answer)

const outcomes = async (client: Client.Client, runner: RunnerName): Promise<ReadonlyArray<unknown>> => {
  const { run } = await Lab.run(scenario, { client, runner })
  return run.calls.map(({ error, outcome, text }) => [outcome, error?.message ?? text])
}

const noText = "The client under test ended a call with neither an error nor a reply whose text is a string"

const faulty: ReadonlyArray<readonly [string, Client.Client, string, string]> = [
  [
    "throws where it begins",
    untyped("a", () => {
      throw new Error("no")
    }),
    "failed",
    "no"
  ],
  [
    "ends with nothing",
    untyped("b", (_: unknown, { end }: { end: (nothing?: unknown) => void }) => end()),
    "failed",
    noText
  ],
  ["answers at once", answering(() => ({ text: "yes" })), "answered", "yes"],
  [
    "throws at once",
    answering(() => {
      throw new Error("no")
    }),
    "failed",
    "no"
  ],
  ["resolves to nothing", answering(async () => undefined), "failed", noText],
  ["answers with a number", answering(async () => ({ text: 5 })), "failed", noText]
]

describe("a client that keeps to no rules", () => {
  it.each(faulty)(
    "%s: that call is over, and so is the run",
    async (_, client, outcome, told) => {
      for (const runner of ["virtual", "network", "sockets"] as const) {
        expect(await outcomes(client, runner)).toEqual([
          [outcome, told],
          [outcome, told]
        ])
      }
    },
    20_000
  )

  it("is counted once when it ends twice and goes on talking", async () => {
    const client = untyped("twice", (_: unknown, { content, end }: Client.Observer) => {
      end({ reply: { text: "first" } })
      end({ error: new Error("second") })
      content("third")
      return () => undefined
    })
    expect(await outcomes(client, "virtual")).toEqual([
      ["answered", "first"],
      ["answered", "first"]
    ])
  })

  it("gives timers, network and ports back when its close() fails or never ends", async () => {
    const before = borrowed()
    const closing = (close: () => Promise<void>): Client.Client =>
      Client.make("closing", () => ({ answer: async () => ({ text: "yes" }), close }))
    const failing = closing(() => Promise.reject(new Error("will not close")))
    for (const runner of ["virtual", "network", "sockets"] as const) {
      await expect(Lab.run(scenario, { client: failing, runner })).rejects.toThrow("will not close")
      expect(borrowed()).toEqual(before)
    }
    const hanging = closing(() => new Promise(() => undefined))
    await expect(Lab.run(scenario, { client: hanging, runner: "network" })).rejects.toThrow("close() never ended")
    expect(borrowed()).toEqual(before)
  }, 60_000)
})

describe("a run that is called off", () => {
  const off = new Error("called off")

  it.each(["virtual", "network", "sockets"] as const)("while a client opens ends, %s", async (runner) => {
    const before = borrowed()
    const signal = new AbortController()
    const client: Client.Client = {
      name: "opening",
      promises: true,
      open: () => {
        signal.abort(off)
        return new Promise<never>(() => undefined)
      }
    }
    await expect(Lab.run(scenario, { client, runner, signal: signal.signal })).rejects.toBe(off)
    expect(borrowed()).toEqual(before)
  })

  it.each([
    "virtual",
    "network",
    "sockets"
  ] as const)("makes no more calls and lets those who wait leave, %s", async (runner) => {
    const before = borrowed()
    const signal = new AbortController()
    const seen: Array<string> = []
    const client: Client.Client = {
      name: "waiting",
      promises: true,
      open: () => ({
        start: ({ id }) => {
          seen.push(`${id} begins`)
          signal.abort(off)
          return () => seen.push(`${id} leaves`)
        }
      })
    }
    const traffic = { model: "qwen-plus", calls: [{ at: "0ms" }, { at: "5m" }] }
    const slow = Scenario.make({ ...scenario.source, traffic })
    await expect(Lab.run(slow, { client, runner, signal: signal.signal })).rejects.toBe(off)
    expect(seen).toEqual(["c1 begins", "c1 leaves"])
    expect(borrowed()).toEqual(before)
  })
})
