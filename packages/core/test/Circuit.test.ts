import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import * as CircuitPolicy from "../src/internal/health/CircuitPolicy.ts"
import * as Circuit from "../src/internal/health/Circuits.ts"
import { Circuits } from "../src/internal/health/Circuits.ts"
import type { Event } from "../src/telemetry/Event.ts"

const policy = Schema.decodeSync(CircuitPolicy.settings)({})

const success: Circuit.CallOutcome = { _tag: "Success" }
const fault: Circuit.CallOutcome = { _tag: "Fault", silent: false, costly: true, retryAfter: undefined }
const quick: Circuit.CallOutcome = { ...fault, costly: false }
const silence: Circuit.CallOutcome = { _tag: "Fault", silent: true, costly: true, retryAfter: undefined }
const ignored: Circuit.CallOutcome = { _tag: "Ignored" }

const after = (outcomes: ReadonlyArray<Circuit.CallOutcome>, state: Circuit.Circuit = Circuit.closed, now = 0) =>
  outcomes.reduce((at, outcome) => Circuit.after(at, outcome, now, policy), state)

const faults = (count: number) => Array.from({ length: count }, () => fault)

describe("Circuit", () => {
  it("opens after the configured faults in a row, and not one earlier", () => {
    expect(after(faults(policy.consecutiveFailures - 1))._tag).toBe("Closed")
    expect(after(faults(policy.consecutiveFailures))).toMatchObject({ _tag: "Open", until: policy.openDuration })
  })

  it("starts the row over after a success, and counts nothing that it is told to ignore", () => {
    expect(after([...faults(4), success, ...faults(4)])._tag).toBe("Closed")
    expect(after([...faults(4), ...Array.from({ length: 1_000 }, () => ignored)])).toEqual(after(faults(4)))
  })

  it("opens by the share of faults once the window holds enough calls", () => {
    const mixed = (pairs: number) => Array.from({ length: pairs }, () => [success, fault]).flat()
    expect(after(mixed(9))._tag).toBe("Closed")
    expect(after(mixed(10))._tag).toBe("Open")
  })

  it("forgets a window that is over", () => {
    const old = after(Array.from({ length: 9 }, () => [success, fault]).flat())
    expect(after([success, fault], old, policy.window)._tag).toBe("Closed")
  })

  it("opens at once on silence", () => {
    expect(after([silence])._tag).toBe("Open")
  })

  it("stays open for the vendor's stated wait where that is longer", () => {
    const stated: Circuit.CallOutcome = { _tag: "Fault", silent: true, costly: true, retryAfter: 50_000 }
    expect(after([stated])).toMatchObject({ until: 50_000 })
  })

  it("stays open no longer than openCap, whatever the vendor states", () => {
    const stated: Circuit.CallOutcome = { ...fault, silent: true, retryAfter: 86_400_000 }
    expect(after([stated])).toMatchObject({ until: policy.openCap })
  })

  it("looks again at the same pace while the probes fail at once, and doubles again where they cost time", () => {
    let state = after([silence])
    const times: Array<number> = []
    for (const outcome of [quick, quick, quick, fault, quick, fault]) {
      if (state._tag !== "Open") throw new Error(state._tag)
      const { doublings, lastOpen, openings } = state
      state = after([outcome], { _tag: "HalfOpen", doublings, lastOpen, openings })
      times.push(state._tag === "Open" ? state.lastOpen : 0)
    }
    expect(times).toEqual([10_000, 10_000, 10_000, 20_000, 10_000, 40_000])
  })

  it("starts slowly after an outage of quick faults, too", () => {
    const [openings, lastOpen] = [3, 10_000]
    const back = after([success], { _tag: "HalfOpen", openings, doublings: 0, lastOpen }, 1_000)
    expect(Circuit.shareOf(back, 2_000, policy)).toBe(0.1)
  })

  it("doubles the time with each failed probe up to the cap, and remembers it over a close", () => {
    let state: Circuit.Circuit = Circuit.closed
    const times: Array<number> = []
    for (let i = 0; i < 6; i++) {
      state = after([i === 0 ? silence : fault], state, 0)
      if (state._tag !== "Open") throw new Error(state._tag)
      times.push(state.lastOpen)
      const { doublings, lastOpen, openings } = state
      state = { _tag: "HalfOpen", openings, doublings, lastOpen }
    }
    expect(times).toEqual([10_000, 20_000, 40_000, 80_000, 120_000, 120_000])
    const back = after([success], state, 1_000)
    expect(after([silence], back, 2_000)).toMatchObject({ lastOpen: 120_000 })
    expect(after([silence], back, 1_000 + 120_000)).toMatchObject({ lastOpen: policy.openDuration })
  })

  it("starts slowly after a close, never with nothing", () => {
    const back = after([success], { _tag: "HalfOpen", openings: 1, doublings: 1, lastOpen: 10_000 }, 1_000)
    expect([0, 1_000, 5_000, 10_000, 99_000].map((since) => Circuit.shareOf(back, 1_000 + since, policy))).toEqual([
      0.1, 0.1, 0.5, 1, 1
    ])
    expect(Circuit.shareOf(Circuit.closed, 0, policy)).toBe(1)
  })
})

