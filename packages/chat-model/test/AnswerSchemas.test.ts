/** The JSON Schema that a vendor is told for an answer: what it refers to, how it is closed, and what has none. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as v from "valibot"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import * as Prompt from "../src/Prompt.ts"
import * as StructuredOutput from "../src/StructuredOutput.ts"
import * as TestChatModel from "../src/TestChatModel.ts"

type Json = Readonly<Record<string, any>>

/** What is told for a schema, and whether strictly. */
const told = async (schema: StructuredOutput.Schema, jsonSchema?: Json): Promise<{ schema: Json; strict: boolean }> => {
  const { model, prompts } = TestChatModel.make(["{}"])
  const asked = StructuredOutput.entity(model.stream, Prompt.make("Which?"), schema, { jsonSchema, repairs: 0 })
  await Effect.runPromise(Effect.result(asked))
  return prompts[0]!.options.outputSchema as { schema: Json; strict: boolean }
}

/** zod does not escape a name as a URL does, Effect does. */
const decode = (text: string): string => (/%(?![\dA-F]{2})/.test(text) ? text : decodeURIComponent(text))

const segments = (ref: string): ReadonlyArray<string> =>
  ref
    .slice(1)
    .split("/")
    .slice(1)
    .map((segment) => decode(segment).replaceAll("~1", "/").replaceAll("~0", "~"))

/** A schema without references, each one followed in its document so many steps deep. */
const unfold = (document: Json, node: unknown, steps = 5): unknown => {
  if (steps === 0) return "…"
  if (Array.isArray(node)) return node.map((each) => unfold(document, each, steps))
  if (typeof node !== "object" || node === null) return node
  const { $defs: _, $id: __, $schema: ___, definitions: ____, ...rest } = node as Json
  if (typeof rest["$ref"] !== "string" || rest["$ref"].startsWith("#n")) {
    return Object.fromEntries(Object.entries(rest).map(([name, each]) => [name, unfold(document, each, steps)]))
  }
  const local = rest["$ref"].replace("https://example.com/list", "")
  const found = segments(local === "" ? "#" : local).reduce<any>((at, name) => at?.[name], document)
  expect(found, `${rest["$ref"]} leads nowhere`).toBeTypeOf("object")
  return unfold(document, found, steps - 1)
}

type Nested = string | ReadonlyArray<Nested>
const zodNested: z.ZodType<Nested> = z.lazy(() => z.union([z.string(), z.array(zodNested)]))
const effectNested: Schema.Codec<Nested> = Schema.Union([
  Schema.String,
  Schema.Array(Schema.suspend((): Schema.Codec<Nested> => effectNested))
]).annotate({ identifier: "a/b ~ 中" })
const ZodCat = z.object({
  name: z.string(),
  get kittens() {
    return z.array(ZodCat)
  }
})

const list = { type: "array", items: { $ref: "#" } }
const byHand: ReadonlyArray<[string, Json]> = [
  ["the root", list],
  ["a place below the root", { type: "array", prefixItems: [{ type: "string" }], items: { $ref: "#/prefixItems/0" } }],
  [
    "the root by its address",
    { $id: "https://example.com/list", type: "array", items: { $ref: "https://example.com/list" } }
  ],
  [
    "a definition of draft 7",
    { anyOf: [{ $ref: "#/definitions/N" }], definitions: { N: { type: "array", items: { $ref: "#/definitions/N" } } } }
  ],
  [
    "the root, from a definition",
    { anyOf: [{ $ref: "#/$defs/N" }], $defs: { N: { type: "array", items: { $ref: "#" } } } }
  ],
  ["a place whose name has slashes", { anyOf: [{ $ref: "#/x~1y%20z/~0" }], "x/y z": { "~": { type: "string" } } }],
  [
    "the root, beside a definition of the wrapping's name",
    { ...list, contains: { $ref: "#/$defs/value" }, $defs: { value: { type: "string" } } }
  ],
  ["an anchor", { type: "array", items: { $ref: "#node" }, $anchor: "node" }]
]

