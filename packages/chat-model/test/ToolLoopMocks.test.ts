/** Tools over sockets: ToolLoop, ChatModel, core, undici, and DeepSeek and Qwen as `@understudy/mocks` plays them. */

import { outcomeOf } from "@understudy/core/failure/Trail"
import { MockServer, Vendors } from "@understudy/mocks"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import * as ChatModel from "../src/ChatModel.ts"
import * as ChatResponse from "../src/ChatResponse.ts"
import * as Prompt from "../src/Prompt.ts"
import * as Tool from "../src/Tool.ts"
import * as ToolLoop from "../src/ToolLoop.ts"

type WireMessage = Record<"role" | "tool_call_id" | "reasoning_content", string | undefined> & {
  readonly tool_calls?: ReadonlyArray<{ readonly id: string }>
}

/** The conversations that vendors answered. */
const answered: Array<ReadonlyArray<WireMessage>> = []

const vendors = Vendors.make({
  seed: 7,
  replies: ({ raw }) => {
    answered.push(raw["messages"] as ReadonlyArray<WireMessage>)
    return undefined
  },
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
      { name: "q", match: { model: { exact: "qwen" } }, targets: [qwen], fallback: [deepseek] },
      { name: "d", match: { model: { exact: "deepseek" } }, targets: [deepseek], fallback: [qwen] }
    ]
  })

const loop = (model: string, tools: ReadonlyArray<Tool.Any>, options?: ToolLoop.Options) =>
  Stream.unwrap(
    ChatModel.ChatModel.useSync((chat) =>
      ToolLoop.run(chat.stream, Prompt.make("How is the weather in Hangzhou?", { model }), tools, options)
    )
  )
const ask = (...args: Parameters<typeof loop>) =>
  Effect.runPromise(Effect.provide(ChatResponse.fromStream(loop(...args)), layer()))
const askInVain = (...args: Parameters<typeof loop>) =>
  Effect.runPromise(Effect.provide(Effect.flip(Stream.runDrain(loop(...args))), layer()))

const cities: Array<string> = []
afterEach(() => {
  cities.splice(0)
  answered.splice(0)
})

const make = (meanwhile: () => void = () => {}) =>
  Tool.make({
    name: "weather",
    parameters: Schema.Struct({ city: Schema.String }),
    result: Schema.Struct({ celsius: Schema.Number }),
    handler: ({ city }) => {
      cities.push(city)
      meanwhile()
      return { celsius: 21 }
    }
  })

describe("ToolLoop, against DeepSeek and Qwen", () => {
  it.each(["qwen", "deepseek"])("%s has its tool run and answers with the result", async (model) => {
    const response = await ask(model, [make()])
    expect(response.text).toBe('The tool says: {"celsius":21}')
    expect(response.metadata).toMatchObject({ attempts: 2, finishReason: { unified: "stop" }, provider: model })
    const used = response.metadata.trail.map(({ usage }) => usage?.total_tokens ?? 0)
    expect(response.metadata.usage?.totalTokens).toBe(used[0]! + used[1]!)
    expect(cities).toEqual(["Hangzhou"])
  })

  it("runs a tool that zod describes and a promise answers", async () => {
    const tool = Tool.make({
      name: "weather",
      parameters: z.object({ city: z.string() }),
      handler: async ({ city }) => `${city} is mild`
    })
    expect((await ask("qwen", [tool])).text).toBe("The tool says: Hangzhou is mild")
  })

  it.each([
    ["qwen", "deepseek"],
    ["deepseek", "qwen"]
  ] as const)("goes on elsewhere with valid ids when %s dies in the middle, and runs the tool once", async (first, second) => {
    const tool = make(() => vendors.addFault({ vendor: first, kind: "overload.fast" }))
    const response = await ask(first, [tool])
    expect(response.text).toBe('The tool says: {"celsius":21}')
    expect(response.metadata.provider).toBe(second)
    expect(cities).toEqual(["Hangzhou"])
    const last = answered.at(-1)!
    const called = last.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id))
    expect(called).toHaveLength(1)
    expect(last.at(-1)).toMatchObject({ role: "tool", tool_call_id: called[0] })
    expect(response.metadata.trail.map(({ provider }) => provider)).toEqual(
      expect.arrayContaining([first, first, second])
    )
  })

  it("runs no tool of a turn that another vendor repeats", async () => {
    vendors.addFault({ vendor: "qwen", kind: "overload.fast" })
    const response = await ask("qwen", [make()])
    expect(response.metadata.provider).toBe("deepseek")
    expect(cities).toEqual(["Hangzhou"])
  })

  it("runs no tool of a turn that breaks after its content", async () => {
    vendors.addFault({ vendor: "deepseek", kind: "cut.midstream", afterChunks: 2 })
    expect(await askInVain("deepseek", [make()])).toMatchObject({ _tag: "ChatModelError", reason: { _tag: "Broken" } })
    expect(cities).toEqual([])
  })

  it("does not run a tool again when the turn after it breaks", async () => {
    const tool = make(() => vendors.addFault({ kind: "cut.midstream", afterChunks: 2 }))
    const error = await askInVain("qwen", [tool])
    expect(error).toMatchObject({ _tag: "ChatModelError", reason: { _tag: "Broken" } })
    expect(error.trail.map(outcomeOf)).toEqual(["ok", "Interrupted after content"])
    expect(cities).toEqual(["Hangzhou"])
  })

  it("sends the reasoning back with the calls that it led to", async () => {
    const response = await ask("deepseek", [make()])
    expect(response.text).toBe('The tool says: {"celsius":21}')
    expect(answered.map((messages) => messages.some((message) => message.reasoning_content))).toEqual([false, true])
  })

  it("asks nobody any more when it is interrupted while a tool runs", async () => {
    let signal: AbortSignal | undefined
    const tool = Tool.make({
      name: "weather",
      handler: (_, run) => {
        signal = run.signal
        return new Promise<never>(() => {})
      }
    })
    const fiber = Effect.runFork(Effect.provide(Stream.runDrain(loop("qwen", [tool])), layer()))
    await expect.poll(() => signal).toBeDefined()
    await Effect.runPromise(Fiber.interrupt(fiber))
    expect(signal?.aborted).toBe(true)
    expect(vendors.journal.total).toBe(1)
  })
})