describe("Circuits", () => {
  const make = () => {
    const events: Array<Event> = []
    return { events, circuits: new Circuits("qwen", policy, { emit: (event) => void events.push(event) }) }
  }

  it("keeps the models apart", () => {
    const { circuits } = make()
    circuits.record(circuits.admit("a", 0)!, silence, 0)
    expect([circuits.wouldAdmit("a", 1), circuits.wouldAdmit("b", 1)]).toEqual([false, true])
  })

  it("admits one probe at a time when its time is up", () => {
    const { circuits, events } = make()
    circuits.record(circuits.admit("a", 0)!, silence, 0)
    expect(circuits.admit("a", policy.openDuration - 1)).toBeUndefined()
    const probe = circuits.admit("a", policy.openDuration)!
    expect([probe.probe, circuits.admit("a", policy.openDuration)]).toEqual([true, undefined])
    circuits.record(probe, success, policy.openDuration)
    expect(circuits.stateOf("a")._tag).toBe("Closed")
    expect(events.map((event) => event._tag === "CircuitChanged" && event.to)).toEqual(["Open", "HalfOpen", "Closed"])
  })

  it("gives the probe to the next call when its holder left", () => {
    const { circuits } = make()
    circuits.record(circuits.admit("a", 0)!, silence, 0)
    const probe = circuits.admit("a", policy.openDuration)!
    circuits.record(probe, ignored, policy.openDuration)
    expect(circuits.admit("a", policy.openDuration)?.probe).toBe(true)
  })

  it("lets another call probe where the holder of a probe was never heard of again, once openCap is over", () => {
    const { circuits } = make()
    circuits.record(circuits.admit("a", 0)!, silence, 0)
    const since = policy.openDuration
    expect(circuits.admit("a", since)?.probe).toBe(true)
    expect(circuits.admit("a", since + policy.openCap - 1)).toBeUndefined()
    expect(circuits.admit("a", since + policy.openCap)?.probe).toBe(true)
  })

  it("ignores the outcome of a call that was admitted before the last change", () => {
    const { circuits } = make()
    const early = circuits.admit("a", 0)!
    circuits.record(circuits.admit("a", 0)!, silence, 0)
    circuits.record(early, success, 1)
    expect(circuits.stateOf("a")._tag).toBe("Open")
    const probe = circuits.admit("a", policy.openDuration)!
    circuits.record(early, silence, policy.openDuration)
    circuits.record(probe, success, policy.openDuration)
    circuits.record(early, silence, policy.openDuration)
    expect(circuits.stateOf("a")._tag).toBe("Closed")
  })

  it("closes on the success of a last resort, and takes its fault as no news", () => {
    const { circuits } = make()
    circuits.record(circuits.admit("a", 0)!, silence, 0)
    const before = circuits.stateOf("a")
    circuits.record(circuits.force("a"), fault, 1)
    expect(circuits.stateOf("a")).toBe(before)
    circuits.record(circuits.force("a"), success, 2)
    expect(circuits.stateOf("a")._tag).toBe("Closed")
  })
})