describe("a schema that is wrapped", () => {
  it.each(byHand)("still refers to %s", async (_, schema) => {
    const { schema: wrapped } = await told(schema)
    expect(wrapped).toMatchObject({ type: "object", required: ["value"], additionalProperties: false })
    const { value } = wrapped["properties"]
    expect(unfold(wrapped, value, "$ref" in value ? 6 : 5)).toEqual(unfold(schema, schema))
  })

  it.each<[string, StructuredOutput.Schema]>([
    ["zod's lazy union", zodNested],
    ["zod's json", z.json()],
    ["zod's list of objects that hold themselves", z.array(ZodCat)],
    ["Effect's union whose name has signs", effectNested],
    ["Effect's list of it", Schema.Array(effectNested)]
  ])("refers to what it did: %s", async (_, schema) => {
    const { schema: wrapped } = await told(schema)
    expect(unfold(wrapped, wrapped)).toMatchObject({ properties: { value: expect.anything() } })
    expect(JSON.stringify(wrapped)).toContain('"$ref":"#/$defs/')
    expect(JSON.stringify(wrapped)).not.toContain('"$ref":"#"')
  })

  it("keeps what refers to a root of its own inside", async () => {
    const inner = { $id: "https://example.com/inner", type: "array", items: { $ref: "#" } }
    const { schema } = await told({ type: "array", items: inner })
    expect(schema["properties"].value).toEqual({ type: "array", items: inner })
  })

  it("takes a name for a reference only where a reference stands", async () => {
    const schema = { type: "array", items: { enum: [{ $ref: "#" }], properties: { $ref: { type: "string" } } } }
    expect((await told(schema)).schema["properties"].value).toEqual(schema)
  })

  it("of valibot with a lazy part is told as it was written beside it", async () => {
    const schema: v.GenericSchema<Nested> = v.lazy(() => v.union([v.string(), v.array(schema)]))
    const { schema: wrapped } = await told(schema, { anyOf: [{ type: "string" }, list] })
    expect(unfold(wrapped, wrapped["properties"].value)).toMatchObject({
      anyOf: [{ type: "string" }, { type: "array" }]
    })
  })
})

describe("a schema whose root is a reference", () => {
  it.each<[string, Json]>([
    ["$defs", { $ref: "#/$defs/a~1b", $defs: { "a/b": { type: "object", properties: {} } } }],
    ["definitions", { $ref: "#/definitions/A", definitions: { A: { $ref: "#/definitions/B" }, B: { type: "object" } } }]
  ])("to an object in %s is not wrapped", async (_, schema) => {
    expect((await told(schema)).schema).toMatchObject({ type: "object" })
    expect((await told(schema)).schema).not.toHaveProperty("$ref")
  })

  it("to itself is told all the same", async () => {
    const { schema } = await told({ $ref: "#/$defs/A", $defs: { A: { $ref: "#/$defs/A" } } })
    expect(schema).toMatchObject({ type: "object", properties: { value: expect.anything() } })
  })
})

const object = (name: string): Json => ({
  type: "object",
  properties: { [name]: { type: "string" } },
  required: [name]
})

