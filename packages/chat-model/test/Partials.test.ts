/** What is shown of a typed answer while it is being written: what it will be, as far as it is there. */
import { inspect } from "node:util"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as Stream from "effect/Stream"
import { describe, expect, expectTypeOf, it } from "vitest"
import { z } from "zod"
import type { ChatPart } from "../src/ChatPart.ts"
import * as Prompt from "../src/Prompt.ts"
import * as StructuredOutput from "../src/StructuredOutput.ts"
import { random as seeded } from "./support/random.ts"
import * as Scripted from "./support/ScriptedModel.ts"

/** What is shown of an answer that comes in pieces of a size. */
const shown = async <S extends StructuredOutput.Schema>(schema: S, text: string, size = 1) => {
  const deltas = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
    text.slice(at * size, (at + 1) * size)
  )
  const parts: ReadonlyArray<ChatPart> = Scripted.textParts(deltas)
  const next = () => Stream.fromArray(parts).pipe(Stream.rechunk(1))
  const partials = StructuredOutput.partials(next, Prompt.make("Which?"), schema, { repairs: 0 })
  return Effect.runPromise(Stream.runCollect(partials))
}

const distinct = (values: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  values.filter((value, index) => index === 0 || !Equal.equals(value, values[index - 1]))

class Stop extends Schema.Class<Stop>("Stop")({ city: Schema.String, at: Schema.Date }) {}

describe("partials of an Effect Schema", () => {
  it("hold what is decoded, under the names of the value, and nothing that is not yet", async () => {
    const Trip = Schema.Struct({
      days: Schema.NumberFromString,
      start: Schema.Date,
      kind: Schema.Literals(["rail", "road"]),
      note: Schema.String
    }).pipe(Schema.encodeKeys({ days: "n_days", start: "start_at" }))
    const seen = await shown(Trip, '{"n_days":"12","start_at":"2026-11-30T00:00:00Z","kind":"rail","note":"so"}')
    const start = new Date("2026-11-30T00:00:00Z")
    expect(distinct(seen)).toEqual([
      {},
      { days: 12 },
      { days: 12, start },
      { days: 12, start, kind: "rail" },
      { days: 12, start, kind: "rail", note: "" },
      { days: 12, start, kind: "rail", note: "s" },
      { days: 12, start, kind: "rail", note: "so" }
    ])
  })

  it("go into lists, records, classes and names inside of names", async () => {
    const Inner = Schema.Struct({ theDate: Schema.Date }).pipe(Schema.encodeKeys({ theDate: "d" }))
    const Outer = Schema.Struct({ inner: Schema.Array(Inner), stops: Schema.Record(Schema.String, Stop) }).pipe(
      Schema.encodeKeys({ inner: "i" })
    )
    const day = "2026-11-30T00:00:00Z"
    const seen = distinct(await shown(Outer, `{"i":[{"d":"${day}"}],"stops":{"a":{"city":"X","at":"${day}"}}}`))
    const at = new Date(day)
    expect(seen).toEqual([
      {},
      { inner: [] },
      { inner: [{}] },
      { inner: [{ theDate: at }] },
      { inner: [{ theDate: at }], stops: {} },
      { inner: [{ theDate: at }], stops: { a: {} } },
      { inner: [{ theDate: at }], stops: { a: { city: "" } } },
      { inner: [{ theDate: at }], stops: { a: { city: "X" } } },
      { inner: [{ theDate: at }], stops: { a: { city: "X", at } } },
      { inner: [{ theDate: at }], stops: { a: new Stop({ city: "X", at }) } }
    ])
  })

  it("know one of several by what is whole in it, and wait while two would differ", async () => {
    const Shape = Schema.Union([
      Schema.Struct({ kind: Schema.Literal("day"), at: Schema.Date }),
      Schema.Struct({ kind: Schema.Literal("count"), at: Schema.NumberFromString, text: Schema.String })
    ])
    const seen = distinct(await shown(Schema.Array(Shape), '[{"kind":"count","at":"7","text":"ab"}]', 2))
    expect(seen.slice(0, 2)).toEqual([[{}], [{ kind: "count" }]])
    expect(seen).toContainEqual([{ kind: "count", at: 7 }])
    const Late = Schema.Union([
      Schema.Struct({ at: Schema.Date, kind: Schema.Literal("day") }),
      Schema.Struct({ at: Schema.String, kind: Schema.Literal("text") })
    ])
    const late = distinct(await shown(Schema.Struct({ it: Late }), '{"it":{"at":"2026-11-30","kind":"text"}}'))
    expect(late.at(-1)).toEqual({ it: { at: "2026-11-30", kind: "text" } })
    expect(late).toEqual([{}, { it: {} }, { it: { at: "2026-11-30" } }, { it: { at: "2026-11-30", kind: "text" } }])
  })

  it("leave out what does not fit, and whole what is made of several fields", async () => {
    const Name = Schema.Struct({ first: Schema.String, last: Schema.String }).pipe(
      Schema.decodeTo(Schema.Struct({ full: Schema.String }), {
        decode: SchemaGetter.transform(({ first, last }) => ({ full: `${first} ${last}` })),
        encode: SchemaGetter.transform(({ full }) => ({ first: full, last: "" }))
      })
    )
    const Person = Schema.Struct({ age: Schema.optional(Schema.Int), name: Name, tags: Schema.Array(Schema.Int) })
    const text = '{"age":1.5,"name":{"first":"Li","last":"Bai"},"tags":[1,2,"x",3]}'
    const seen = await shown(Person, text).catch((error: unknown) => error)
    expect(seen).toMatchObject({ _tag: "StructuredOutputError" })
    const values: Array<unknown> = []
    const parts = Scripted.textParts([...text])
    const running = Stream.runForEach(
      StructuredOutput.partials(() => Stream.fromArray(parts).pipe(Stream.rechunk(1)), Prompt.make("?"), Person, {
        repairs: 0
      }),
      (value) => Effect.sync(() => void values.push(value))
    )
    await Effect.runPromise(Effect.result(running))
    expect(distinct(values)).toEqual([
      {},
      { name: { full: "Li Bai" } },
      { name: { full: "Li Bai" }, tags: [] },
      { name: { full: "Li Bai" }, tags: [1] },
      { name: { full: "Li Bai" }, tags: [1, 2] }
    ])
  })

  it("show nothing of a number or a date before it is whole", async () => {
    expect(distinct(await shown(Schema.Int, '{"value": 42 }'))).toEqual([42])
    expect(distinct(await shown(Schema.Date, '{"value": "2026-11-30T00:00:00Z"}'))).toEqual([new Date("2026-11-30")])
    expect(distinct(await shown(Schema.String, '{"value": "ab"}'))).toEqual(["", "a", "ab"])
  })

  it("are typed as what they are", () => {
    const Trip = Schema.Struct({
      days: Schema.NumberFromString,
      at: Schema.Date,
      stops: Schema.Array(Schema.Struct({ city: Schema.String }))
    })
    expectTypeOf<StructuredOutput.Growing<typeof Trip>>().toEqualTypeOf<{
      readonly days?: number
      readonly at?: Date
      readonly stops?: ReadonlyArray<{ readonly city?: string }>
    }>()
  })
})

describe("partials of another library's schema", () => {
  const Trip = z.object({
    days: z.string().transform(Number),
    kind: z.enum(["rail", "road"]),
    at: z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() })
  })

  it("are the JSON as it is written, and typed so; the last is the value", async () => {
    expectTypeOf<StructuredOutput.Growing<typeof Trip>>().toEqualTypeOf<{
      readonly days?: string
      readonly kind?: string
      readonly at?: string
    }>()
    const seen = distinct(await shown(Trip, '{"days":"12","kind":"rail","at":"2026-11-30T00:00:00Z"}', 9))
    expect(seen).toContainEqual({ days: "12" })
    expect(seen.at(-1)).toEqual({ days: 12, kind: "rail", at: new Date("2026-11-30") })
  })

  it.each([
    ["an object where a list is wanted", z.array(Trip), '{"items":[{"days":"12"}]}'],
    ["a list where an object is wanted", Trip, '[{"days":"12"}]'],
    ["an object where a number is wanted", z.number(), '{"days":12}']
  ])("show nothing of %s", async (_, schema, text) => {
    await expect(shown(schema, text)).rejects.toThrow("does not fit its schema")
    const parts = Stream.fromArray(Scripted.textParts([...text])).pipe(Stream.rechunk(1))
    const partials = StructuredOutput.partials(() => parts, Prompt.make("Which?"), schema, { repairs: 0 })
    const seen: Array<unknown> = []
    await Effect.runPromise(Effect.ignore(Stream.runForEach(partials, (value) => Effect.sync(() => seen.push(value)))))
    expect(seen).toEqual([])
  })
})

