import { describe, expect, it } from "vitest"
import { PartialJson } from "../src/internal/typed/PartialJson.ts"
import { random } from "./support/random.ts"

const read = (...pieces: ReadonlyArray<string>): PartialJson => {
  const json = new PartialJson()
  for (const piece of pieces) json.push(piece)
  return json
}

describe("a value that is being written", () => {
  it.each<[string, unknown]>([
    ["", undefined],
    ["Here it is: ", undefined],
    ["{", {}],
    ['{"ci', {}],
    ['{"city"', {}],
    ['{"city": ', {}],
    ['{"city": "', { city: "" }],
    ['{"city": "Hang', { city: "Hang" }],
    ['{"city": "Hang\\', { city: "Hang" }],
    ['{"city": "Hang\\u4e', { city: "Hang" }],
    ['{"city": "Hang\\u4e2d', { city: "Hang中" }],
    ['{"n": 12', {}],
    ['{"n": 12,', { n: 12 }],
    ['{"n": tru', {}],
    ['{"n": true}', { n: true }],
    ['{"a": [1, 2, {"b": "x', { a: [1, 2, { b: "x" }] }],
    ['{"a": [1, 2', { a: [1] }],
    ['{"a": [[], [', { a: [[], []] }],
    ['{"__proto__": {"x": "1"', JSON.parse('{"__proto__":{"x":"1"}}')]
  ])("shows %j as far as it goes", (text, expected) => {
    expect(read(text).snapshot()).toEqual(expected)
  })

  it("leaves earlier snapshots alone", () => {
    const json = read('{"list": ["a", "b')
    const before = json.snapshot()
    json.push('c", "d"], "more": 1}')
    expect(before).toEqual({ list: ["a", "b"] })
    expect(json.snapshot()).toEqual({ list: ["a", "bc", "d"], more: 1 })
  })

  it("does not touch the prototype of anything", () => {
    read('{"__proto__": {"polluted": true}}')
    expect({}).not.toHaveProperty("polluted")
  })
})

describe("whole values", () => {
  it.each<[string, ReadonlyArray<unknown>]>([
    ['{"a": 1,}', [{ a: 1 }]],
    ["[1, 2, ]", [[1, 2]]],
    ['{"a": "two\nlines"}', [{ a: "two\nlines" }]],
    ['See [note 1]: {"a": "}"} and {"b": "\\""}.', [{ a: "}" }, { b: '"' }]],
    ['{not json {"a": -1.5e3}', [{ a: -1500 }]],
    ['{{"a": null}}', [{ a: null }]],
    ['{"a": 01}', []],
    ["{,}", []],
    ["[,]", []],
    ['{"a" 1}', []],
    ['{"a":}', []],
    ['{"a": 1 "b": 2}', []],
    ["no", []]
  ])("are found in %j", (text, expected) => {
    expect(read(text).complete).toEqual(expected)
  })

  it("come out as JSON.parse has them, however they are cut", () => {
    const below = random(11)
    const draw = (depth: number): unknown => {
      const kind = below(depth > 3 ? 5 : 7)
      if (kind === 0) return null
      if (kind === 1) return below(2) === 0
      if (kind === 2) return (below(2_000_000) - 1_000_000) / 2 ** below(12)
      if (kind < 5) return String.fromCharCode(...Array.from({ length: below(6) }, () => below(0x3000)))
      const inner = Array.from({ length: below(4) }, () => draw(depth + 1))
      return kind === 5 ? inner : Object.fromEntries(inner.map((value, index) => [`"k${index}\\`, value]))
    }
    for (let run = 0; run < 300; run++) {
      const value = [draw(0)]
      const text = JSON.stringify(value, undefined, below(3))
      const json = new PartialJson()
      for (let at = 0; at < text.length; ) {
        const next = at + 1 + below(7)
        json.push(text.slice(at, next))
        at = next
      }
      expect(json.complete).toEqual([value])
      expect(json.isOpen).toBe(false)
    }
  })

  it("take time in proportion to the text, whatever it is", () => {
    const json = read("[".repeat(200_000), "x", "{".repeat(200_000))
    expect(json.complete).toEqual([])
  })
})