describe("a schema of a library", () => {
  it("is closed where it speaks of objects, not where a property is called like a keyword", async () => {
    const words = {
      enum: z.object({ a: z.string() }),
      default: z.object({}),
      properties: z.object({ required: z.string() })
    }
    const { schema, strict } = await told(z.object(words))
    expect(strict).toBe(true)
    expect(Object.keys(schema["properties"])).toEqual(["enum", "default", "properties"])
    for (const name of Object.keys(words)) {
      expect(schema["properties"][name]).toMatchObject({ type: "object", additionalProperties: false })
    }
  })

  it.each<[string, Json]>([
    ["two schemas", { allOf: [object("a"), object("b")] }],
    ["a schema and one of several", { ...object("a"), anyOf: [object("b"), object("c")] }],
    ["a schema and a definition", { ...object("a"), $ref: "#/$defs/b", $defs: { b: object("b") } }],
    ["what a property asks for", { ...object("a"), dependentSchemas: { a: object("b") } }]
  ])("stays open where an object has to fit %s, for neither knows the other's properties", async (_, json) => {
    const library = {
      version: 1,
      vendor: "some",
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input: () => json }
    }
    const { schema, strict } = await told({ "~standard": library } as never)
    expect(strict).toBe(false)
    expect(JSON.stringify(schema).replace(/,?"additionalProperties":false(?=[^{]*$)/, "")).not.toMatch(/"additional/)
  })

  it("keeps every definition that it refers to, whatever signs its name has", async () => {
    const Named = z.object({ x: z.string() }).meta({ id: 'a/b ~%"c' })
    const { schema } = await told(z.object({ p: Named, q: z.array(Named) }))
    expect(unfold(schema, schema)).toMatchObject({
      properties: { p: { type: "object" }, q: { items: { type: "object" } } }
    })
  })
})

const untold: ReadonlyArray<[string, unknown, string]> = [
  ["zod's bigint", z.object({ a: z.object({ total: z.bigint() }) }), 'the field "a.total" is of zod\'s type bigint'],
  [
    "zod's date",
    z.object({ stops: z.array(z.object({ at: z.date() })) }),
    'the field "stops[].at" is of zod\'s type date'
  ],
  [
    "zod's map",
    z.object({ m: z.record(z.string(), z.map(z.string(), z.string())) }),
    'the field "m.*" is of zod\'s type map'
  ],
  ["zod's symbol", z.object({ s: z.union([z.string(), z.symbol()]) }), 'the field "s" is of zod\'s type symbol'],
  ["zod's undefined", z.object({ u: z.undefined() }), 'the field "u" is of zod\'s type undefined'],
  ["zod's function", z.object({ any: z.any(), f: z.function() }), 'the field "f" is of zod\'s type function'],
  [
    "zod's transform without an input",
    z.object({ t: z.transform(String) }),
    'the field "t" is of zod\'s type transform'
  ],
  [
    "zod's custom type",
    z.object({ t: z.tuple([z.string(), z.instanceof(URL)]) }),
    'the field "t[1]" is of zod\'s type custom'
  ],
  ["zod's date itself", z.date(), "it is of zod's type date"],
  [
    "Effect's declared type",
    Schema.Struct({
      a: Schema.Array(Schema.Struct({ f: Schema.declare((x): x is () => void => typeof x === "function") }))
    }),
    'the field "a[].f" is a declared type'
  ],
  [
    "Effect's field named by a symbol",
    Schema.Struct({ a: Schema.Struct({ [Symbol.for("k")]: Schema.String }) }),
    'the field "a.Symbol(k)" is a name that is a symbol'
  ],
  [
    "a function by hand",
    { type: "object", properties: { city: () => "string" } },
    "`properties.city` must be JSON, got a function"
  ],
  [
    "a bigint by hand",
    { type: "object", properties: { n: { maximum: 1n } } },
    "`properties.n.maximum` must be JSON, got a bigint"
  ],
  ["a symbol by hand", { type: "object", required: [Symbol("x")] }, "`required[0]` must be JSON, got a symbol"],
  [
    "a property left undefined",
    { type: "object", properties: { city: undefined } },
    "`properties.city` must be JSON, got undefined"
  ],
  [
    "a library's schema inside",
    { type: "object", properties: { city: z.string() } },
    "`properties.city` must be JSON, got a schema of a library"
  ],
  ["fields without an object", { city: z.string() }, "`city` must be JSON, got a schema of a library"],
  ["a number that is none", { type: "object", properties: { n: { minimum: Number.NaN } } }, "got NaN"],
  ["null", null, "must be a schema, got null"],
  ["a text", "string", "must be a schema, got string"]
]
const circular: { self?: unknown } = {}
circular.self = circular

describe("a schema that cannot be JSON Schema", () => {
  it.each(untold)("names the field: %s", async (_, schema, message) => {
    await expect(told(schema as StructuredOutput.Schema)).rejects.toThrow(message)
  })

  it("that holds itself says where", async () => {
    await expect(told(circular)).rejects.toThrow("`self` must be JSON, got an object that holds itself")
  })
})