/** A schema, and how to make a value of it. */
interface Kind {
  readonly schema: Schema.Codec<any, any>
  readonly value: (random: () => number) => unknown
}

const pick = <A>(random: () => number, list: ReadonlyArray<A>): A => list[Math.floor(random() * list.length)] as A
const word = (random: () => number): string =>
  pick(random, ["", "a", "Hang zhou", '"quoted" \\ {', "湖\n", "[1, 2]", "12"])
const count = (random: () => number): number => Math.floor(random() * 3)
const day = (random: () => number): Date => new Date(Math.floor(random() * 2e12))

const leaves: ReadonlyArray<Kind> = [
  { schema: Schema.String, value: word },
  { schema: Schema.Int, value: count },
  { schema: Schema.Boolean, value: (random) => random() < 0.5 },
  { schema: Schema.NumberFromString, value: count },
  { schema: Schema.Date, value: day },
  { schema: Schema.BigInt, value: (random) => BigInt(count(random)) * 10n ** 20n },
  { schema: Schema.Literals(["a", "ab", "b"]), value: (random) => pick(random, ["a", "ab", "b"]) },
  { schema: Schema.NullOr(Schema.Date), value: (random) => (random() < 0.5 ? null : day(random)) },
  { schema: Schema.Union([Schema.Literal("auto"), Schema.Int]), value: (random) => (random() < 0.5 ? "auto" : 7) },
  { schema: Schema.Trim, value: (random) => word(random).trim() },
  {
    schema: Schema.Option(Schema.String),
    value: (random) => (random() < 0.5 ? Option.none() : Option.some(word(random)))
  }
]

