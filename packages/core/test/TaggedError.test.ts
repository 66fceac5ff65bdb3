import { format, inspect } from "node:util"
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

describe("an error that is printed", () => {
  class Failed extends TaggedError("Failed")<{ readonly part: { readonly name: string }; readonly trail: [] }> {
    override get message(): string {
      return `${this.part.name} failed`
    }
  }
  const error = new Failed({ part: { name: "pump" }, trail: [] })
  const lines = (value: unknown) => inspect(value).split("\n")

  it("shows class, message, stack and fields, but for what is empty", () => {
    const shown = lines(error)
    expect(shown[0]).toBe("Failed: pump failed")
    expect(shown[1]).toMatch(/^ {4}at .*TaggedError\.test\.ts/)
    expect(shown.at(-1)).toMatch(/ \{ part: \{ name: 'pump' \} \}$/)
    expect(format(error)).toBe(inspect(error))
  })

  it("shows its words where there is no stack, and on one line deep inside of something", () => {
    const bare = new Failed({ part: { name: "pump" }, trail: [] })
    Object.defineProperty(bare, "stack", { value: undefined })
    expect(inspect(bare)).toBe("Failed: pump failed { part: { name: 'pump' } }")
    expect(inspect({ a: { b: { error } } })).toContain("error: [Failed: pump failed]")
  })

  it("shows its cause with its stack", () => {
    class Broken extends TaggedError("Broken")<{ readonly message: string; readonly cause: unknown }> {}
    const broken = new Broken({ message: "no pump", cause: new RangeError("too small") })
    expect(lines(broken)[0]).toBe("Broken: no pump")
    expect(inspect(broken)).toMatch(/\[cause\].*RangeError: too small\n +at /s)
    expect(JSON.parse(JSON.stringify(broken))).toEqual({
      _tag: "Broken",
      message: "no pump",
      cause: "RangeError: too small"
    })
  })

  it("is whole as a text and as JSON, errors in its fields too", () => {
    expect(String(error)).toBe("Failed: pump failed")
    expect(error.toString()).toBe("Failed: pump failed")
    class Nested extends TaggedError("Nested")<{ readonly reason: { readonly cause: unknown } }> {}
    expect(JSON.parse(JSON.stringify([error, new Nested({ reason: { cause: error } })]))).toEqual([
      { _tag: "Failed", message: "pump failed", part: { name: "pump" }, trail: [] },
      { _tag: "Nested", message: "", reason: { cause: "Failed: pump failed" } }
    ])
  })
})
