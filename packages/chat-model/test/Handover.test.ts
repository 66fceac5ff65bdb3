/** A tool conversation that one vendor began and the other one finishes, over sockets, as `@understudy/mocks` plays them. */
import { MockServer, Vendors } from "@understudy/mocks"
import * as Effect from "effect/Effect"
import { afterAll, afterEach, beforeAll, expect, it } from "vitest"
import * as ChatModel from "../src/ChatModel.ts"
import type { ChatOptions } from "../src/ChatOptions.ts"
import * as ChatResponse from "../src/ChatResponse.ts"
import * as Message from "../src/Message.ts"
import * as Prompt from "../src/Prompt.ts"

const vendors = Vendors.make({
  seed: 7,
  catalogue: "2026",
  keys: { "sk-demo-qwen-1": { vendor: "qwen" }, "sk-demo-deepseek-1": { vendor: "deepseek" } }
})
let server: MockServer.MockServer

beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
afterEach(() => vendors.reset())
afterAll(() => server.close())

const qwen = { provider: "qwen", model: "qwen-plus" }
const deepseek = { provider: "deepseek", model: "deepseek-flash" }

const layer = () =>
  ChatModel.layerUnderstudy({
    version: 1,
    providers: {
      qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen-1"] },
      deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek-1"] }
    },
    routes: [
      { name: "q", match: { model: { exact: "qwen-first" } }, targets: [qwen], fallback: [deepseek] },
      { name: "d", match: { model: { exact: "deepseek-first" } }, targets: [deepseek], fallback: [qwen] }
    ]
  })

const tools = [{ name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } }]

const turn = Effect.fnUntraced(function* (prompt: Prompt.Prompt, streamed: boolean) {
  const answer = streamed ? ChatResponse.fromStream(ChatModel.stream(prompt)) : ChatModel.call(prompt)
  const { metadata, result, toolCalls } = yield* answer
  const results = toolCalls.map(({ id }) => Message.tool(id, { celsius: 21 }))
  return { metadata, next: Prompt.append(prompt, result.output, ...results) }
})

it.each([
  ["qwen", "deepseek", false],
  ["qwen", "deepseek", true],
  ["deepseek", "qwen", false],
  ["deepseek", "qwen", true]
] as const)("a tool conversation begun at %s goes on at %s and back again (streamed: %s)", async (first, second, streamed) => {
  // DeepSeek, which thinks here, lets nobody force it to a tool.
  const options = { model: `${first}-first`, tools, toolChoice: "auto" } as const
  const talk = Effect.gen(function* () {
    const begun = yield* turn(Prompt.make("How is the weather in Hangzhou?", options), streamed)
    const fault = vendors.addFault({ vendor: first, kind: "overload.fast" })
    const gone = yield* turn(begun.next, streamed)
    fault.remove()
    const asked = Prompt.append(gone.next, Message.user("And the weather of tomorrow?"))
    const back = yield* turn(asked, streamed)
    return [begun, gone, back, yield* turn(Prompt.make(back.next, { toolChoice: "none" }), streamed)]
  })
  const turns = await Effect.runPromise(Effect.provide(talk, layer()))
  expect(turns.map(({ metadata }) => metadata.provider)).toEqual([first, second, first, first])
  const refused = vendors.journal.entries.filter(({ status }) => status === 400)
  expect(refused).toEqual([])
})

const switches: ChatOptions = {
  vendor: { qwen: { enableThinking: true, thinkingBudget: 64 }, deepseek: { thinking: "enabled" } }
}

it.each([
  ["qwen", "deepseek"],
  ["deepseek", "qwen"]
] as const)("a call that leaves %s takes to %s the switches that it knows", async (first, second) => {
  vendors.addFault({ vendor: first, kind: "auth.invalid" })
  const asked = ChatModel.call(Prompt.make("Who are you?", { model: `${first}-first`, ...switches }))
  const { reasoning } = await Effect.runPromise(Effect.provide(asked, layer()))
  expect(reasoning).toBeTypeOf("string")
  expect(vendors.journal.entries.map(({ status, vendor }) => [vendor, status])).toEqual([
    [first, 401],
    [second, 200]
  ])
})

it.each(["qwen3-235b-a22b", "qwen-plus"])("a whole answer of %s holds what it thought", async (model) => {
  const target = ChatModel.layerUnderstudy({
    version: 1,
    providers: { qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen-1"] } },
    routes: [{ name: "q", match: { model: { prefix: "qwen" } }, targets: [{ provider: "qwen" }] }]
  })
  const asked = ChatModel.call(Prompt.make("Who are you?", { model, ...switches }))
  const { metadata, reasoning } = await Effect.runPromise(Effect.provide(asked, target))
  expect([metadata.model, metadata.attempts, typeof reasoning]).toEqual([model, 1, "string"])
})