const kindOf = (random: () => number, depth: number): Kind => {
  if (depth === 0) return pick(random, leaves)
  const inner = () => kindOf(random, random() < 0.4 ? 0 : depth - 1)
  switch (Math.floor(random() * 6)) {
    case 0: {
      const item = inner()
      return { schema: Schema.Array(item.schema), value: (r) => Array.from({ length: count(r) }, () => item.value(r)) }
    }
    case 1: {
      const item = inner()
      const value = (r: () => number) =>
        Object.fromEntries(["k", "x y", "1"].slice(count(r)).map((key) => [key, item.value(r)]))
      return { schema: Schema.Record(Schema.String, item.schema), value }
    }
    case 2: {
      const [first, second] = [inner(), inner()]
      return { schema: Schema.Tuple([first.schema, second.schema]), value: (r) => [first.value(r), second.value(r)] }
    }
    case 3: {
      const [left, right] = [inner(), inner()]
      const Tagged = Schema.Union([
        Schema.Struct({ tag: Schema.Literal("left"), it: left.schema }),
        Schema.Struct({ tag: Schema.Literal("right"), it: right.schema })
      ])
      const value = (r: () => number) =>
        r() < 0.5 ? { tag: "left", it: left.value(r) } : { tag: "right", it: right.value(r) }
      return { schema: Tagged, value }
    }
    default: {
      const [one, two, three] = [inner(), inner(), inner()]
      const Plain = Schema.Struct({ one: one.schema, two: Schema.optionalKey(two.schema), three: three.schema })
      const schema = random() < 0.5 ? Plain : Plain.pipe(Schema.encodeKeys({ one: "ONE", three: "two_" }))
      const value = (r: () => number) => ({
        one: one.value(r),
        ...(r() < 0.5 ? {} : { two: two.value(r) }),
        three: three.value(r)
      })
      return { schema: schema as unknown as Schema.Codec<any, any>, value }
    }
  }
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** True when one value is what the other will be, as far as it is there. */
const isPart = (part: unknown, whole: unknown): boolean => {
  if (typeof part === "string" && typeof whole === "string") return whole.startsWith(part)
  if (Array.isArray(part) && Array.isArray(whole)) {
    return part.length <= whole.length && part.every((each, index) => isPart(each, whole[index]))
  }
  if (isPlain(part) && isPlain(whole)) {
    return Object.entries(part).every(([key, each]) => key in whole && isPart(each, whole[key]))
  }
  return Equal.equals(part, whole)
}

it("every partial is a part of the value, whatever the schema makes of its JSON, and wherever it is cut", async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const below = seeded(seed)
    const random = () => below(1_000_000) / 1_000_000
    const { schema, value: make } = kindOf(random, 3)
    const value = make(random)
    const codec = Schema.toCodecJson(schema)
    const encoded: unknown = Schema.encodeUnknownSync(codec)(value)
    const text = JSON.stringify(isPlain(encoded) ? encoded : { value: encoded })
    const seen = await shown(schema, text, 1 + Math.floor(random() * 4)).catch((error: unknown) => [error])
    expect(Equal.equals(seen.at(-1), value), `seed ${seed}: ${text} ends as ${inspect(seen.at(-1))}`).toBe(true)
    // Nothing is left out of what is whole.
    if (seen.length > 1) expect(Equal.equals(seen.at(-2), value), `seed ${seed}: ${inspect(seen.at(-2))}`).toBe(true)
    for (const partial of seen) {
      expect(isPart(partial, value), `seed ${seed}: ${inspect(partial)} is no part of ${text}`).toBe(true)
    }
  }
}, 60_000)
