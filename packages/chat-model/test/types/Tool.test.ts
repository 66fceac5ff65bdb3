/** What the compiler lets tools do; `tsc` checks the lines that expect an error. */
// The compiler that knows Effect would say a second time what a line expects.
// @effect-diagnostics missingEffectContext:off globalErrorInEffectFailure:off
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as v from "valibot"
import { describe, expectTypeOf, it } from "vitest"
import { z } from "zod"
import * as Tool from "../../src/Tool.ts"

const City = Schema.Struct({ city: Schema.String, at: Schema.Date })
const Weather = Schema.Struct({ celsius: Schema.Number })
class Thermometer extends Context.Service<Thermometer, { readonly read: Effect.Effect<number> }>()("Thermometer") {}

describe("Tool.make, to the compiler", () => {
  it("gives the handler the parameters of the schema", () => {
    Tool.make({
      name: "effect",
      parameters: City,
      handler: (parameters, run) => {
        expectTypeOf(parameters).toEqualTypeOf<{ readonly city: string; readonly at: Date }>()
        expectTypeOf(run.signal).toEqualTypeOf<AbortSignal>()
      }
    })
    Tool.make({
      name: "zod",
      parameters: z.object({ city: z.string(), days: z.number().default(1) }),
      handler: (parameters) => expectTypeOf(parameters).toEqualTypeOf<{ city: string; days: number }>()
    })
    Tool.make({
      name: "valibot",
      parameters: v.object({ city: v.string() }),
      jsonSchema: { type: "object" },
      handler: (parameters) => expectTypeOf(parameters).toEqualTypeOf<{ city: string }>()
    })
    Tool.make({
      name: "json",
      parameters: { type: "object", properties: { city: { type: "string" } } },
      handler: (parameters) => expectTypeOf(parameters).toEqualTypeOf<Readonly<Record<string, unknown>>>()
    })
    Tool.make({
      name: "none",
      handler: (parameters) => expectTypeOf(parameters).toEqualTypeOf<Readonly<Record<string, unknown>>>()
    })
  })

  it("refuses a parameter of another type", () => {
    // @ts-expect-error: city is a string
    Tool.make({ name: "wrong", parameters: City, handler: ({ city }: { readonly city: number }) => city })
    // @ts-expect-error: there is no town
    Tool.make({ name: "wrong", parameters: City, handler: ({ town }) => town })
    // @ts-expect-error: city is a string
    Tool.make({ name: "wrong", parameters: z.object({ city: z.string() }), handler: ({ city }) => city * 2 })
  })

  it("takes a result as an Effect, as a promise or as it is", () => {
    const effect = Tool.make({ name: "effect", result: Weather, handler: () => Effect.succeed({ celsius: 1 }) })
    expectTypeOf(effect.handler).returns.toEqualTypeOf<Effect.Effect<{ celsius: number }>>()
    Tool.make({ name: "fails", result: Weather, handler: () => Effect.fail(new Error("no")) })
    Tool.make({ name: "promise", result: Weather, handler: async () => ({ celsius: 1 }) })
    Tool.make({ name: "value", result: z.object({ celsius: z.number() }), handler: () => ({ celsius: 1 }) })
    Tool.make({ name: "literal", result: Schema.Literals(["sun", "rain"]), handler: () => "sun" })
    Tool.make({ name: "anything", handler: () => ({ whatever: [1, "two"] }) })
  })

  it("refuses a result of another type", () => {
    // @ts-expect-error: celsius is a number
    Tool.make({ name: "wrong", result: Weather, handler: () => ({ celsius: "warm" }) })
    // @ts-expect-error: celsius is a number
    Tool.make({ name: "wrong", result: Weather, handler: () => Effect.succeed({ celsius: "warm" }) })
    // @ts-expect-error: celsius is missing
    Tool.make({ name: "wrong", result: Weather, handler: async () => ({ fahrenheit: 1 }) })
    // @ts-expect-error: celsius is a number
    Tool.make({ name: "wrong", result: z.object({ celsius: z.number() }), handler: () => ({ celsius: "warm" }) })
  })

  it("refuses a handler that needs a service", () => {
    const reading = Thermometer.use(({ read }) => read)
    // @ts-expect-error: nobody provides the thermometer
    Tool.make({ name: "wrong", handler: () => reading })
    // @ts-expect-error: nobody provides the thermometer
    Tool.make({ name: "wrong", result: Schema.Number, handler: () => reading })
  })

  it("lets tools of all types into one list", () => {
    const tools: ReadonlyArray<Tool.Any> = [
      Tool.make({ name: "one", parameters: City, handler: ({ city }) => city }),
      Tool.make({ name: "two", parameters: z.object({ n: z.number() }), handler: async ({ n }) => n })
    ]
    expectTypeOf(tools).toExtend<ReadonlyArray<Tool.Tool>>()
    // @ts-expect-error: a definition alone cannot be run
    const plain: Tool.Any = { name: "plain" }
    expectTypeOf(plain).toEqualTypeOf<Tool.Any>()
  })
})
