import { describe, expect, it } from "vitest"
import * as StructuredOutput from "../src/StructuredOutput.ts"

const pieces = (text: string, size: number): ReadonlyArray<string> =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size))

const read = (deltas: ReadonlyArray<string>, isObject = false): ReadonlyArray<string> => {
  const json = new StructuredOutput.JsonText(isObject)
  return [...deltas.map((delta) => json.push(delta)), json.end()]
}

const city = '{"city":"Hang\\"zhou {x}\\n","days":[3,-1.5,true,null],"人":{"[":"],}"}}'

describe("JsonText", () => {
  it.each<[string, string]>([
    ["alone", city],
    ["in a fence", `\`\`\`json\n${city}\n\`\`\``],
    ["in a fence without its language", `\`\`\`\n${city}\n\`\`\``],
    ["in a fence behind prose", `Here you are:\n\n\`\`\`json\n${city}\n\`\`\`\nAnything else? {"no":1}`],
    ["in prose", `As [1] says, {roughly}: ${city} (see [2]).`],
    ["behind a byte order mark", `\uFEFF ${city}`],
    ["behind thinking", `<think>{"city":"Ningbo"}? [1]</think>\n${city}`],
    ["in a list", `[${city}, ${city}]`],
    ["in a list in a fence", `\`\`\`json\n[${city}]\n\`\`\``],
    ["that is empty", "```json\n{ }\n```"],
    ["of a number", "42"],
    ["of a text that holds JSON", JSON.stringify(city)],
    ["that is none", "I cannot say {that}."]
  ])("gives the JSON of an answer %s as of a whole one, wherever it is cut", (_, text) => {
    const whole = StructuredOutput.jsonIn(text)
    for (const size of [1, 2, 3, 5, 7, 1000]) {
      const joined = read(pieces(text, size)).join("")
      if (whole === text && !/^[\s\uFEFF]*[[{]/.test(text)) expect(joined).toBe(text)
      else expect(JSON.parse(joined)).toEqual(JSON.parse(whole.replace(/^\uFEFF/, "")))
    }
  })

  it("puts commas and line ends by the book", () => {
    const text = '{"a":[1, 2 ,\n],"b":"one\ntwo\t",\n}'
    for (const size of [1, 2, 1000]) {
      expect(JSON.parse(read(pieces(text, size)).join(""))).toEqual({ a: [1, 2], b: "one\ntwo\t" })
    }
  })

  it("gives each piece as soon as it has come, and nothing of what follows", () => {
    expect(read(["``", "`json\n", '{"a', '":"b', '"}', "\n```", '{"c":1}'])).toEqual([
      "",
      "",
      '{"a',
      '":"b',
      '"}',
      "",
      "",
      ""
    ])
  })

  it("takes no list of the prose for an answer that is an object", () => {
    const text = '[1] says: {"a":1}'
    expect(read([text]).join("")).toBe("[1]")
    expect(read([text], true).join("")).toBe('{"a":1}')
  })

  it("gives what there is of an answer that is cut off", () => {
    expect(read(['```json\n{"a":"b']).join("")).toBe('{"a":"b')
    expect(read([""]).join("")).toBe("")
  })
})
