import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as v from "valibot"
import { describe, expect, expectTypeOf, it } from "vitest"
import { z } from "zod"
import * as Message from "../src/Message.ts"
import * as Prompt from "../src/Prompt.ts"
import * as StructuredOutput from "../src/StructuredOutput.ts"
import * as TestChatModel from "../src/TestChatModel.ts"

const City = Schema.Struct({ city: Schema.String, inhabitants: Schema.Int })
const hangzhou = { city: "Hangzhou", inhabitants: 12 }
const json = JSON.stringify(hangzhou)
const prompt = Prompt.make("Where?")

const ask = async <S extends StructuredOutput.Schema>(
  script: ReadonlyArray<TestChatModel.Entry>,
  schema: S,
  options?: StructuredOutput.Options
) => {
  const { model, prompts } = TestChatModel.make(script)
  const entity = await Effect.runPromise(StructuredOutput.entity(model.stream, prompt, schema, options))
  return { ...entity, prompts }
}

const fail = async (script: ReadonlyArray<TestChatModel.Entry>, options?: StructuredOutput.Options) => {
  const { model, prompts } = TestChatModel.make(script, { repeatLast: true })
  const error = await Effect.runPromise(Effect.flip(StructuredOutput.entity(model.stream, prompt, City, options)))
  if (error._tag !== "StructuredOutputError") throw error
  return { error, prompts }
}

