import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as v from "valibot"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import * as Tool from "../src/Tool.ts"

const cityParameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
const read = (tool: Tool.Any, value: unknown) => Effect.runPromise(Effect.result(tool.read(value)))
const written = (tool: Tool.Any, value: unknown) => Effect.runPromise(Effect.result(tool.write(value)))

describe("Tool.make", () => {
  it("tells the JSON Schema of an Effect Schema and reads through it", async () => {
    const weather = Tool.make({
      name: "weather",
      description: "The weather in a city",
      parameters: Schema.Struct({ city: Schema.String }),
      result: Schema.Struct({ celsius: Schema.Number }),
      handler: ({ city }) => Effect.succeed({ celsius: city.length }),
      timeout: "5 seconds"
    })
    expect(weather.parameters).toEqual({ ...cityParameters, additionalProperties: false })
    expect(
      Effect.runSync(weather.handler({ city: "Rome" }, { id: "1", signal: new AbortController().signal }))
    ).toEqual({
      celsius: 4
    })
    expect(await read(weather, { city: "Rome" })).toMatchObject({ success: { city: "Rome" } })
    expect(await read(weather, { city: 1 })).toMatchObject({ failure: ["city: Expected string"] })
    expect(await written(weather, { celsius: "warm" })).toMatchObject({ failure: ["celsius: Expected number"] })
  })

  it("reads and writes through the JSON codec of an Effect Schema", async () => {
    const later = Tool.make({
      name: "later",
      parameters: Schema.Struct({ at: Schema.Date }),
      result: Schema.Date,
      handler: ({ at }) => new Date(at.getTime() + 1000)
    })
    expect(later.parameters).toMatchObject({ properties: { at: { type: "string" } } })
    const day = new Date("2026-01-01T00:00:00.000Z")
    expect(await read(later, { at: day.toISOString() })).toMatchObject({ success: { at: day } })
    expect(await written(later, day)).toMatchObject({ success: day.toISOString() })
  })

  it("shows vendors an object where the schema has a name", () => {
    class City extends Schema.Class<City>("City")({ city: Schema.String }) {}
    const named = Tool.make({ name: "named", parameters: City, handler: ({ city }) => city })
    expect(named.parameters).toEqual({ ...cityParameters, additionalProperties: false })
  })

  it("keeps the definitions that a schema refers to", () => {
    interface Tree {
      readonly name: string
      readonly children: ReadonlyArray<Tree>
    }
    const Tree = Schema.Struct({
      name: Schema.String,
      children: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))
    }).annotate({ identifier: "Tree" })
    const tool = Tool.make({ name: "tree", parameters: Tree, handler: ({ name }) => name })
    expect(tool.parameters).toMatchObject({ type: "object", $defs: { Tree: { type: "object" } } })
  })

  it("tells the JSON Schema of zod and reads through it", async () => {
    const weather = Tool.make({
      name: "weather",
      parameters: z.object({ city: z.string(), days: z.number().default(1) }),
      result: z.object({ celsius: z.number() }),
      handler: async ({ city, days }) => ({ celsius: city.length * days })
    })
    expect(weather.parameters).toEqual({
      type: "object",
      properties: { city: { type: "string" }, days: { type: "number", default: 1 } },
      required: ["city"]
    })
    expect(await read(weather, { city: "Rome" })).toMatchObject({ success: { city: "Rome", days: 1 } })
    expect(await read(weather, {})).toMatchObject({ failure: [expect.stringContaining("city: ")] })
    expect(await written(weather, {})).toMatchObject({ failure: [expect.stringContaining("celsius: ")] })
  })

  it("waits for schemas that check asynchronously", async () => {
    const known = z.object({ city: z.string().refine(async (city) => city === "Rome", "no such city") })
    const weather = Tool.make({ name: "weather", parameters: known, handler: ({ city }) => city })
    expect(await read(weather, { city: "Rome" })).toMatchObject({ success: { city: "Rome" } })
    expect(await read(weather, { city: "Atlantis" })).toMatchObject({ failure: ["city: no such city"] })
  })

  it("takes a library's schema with the JSON Schema beside it, and says so when it is missing", async () => {
    const parameters = v.object({ city: v.string() })
    const make = (jsonSchema?: Record<string, unknown>) =>
      Tool.make({ name: "weather", parameters, jsonSchema, handler: ({ city }) => city })
    expect(() => make()).toThrow(
      '`parameters` of tool "weather" has a schema of valibot, which does not tell its JSON Schema: pass it beside as `jsonSchema`'
    )
    const weather = make(cityParameters)
    expect(weather.parameters).toEqual(cityParameters)
    expect(await read(weather, { city: 1 })).toMatchObject({ failure: [expect.stringContaining("city: ")] })
  })

  it("takes plain JSON Schema, whose object it does not look into", async () => {
    const weather = Tool.make({ name: "weather", parameters: cityParameters, handler: (parameters) => parameters })
    expect(weather.parameters).toEqual(cityParameters)
    expect(await read(weather, { town: 1 })).toMatchObject({ success: { town: 1 } })
    expect(await read(weather, [1])).toMatchObject({ failure: ["Expected an object"] })
  })

  it("takes a tool without parameters", async () => {
    const now = Tool.make({ name: "now", handler: () => "noon", strict: true })
    expect(now).toMatchObject({ name: "now", strict: true, parameters: { type: "object", properties: {} } })
    expect(await read(now, {})).toMatchObject({ success: {} })
  })

  it("takes plain JSON Schema whose root refers to an object, and a root that refers to itself", () => {
    const definitions = { Args: { type: "object", properties: { next: { $ref: "#/definitions/Args" } } } }
    const parameters = { $ref: "#/definitions/Args", definitions }
    const tool = Tool.make({ name: "walk", parameters, handler: () => 1 })
    expect(tool.parameters).toEqual({ ...definitions.Args, definitions })
    const Node = z.object({
      get next() {
        return Node.optional()
      }
    })
    const recursive = Tool.make({ name: "walk", parameters: Node, handler: () => 1 })
    expect(recursive.parameters).toMatchObject({ type: "object", properties: { next: { $ref: "#" } } })
  })

  it.each<[string, Record<string, unknown>, string]>([
    [
      "zod",
      z.object({ stops: z.array(z.object({ at: z.date() })) }) as never,
      'the field "stops[].at" is of zod\'s type date'
    ],
    ["JSON Schema", { type: "object", properties: { city: 1n } }, "`properties.city` must be JSON, got a bigint"],
    ["fields", { city: z.string() }, "`city` must be JSON, got a schema of a library"]
  ])("names the tool and the field of parameters that cannot be told: %s", (_, parameters, message) => {
    const making = () => Tool.make({ name: "travel", parameters, handler: () => 1 })
    expect(making).toThrow('`parameters` of tool "travel" cannot be told as JSON Schema: ')
    expect(making).toThrow(message)
  })

  it("names the tool whose JSON Schema beside it is no object", () => {
    const making = () =>
      Tool.make({ name: "travel", parameters: z.object({}), jsonSchema: { type: "array" }, handler: () => 1 })
    expect(making).toThrow('`jsonSchema` of tool "travel" must be an object, got {"type":"array"}: wrap it in one')
  })

  it.each([
    ["an Effect Schema", Schema.String],
    ["zod", z.string()]
  ])("refuses parameters that are no object, in %s", (_, parameters) => {
    expect(() => Tool.make({ name: "echo", parameters, handler: () => 1 })).toThrow(
      '`parameters` of tool "echo" must be an object, got {"type":"string"}: wrap it in one'
    )
  })
})
