import { describe, expect, it } from "vitest"
import { TaggedError } from "../src/failure/TaggedError.ts"

/** The same error as two copies of one package have it. */
const copy = () => class Broken extends TaggedError("Broken")<{ readonly part: string }> {}

describe("TaggedError", () => {
  const Broken = copy()
  const Other = copy()

  it("takes the errors of another copy of its class for its own", () => {
    expect(new Other({ part: "a" }) instanceof Broken).toBe(true)
    expect(new Broken({ part: "a" }) instanceof Broken).toBe(true)
  })

  it("takes nothing for its own that is no error, or an error of another tag", () => {
    class Late extends TaggedError("Late")<{ readonly part: string }> {}
    for (const given of [
      { _tag: "Broken" },
      JSON.parse('{"_tag":"Broken"}'),
      new Late({ part: "a" }),
      new Error("Broken"),
      null
    ])
      expect(given instanceof Broken).toBe(false)
  })

  it("leaves a caller's subclass to its own instances", () => {
    class Cracked extends Broken {}
    expect(new Broken({ part: "a" }) instanceof Cracked).toBe(false)
    expect(new Cracked({ part: "a" }) instanceof Cracked).toBe(true)
    expect(new Cracked({ part: "a" }) instanceof Broken).toBe(true)
  })
})
