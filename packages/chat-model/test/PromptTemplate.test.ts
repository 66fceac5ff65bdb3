import { describe, expect, it } from "vitest"
import * as PromptTemplate from "../src/PromptTemplate.ts"

describe("PromptTemplate", () => {
  it("puts values in the place of their names", () => {
    const joke = PromptTemplate.make('Tell me a {adjective} joke about {topic} as {"joke": "..."}')
    expect(joke.render({ adjective: "short", topic: "cats" })).toBe(
      'Tell me a short joke about cats as {"joke": "..."}'
    )
    expect(joke.names).toEqual(["adjective", "topic"])
  })

  it.each([
    ["{}", "{}"],
    ["{ a }", "{ a }"],
    ['{"a": {"b": [1, {}]}}', '{"a": {"b": [1, {}]}}'],
    ["if (x) { y() }", "if (x) { y() }"],
    ["{1a}", "{1a}"],
    ["{城市}", "{城市}"],
    ["a { b", "a { b"],
    ["}{", "}{"],
    ["", ""]
  ])("leaves %s as it is", (template, expected) => {
    expect(PromptTemplate.render(template, {})).toBe(expected)
  })

  it("writes {{name}} as {name}, whatever stands around it", () => {
    expect(PromptTemplate.render("{{a}} {a}", { a: 1 })).toBe("{a} 1")
    expect(PromptTemplate.render("{{{a}}}", {})).toBe("{{a}}")
    expect(PromptTemplate.render("{{{a}", { a: 1 })).toBe("{{1")
    expect(PromptTemplate.render("{{a}", { a: 1 })).toBe("{1")
  })

  it("takes texts, numbers, bigints and booleans, empty ones too", () => {
    expect(PromptTemplate.render("{a}{b}{c}{d}{e}", { a: "x", b: 0, c: 2n, d: false, e: "" })).toBe("x02false")
  })

  it("does not look for placeholders in values, nor for patterns", () => {
    expect(PromptTemplate.render("{a} {b}", { a: "{b} $& $1", b: "z" })).toBe("{b} $& $1 z")
  })

  it("uses a value as often as its name stands there", () => {
    const twice = PromptTemplate.make("{a}{a}")
    expect([twice.names, twice.render({ a: "x" })]).toEqual([["a"], "xx"])
  })

  it("says which placeholder of a text that the compiler did not know has no value", () => {
    const template: string = "Hello {name}, {constructor}"
    expect(() => PromptTemplate.render(template, { nme: "x" })).toThrow(
      "{name} has no value, got nme: give it one, or write {{name}} to mean the text"
    )
    expect(() => PromptTemplate.render(template, { name: "x" })).toThrow("{constructor} has no value")
  })

  it("takes a tagged literal, in which no brace means anything", () => {
    const joke = PromptTemplate.tagged`Tell me a ${"adjective"} joke about {topic}`
    expect(joke.render({ adjective: "short" })).toBe("Tell me a short joke about {topic}")
    expect(PromptTemplate.render("Count to {n}.", { n: 3 })).toBe("Count to 3.")
  })
})