describe("an answer", () => {
  it.each<[string, string]>([
    ["as it should be", json],
    ["in a code fence", `\`\`\`json\n${json}\n\`\`\``],
    ["in a fence with prose around it", `Here you are:\n\`\`\`\n${json}\n\`\`\`\nAnything else?`],
    ["in prose with brackets", `As [1] says {roughly}: ${json} (see [2]).`],
    ["behind thinking in tags", `<think>{"city": "Ningbo", "inhabitants": 9}?</think>\n${json}`],
    ["behind thinking whose opening tag is missing", `Maybe {"city": "Ningbo"}.</think>${json}`],
    ["with a byte order mark", `\uFEFF${json}`],
    ["with commas too many", '{"city": "Hangzhou", "inhabitants": 12,}'],
    ["as a text that holds JSON", JSON.stringify(json)],
    ["as a text that holds JSON, in a fence", `\`\`\`\n${JSON.stringify(json)}\n\`\`\``],
    ["with a tag inside", '{"city": "Hangzhou", "inhabitants": 12, "note": "</think>"}'],
    ["behind another object", `{"thought": "easy"}\n${json}`]
  ])("%s is understood without asking again", async (_, text) => {
    const { prompts, repairs, value } = await ask([text], City)
    expect(value).toEqual(hangzhou)
    expect([repairs, prompts.length]).toEqual([0, 1])
  })

  it.each<[string, TestChatModel.Entry, string | undefined, string]>([
    ["is empty", { text: "  " }, undefined, "The answer is empty."],
    ["only calls a tool", { toolCalls: [{ name: "weather" }] }, undefined, "The answer is empty."],
    ["holds no JSON", "I do not know.", "I do not know.", "The answer holds no JSON."],
    ["ends in the middle", '{"city": "Hang', '{"city": "Hang', "The JSON ends in the middle."],
    ["has a wrong type", '{"city": 1, "inhabitants": 12}', '{"city": 1, "inhabitants": 12}', "city: Expected string"],
    ["lacks a field", '{"city": "Hangzhou"}', '{"city": "Hangzhou"}', "inhabitants: "],
    ["was cut off", { text: '{"city": "Hang', finishReason: "length" }, '{"city": "Hang', "cut off"],
    [
      "was cut off behind something whole",
      { text: `${json}, {"ci`, finishReason: "length" },
      `${json}, {"ci`,
      "cut off"
    ]
  ])("that %s is shown to the model, with what is wrong", async (_, entry, shown, issue) => {
    const { prompts, repairs, value } = await ask([entry, json], City)
    expect(value).toEqual(hangzhou)
    expect(repairs).toBe(1)
    const [user, ...more] = prompts[1]!.messages
    expect(user).toEqual(Message.user("Where?"))
    expect(more.slice(0, -1)).toEqual(shown === undefined ? [] : [Message.assistant(shown)])
    expect(more.at(-1)).toMatchObject({ role: "user", content: expect.stringContaining(issue) })
    expect(prompts[1]!.options).toEqual(prompts[0]!.options)
  })

  it("that is whole is taken although its limit was reached just then", async () => {
    expect((await ask([{ text: json, finishReason: "length" }], City)).repairs).toBe(0)
  })

  it("that is wrong in several places is shown with all of them, and with what to do", async () => {
    const { prompts } = await ask(['{"city": 1, "inhabitants": 1.5}', json], City)
    const said = Message.textOf(prompts[1]!.messages.at(-1)!)?.split("\n") ?? []
    expect(said).toHaveLength(4)
    expect(said[0]).toBe("Your answer cannot be used:")
    expect(said[1]).toMatch(/^- city: /)
    expect(said[2]).toMatch(/^- inhabitants: /)
    expect(said[3]).toBe("Answer again, with the whole corrected JSON and nothing else.")
  })

  it("that is long is shown as far as 8,000 characters, never half of one", async () => {
    const { prompts } = await ask([`${"x".repeat(7_999)}😀`, json], City)
    expect(prompts[1]!.messages[1]).toEqual(Message.assistant(`${"x".repeat(7_999)}…`))
  })

  it("that is repaired badly is asked for once more, with the last answer alone", async () => {
    const { prompts, repairs } = await ask(["no", '{"city": 1}', json], City)
    expect(repairs).toBe(2)
    expect(prompts[2]!.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"])
    expect(prompts[2]!.messages[1]).toEqual(Message.assistant('{"city": 1}'))
  })
})

describe("an answer that is no value in the end", () => {
  it.each<[TestChatModel.Entry, string, number, string]>([
    ["no", "NotJson", 3, "no"],
    ['{"city": 1, "inhabitants": 1.5}', "Invalid", 3, '{"city": 1, "inhabitants": 1.5}'],
    [{ text: "{", finishReason: "length" }, "Truncated", 3, "{"],
    [{ refusal: "I would rather not." }, "Refused", 1, ""],
    [{ text: "{", finishReason: "content-filter" }, "Refused", 1, "{"]
  ])("%j fails as %s after %i answers", async (entry, tag, attempts, text) => {
    const { error, prompts } = await fail([entry])
    expect(error).toMatchObject({ reason: { _tag: tag }, attempts, text })
    expect(prompts).toHaveLength(attempts)
    expect(error.trail).toHaveLength(1)
  })

  it("names every issue, with its path, and keeps only so much of the text", async () => {
    const { error } = await fail(['{"city": 1, "inhabitants": 1.5}'], { repairs: 0 })
    expect(error.issues.map((issue) => issue.split(":")[0])).toEqual(["city", "inhabitants"])
    expect(error.message).toContain("does not fit its schema, after 1 answer (city: ")
    expect((await fail(["x".repeat(100_000)], { repairs: 0 })).error.text.length).toBeLessThan(2_010)
  })

  it("fails as the model does when the model does", async () => {
    const { model } = TestChatModel.make([TestChatModel.failure({ _tag: "DeadlineExceeded", total: 1 })])
    const error = await Effect.runPromise(Effect.flip(StructuredOutput.entity(model.stream, prompt, City)))
    expect(error._tag).toBe("ChatModelError")
  })
})

const jsonSchemaOf = (asked: Prompt.Prompt) =>
  asked.options.outputSchema as { name: string; schema: Record<string, any>; strict: boolean }

describe("a schema", () => {
  it("of a list is wrapped for the vendor, and every way to leave the wrapping out is understood", async () => {
    const Cities = Schema.Array(City)
    for (const text of [
      `{"value": [${json}]}`,
      `[${json}]`,
      `As [1] says: {"value": [${json}]}`,
      `{"value": ${JSON.stringify(`[${json}]`)}}`
    ]) {
      const { prompts, value } = await ask([text], Cities)
      expectTypeOf(value).toEqualTypeOf<ReadonlyArray<typeof City.Type>>()
      expect(value).toEqual([hangzhou])
      expect(jsonSchemaOf(prompts[0]!)).toMatchObject({
        name: "answer",
        strict: true,
        schema: { type: "object", required: ["value"], properties: { value: { type: "array" } } }
      })
    }
  })

  it("of one of several objects is read without its wrapping, also where a field is called like that", async () => {
    const Amount = Schema.Struct({ value: Schema.Int, unit: Schema.String })
    const Either = Schema.Union([Amount, Schema.Struct({ none: Schema.Boolean })])
    for (const text of ['{"value": 3, "unit": "kg"}', '{"value": {"value": 3, "unit": "kg"}}']) {
      expect((await ask([text], Either)).value).toEqual({ value: 3, unit: "kg" })
    }
  })

  it.each<[string, StructuredOutput.Schema, string, unknown]>([
    ["number", Schema.Int, '{"value": 42}', 42],
    ["number without its wrapping", Schema.Int, "42", 42],
    ["text", Schema.Literals(["yes", "no"]), '{"value": "yes"}', "yes"],
    ["text that looks like JSON", Schema.String, '{"value": "[1]"}', "[1]"],
    ["date, as JSON has it", Schema.Date, '{"value": "2026-11-21T00:00:00.000Z"}', new Date("2026-11-21")]
  ])("of a %s is wrapped, too", async (_, schema, text, expected) => {
    expect((await ask([text], schema)).value).toEqual(expected)
  })

  it("that refers to itself keeps its definitions at the root", async () => {
    interface Tree {
      readonly name: string
      readonly children: ReadonlyArray<Tree>
    }
    const Tree: Schema.Codec<Tree> = Schema.Struct({
      name: Schema.String,
      children: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))
    }).annotate({ identifier: "Tree" })
    const { prompts, value } = await ask(['{"value": [{"name": "a", "children": []}]}'], Schema.Array(Tree))
    expect(value).toEqual([{ name: "a", children: [] }])
    expect(jsonSchemaOf(prompts[0]!).schema).toMatchObject({ $defs: { Tree: { type: "object" } } })
    expect(jsonSchemaOf(prompts[0]!).schema["properties"].value).not.toHaveProperty("$defs")
  })

  it("of zod is told closed, and strict where nothing is optional", async () => {
    const { prompts, value } = await ask([json], z.object({ city: z.string(), inhabitants: z.number() }))
    expectTypeOf(value).toEqualTypeOf<{ city: string; inhabitants: number }>()
    expect(value).toEqual(hangzhou)
    expect(jsonSchemaOf(prompts[0]!)).toMatchObject({ strict: true, schema: { additionalProperties: false } })
    const loose = await ask([json], z.object({ city: z.string(), area: z.number().optional() }), { name: "place" })
    expect(jsonSchemaOf(loose.prompts[0]!)).toMatchObject({ strict: false, name: "place" })
    const map = await ask(['{"a": 1}'], z.record(z.string(), z.number()))
    expect(map.value).toEqual({ a: 1 })
    expect(jsonSchemaOf(map.prompts[0]!)).toMatchObject({ strict: false })
  })

  it("of valibot wants its JSON Schema beside it, and says so", async () => {
    const schema = v.object({ city: v.string() })
    const jsonSchema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
    const { prompts, value } = await ask(["{}", json], schema, { jsonSchema })
    expect(value).toEqual({ city: "Hangzhou" })
    expect(jsonSchemaOf(prompts[0]!).schema).toBe(jsonSchema)
    await expect(ask([json], schema)).rejects.toThrow(/valibot.*`jsonSchema`/)
  })

  it("that is plain JSON Schema is told as it is, and not checked", async () => {
    const schema = { type: "object", properties: { city: { type: "string" } } }
    const { prompts, value } = await ask([json], schema)
    expect(value).toEqual(hangzhou)
    expect(jsonSchemaOf(prompts[0]!).schema).toBe(schema)
  })
})

