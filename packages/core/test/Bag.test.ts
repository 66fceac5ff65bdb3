import { describe, expect, it } from "vitest"
import { Bag, type Item } from "../src/internal/upstream/Watchdog.ts"

interface Named extends Item {
  readonly name: string
}

const named = (name: string): Named => ({ name, place: Bag.nowhere })
const namesIn = (bag: Bag<Named>): ReadonlyArray<string> => [...bag].map(({ name }) => name).sort()

describe("Bag", () => {
  it("holds each item once", () => {
    const [a, bag] = [named("a"), new Bag<Named>()]
    bag.add(a)
    bag.add(a)
    expect(namesIn(bag)).toEqual(["a"])
  })

  it.each(["a", "b", "c"])("gives %s back and keeps the others, whichever its place", (name) => {
    const items = ["a", "b", "c"].map(named)
    const bag = new Bag<Named>()
    for (const item of items) bag.add(item)
    const gone = items.find((item) => item.name === name) ?? expect.fail(name)
    expect(bag.delete(gone)).toBe(2)
    expect(bag.delete(gone)).toBeUndefined()
    expect(namesIn(bag)).toEqual(["a", "b", "c"].filter((each) => each !== name))
    for (const item of items) bag.delete(item)
    expect(namesIn(bag)).toEqual([])
    bag.add(gone)
    expect(namesIn(bag)).toEqual([name])
  })

  it("shows each item once though items leave while it is read", () => {
    const items = ["a", "b", "c", "d"].map(named)
    const bag = new Bag<Named>()
    for (const item of items) bag.add(item)
    const seen: Array<string> = []
    for (const item of bag) {
      seen.push(item.name)
      bag.delete(item)
    }
    expect(seen.sort()).toEqual(["a", "b", "c", "d"])
    expect(namesIn(bag)).toEqual([])
  })
})
