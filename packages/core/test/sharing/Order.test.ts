import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import * as ChangeText from "../../src/internal/sharing/ChangeText.ts"
import { Replica } from "../../src/internal/sharing/Replica.ts"
import { alone, type Change, type Fact, isOver, subjectOf } from "../../src/internal/sharing/Sharing.ts"
import * as KeyState from "../../src/key/KeyState.ts"
import { luckOf } from "../luck.ts"

const day = 86_400_000
const out: Fact = {
  _tag: "Key",
  key: "h1",
  state: {
    _tag: "Removed",
    reason: "BalanceExhausted",
    since: 5,
    consecutiveSuccesses: 0,
    probes: 0,
    nextProbeAt: 9
  }
}
const back: Fact = { _tag: "Key", key: "h1", state: KeyState.available }
const limited: Fact = {
  ...{ _tag: "KeyModel", key: "h1", model: "m", reason: "RateLimited" },
  state: { _tag: "Cooling", reason: "RateLimited", until: 7, times: 1 }
}
const unlimited: Fact = { _tag: "KeyModel", key: "h1", model: "m", reason: "RateLimited", state: undefined }
const halfOpen: Fact = {
  ...{ _tag: "Circuit", model: "m", isProbed: true },
  state: { _tag: "HalfOpen", openings: 1, doublings: 0, lastOpen: 3 }
}
const facts = [out, back, limited, unlimited, halfOpen]

/** A replica whose clock says `now`, and what it was told to carry out. */
const replicaOf = (origin: string, now: () => number, said: Array<Change> = []) => {
  const applied: Array<Change> = []
  const sharing = { ...alone, origin, publish: (change: Change) => void said.push(change) }
  return { applied, said, replica: new Replica({ sharing, now, apply: (change) => void applied.push(change) }) }
}

describe("Replica", () => {
  it("knows the same as all others once each has heard all, in whatever order and however often", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const luck = luckOf(seed)
      let time = 1_000
      const said: Array<Change> = []
      const replicas = ["a", "b", "c"].map((origin) => replicaOf(origin, () => time + luck.next(50), said).replica)
      for (let nth = 0; nth < 20; nth++) {
        time += luck.next(3)
        luck.pick(replicas).tell("p", luck.pick(facts))
        if (said.length > 0) luck.pick(replicas).hear(luck.pick(said))
      }
      const shuffled = [...said, ...said]
        .map((change) => ({ change, at: luck.next(1_000) }))
        .sort((one, other) => one.at - other.at)
      for (const replica of replicas) for (const { change } of shuffled) replica.hear(change)
      const sorted = replicas.map((replica) =>
        replica
          .known()
          .map((change) => ChangeText.toText(change))
          .sort()
      )
      expect(sorted[1], `seed ${seed}`).toEqual(sorted[0])
      expect(sorted[2], `seed ${seed}`).toEqual(sorted[0])
    }
  })

  it("corrects one whose clock is ahead", () => {
    const ahead = replicaOf("ahead", () => 600_000)
    const behind = replicaOf("behind", () => 1_000)
    ahead.replica.tell("p", out)
    for (const change of ahead.said) behind.replica.hear(change)
    behind.replica.tell("p", back)
    for (const change of behind.said) ahead.replica.hear(change)
    expect(ahead.applied.map(({ fact }) => fact)).toEqual([back])
    expect(ahead.replica.known()).toEqual(behind.replica.known())
  })

  it("carries out each change once, and not its own", () => {
    const one = replicaOf("one", () => 1)
    one.replica.tell("p", out)
    const [own] = one.said as [Change]
    one.replica.hear(own)
    const other = { ...own, at: own.at + 1, origin: "other", fact: back }
    one.replica.hear(other)
    one.replica.hear(other)
    expect(one.applied).toEqual([other])
  })

  it("forgets after a day what is over, and never what an operator has said", () => {
    let time = 0
    const { replica } = replicaOf("one", () => time)
    replica.tell("p", { ...back, key: "h2", state: { _tag: "Disabled" } })
    for (const fact of [out, limited, halfOpen]) replica.tell("p", fact)
    time = day
    expect(replica.known()).toHaveLength(4)
    time = day + 10
    expect(replica.known().map(({ fact }) => fact)).toMatchObject([{ key: "h2" }])
  })
})

describe("ChangeText", () => {
  it.each(facts)("reads what it writes: %j", (fact) => {
    const change = { provider: "p 1", fact, at: 7, origin: "o" }
    const read = Option.getOrThrow(ChangeText.fromText(ChangeText.toText(change)))
    expect(read).toEqual(change)
    expect(subjectOf(read)).toBe(subjectOf(change))
    expect(isOver(read, 7)).toBe(false)
  })

  it.each([
    "",
    "{",
    "null",
    '{"provider":"p","at":1,"origin":"o"}',
    '{"provider":"p","at":1,"origin":"o","fact":{"_tag":"Other"}}',
    '{"provider":"p","at":1,"origin":"o","fact":{"_tag":"Key","key":"k","state":{"_tag":"Melted"}}}',
    '{"provider":"p","at":1,"origin":"o","fact":{"_tag":"KeyModel","key":"k","model":"m","reason":"toString"}}'
  ])("is deaf to what is no change: %s", (text) => {
    expect(ChangeText.fromText(text)).toEqual(Option.none())
  })
})