const collect = async <S extends StructuredOutput.Schema>(script: ReadonlyArray<TestChatModel.Entry>, schema: S) => {
  const { model, prompts } = TestChatModel.make(script)
  const seen: Array<unknown> = []
  const running = Stream.runForEach(StructuredOutput.partials(model.stream, prompt, schema), (value) =>
    Effect.sync(() => void seen.push(value))
  )
  const exit = await Effect.runPromise(Effect.result(running))
  return { seen, prompts, exit }
}

describe("partials", () => {
  it("show the value as it grows, each time something changed, and end with the value", async () => {
    const { seen } = await collect(['{"city": "Hang zhou", "inhabitants": 12}'], City)
    expect(seen).toEqual([
      {},
      { city: "Hang " },
      { city: "Hang zhou" },
      { city: "Hang zhou", inhabitants: 12 },
      { city: "Hang zhou", inhabitants: 12 }
    ])
  })

  it("show a list without its wrapping, past thinking and fences", async () => {
    const text = '<think> {"value": ["no"]} </think> ```json {"value": ["a", "b"]} ```'
    const { seen } = await collect([text], Schema.Array(Schema.String))
    expect(seen.at(-1)).toEqual(["a", "b"])
    for (const value of seen.slice(1)) expect([["a"], ["a", "b"]]).toContainEqual(value)
  })

  it("begin anew when the model is asked again, and fail as an entity does", async () => {
    const repaired = await collect(['{"city": 1}', json], City)
    expect(repaired.seen.at(-1)).toEqual(hangzhou)
    expect(repaired.prompts).toHaveLength(2)
    const { exit } = await collect(["no", "no", "no"], City)
    expect(exit).toMatchObject({ failure: { _tag: "StructuredOutputError", reason: { _tag: "NotJson" }, attempts: 3 } })
  })
})

describe("jsonIn", () => {
  it.each([
    ['{"big":12345678901234567890}', '{"big":12345678901234567890}'],
    ['[{"a":1},{"a":2}]', '[{"a":1},{"a":2}]'],
    ['```json\n[{"a":1},{"a":2}]\n```', '[{"a":1},{"a":2}]'],
    ['As [1] says: {"a":[1,2],} and so on {unless}.', '{"a":[1,2]}'],
    ['<think>{"a":0}?</think>{"a":1}', '{"a":1}'],
    ['"{\\"a\\":1}"', '{"a":1}'],
    ['{"a":{"b":1', '{"a":{"b":1'],
    ["7", "7"],
    ["I cannot.", "I cannot."]
  ])("reads %j as %j", (answer, json) => {
    expect(StructuredOutput.jsonIn(answer)).toBe(json)
  })
})
