/** What a client's types promise: the compiler's run over this file is the test. */
// The compiler that knows Effect would say a second time what a line expects.
// @effect-diagnostics missingEffectContext:off
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { expect, expectTypeOf, it } from "vitest"
import * as Advisor from "../../src/Advisor.ts"
import * as BudgetAdvisor from "../../src/advisor/BudgetAdvisor.ts"
import type { BudgetError } from "../../src/advisor/BudgetError.ts"
import * as CacheAdvisor from "../../src/advisor/CacheAdvisor.ts"
import * as MemoryAdvisor from "../../src/advisor/MemoryAdvisor.ts"
import * as ChatClient from "../../src/ChatClient.ts"
import * as ChatMemory from "../../src/ChatMemory.ts"
import type * as ChatModel from "../../src/ChatModel.ts"
import type { ChatModelError } from "../../src/ChatModelError.ts"
import * as PromiseChatClient from "../../src/PromiseChatClient.ts"
import * as PromptTemplate from "../../src/PromptTemplate.ts"
import type { StructuredOutputError } from "../../src/StructuredOutputError.ts"
import * as TestChatModel from "../../src/TestChatModel.ts"
import * as Tool from "../../src/Tool.ts"
import type { ToolError } from "../../src/ToolError.ts"
import * as Scripted from "../support/ScriptedModel.ts"

class Forbidden extends Data.TaggedError("Forbidden")<{ readonly message: string }> {}

const { model } = Scripted.make()
const client = ChatClient.make(model)
const memory = MemoryAdvisor.make(ChatMemory.make())
const budget = BudgetAdvisor.make({})
const cache = CacheAdvisor.make()
const tool = Tool.make({ name: "now", handler: () => "noon" })
const City = Schema.Struct({ name: Schema.String })

it("names the errors of what the chain has, and no others", () => {
  const plain = client.prompt("hi")
  expectTypeOf(plain.call().content()).toEqualTypeOf<Effect.Effect<string | undefined, ChatModelError>>()
  expectTypeOf(plain.advisors(cache).stream().content()).toEqualTypeOf<Stream.Stream<string, ChatModelError>>()
  expectTypeOf(plain.advisors(budget, cache, memory).call().content()).toEqualTypeOf<
    Effect.Effect<string | undefined, ChatModelError | BudgetError | ChatMemory.ChatMemoryError>
  >()
  expectTypeOf(plain.tools(tool).call().content()).toEqualTypeOf<
    Effect.Effect<string | undefined, ChatModelError | ToolError>
  >()
  expectTypeOf(plain.call().entity(City)).toEqualTypeOf<
    Effect.Effect<{ readonly name: string }, ChatModelError | StructuredOutputError>
  >()
})

it("names the errors of the defaults", () => {
  const full = ChatClient.make(model, { advisors: [memory, budget], tools: [tool] })
  expectTypeOf(full).toEqualTypeOf<ChatClient.Client<ChatMemory.ChatMemoryError | BudgetError | ToolError>>()
  expectTypeOf(client.mutate({ advisors: [budget] })).toEqualTypeOf<ChatClient.Client<BudgetError>>()
})

it("infers an advisor's own errors", () => {
  const refusing = Advisor.make("refusing", (request, next) =>
    request.mode === "call" ? Stream.fail(new Forbidden({ message: "no" })) : next(request)
  )
  expectTypeOf(refusing).toEqualTypeOf<Advisor.Advisor<Forbidden>>()
  const tapping = Advisor.make("tapping", (request, next) => Stream.tap(next(request), () => Effect.void))
  expectTypeOf(tapping).toEqualTypeOf<Advisor.Advisor>()
  const needy = (next: Advisor.Next) => (request: Advisor.Request) =>
    Stream.unwrap(Effect.map(ChatMemory.ChatMemory, () => next(request)))
  // @ts-expect-error an advisor that needs a service does not get it from the client
  Advisor.make("needy", (request, next) => needy(next)(request))
})

it("refuses what makes no sense", () => {
  // @ts-expect-error no such option
  client.prompt("hi").options({ temprature: 1 })
  // @ts-expect-error no such option among the defaults
  ChatClient.make(model, { options: { temprature: 1 } })
  // @ts-expect-error no such default
  ChatClient.make(model, { sistem: "x" })
  // @ts-expect-error topic is missing
  expect(() => client.prompt().user("About {topic}", {})).toThrow("{topic}")
  // @ts-expect-error topc is unknown
  client.prompt().system("About {topic}", { topic: "x", topc: "y" })
  // @ts-expect-error topc is unknown to the template
  expect(() => client.prompt().user(PromptTemplate.make("About {topic}"), { topc: "y" })).toThrow("{topic}")
  // @ts-expect-error a tool that nobody can run is an option
  client.prompt().tools({ name: "weather" })
})

it("refuses the same without Effect", async () => {
  await using chat = await TestChatModel.promise([])
  const promised = PromiseChatClient.make(chat)
  // @ts-expect-error no such option
  promised.prompt("hi").options({ temprature: 1 })
  // @ts-expect-error no such default
  PromiseChatClient.make(chat, { sistem: "x" })
  // @ts-expect-error topic is missing
  expect(() => promised.prompt().user("About {topic}", {})).toThrow("{topic}")
  // @ts-expect-error topc is unknown
  promised.prompt().system("About {topic}", { topic: "x", topc: "y" })
  // @ts-expect-error a tool that nobody can run is an option
  promised.prompt().tools({ name: "weather" })
  const value = () => promised.prompt("hi").call().entity(City)
  expectTypeOf(value).returns.resolves.toEqualTypeOf<{ readonly name: string }>()
})

it("demands the ChatModel of the service's layer, and takes no advisor there that fails", () => {
  const asked = ChatClient.ChatClient.use((one) => one.prompt("hi").call().content())
  expectTypeOf(Effect.provide(asked, ChatClient.layer())).toEqualTypeOf<
    Effect.Effect<string | undefined, ChatModelError, ChatModel.ChatModel>
  >()
  // @ts-expect-error the ChatModel is missing
  const missing: Effect.Effect<unknown, unknown> = Effect.provide(asked, ChatClient.layer({ advisors: [cache] }))
  // @ts-expect-error this advisor fails
  const failing = ChatClient.layer({ advisors: [memory] })
  return void [missing, failing]
})
