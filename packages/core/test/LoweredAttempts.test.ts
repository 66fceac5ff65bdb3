import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { UnderstudyOptions } from "../src/config/Options.ts"
import { FailoverError } from "../src/failure/FailoverError.ts"
import { isSent, nextOf, outcomeOf } from "../src/failure/Trail.ts"
import * as Understudy from "../src/Understudy.ts"
import type { ChatCompletionRequest, ChatMessage } from "../src/wire/ChatCompletion.ts"
import * as S from "./support.ts"

const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
const format = { type: "json_schema", json_schema: { name: "place", description: "A place.", schema, strict: true } }
const user = { role: "user", content: "Where?" }

const plain: ChatMessage = { role: "assistant", content: "Hello." }
const picture = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }
const showing = (part: object): ChatMessage => ({
  role: "user",
  content: [{ type: "text", text: "What is this?" }, part]
})

const throughCore = (
  vendor: (seen: S.Seen) => S.Play,
  call: { readonly request: ChatCompletionRequest; readonly text?: string },
  config?: UnderstudyOptions
) => {
  const world = S.makeWorld()
  const answered = Effect.flatMap(Understudy.Understudy, ({ failover }) => failover.call(call)).pipe(
    Effect.provide(S.understudy(world, vendor, config))
  )
  return Effect.map(answered, ({ trail }) => ({ world, trail }))
}

const failed = (call: ReturnType<typeof throughCore>) =>
  Effect.runPromise(Effect.flip(call)).then((error) => {
    if (error instanceof FailoverError) return error
    throw error
  })

describe("an attempt", () => {
  const down = ({ origin, model }: S.Seen): S.Play =>
    origin.includes("qwen")
      ? S.json(401, { error: { message: "no", code: "invalid_api_key" } })
      : S.json(200, S.completion(model))

  it("says in the trail how the schema was put, for each target its own way", async () => {
    const request = { ...S.request("qwen-plus"), response_format: format }
    const { trail, world } = await Effect.runPromise(throughCore(down, { request }))
    expect(trail.map((record) => [outcomeOf(record), record.structured])).toEqual([
      ["Unauthorized", "native"],
      ["Unauthorized", "native"],
      ["ok", "instructed"]
    ])
    expect(world.seen.map(({ body }) => (body["response_format"] as { type: string }).type)).toEqual([
      "json_schema",
      "json_schema",
      "json_object"
    ])
  })

  it("says nothing of schemas where there is none", async () => {
    const { trail } = await Effect.runPromise(throughCore(down, { request: S.request("qwen-plus") }))
    for (const record of trail) expect(record).not.toHaveProperty("structured")
  })

  it("has the switches of its own vendor alone", async () => {
    const request = S.request("qwen-plus", { enable_thinking: false, thinking: { type: "disabled" } })
    const { world } = await Effect.runPromise(throughCore(down, { request, text: JSON.stringify(request) }))
    expect(world.seen.map(({ body }) => [body["enable_thinking"], body["thinking"]])).toEqual([
      [false, undefined],
      [false, undefined],
      [undefined, { type: "disabled" }]
    ])
  })

  it("takes the configured ability over the dialect's", async () => {
    const base = S.options()
    const deepseek = { ...base.providers["deepseek"]!, structuredOutput: "none" as const }
    const request = { ...S.request("deepseek-chat"), response_format: format }
    const config = S.options({ providers: { ...base.providers, deepseek } })
    const { world } = await Effect.runPromise(throughCore(down, { request }, config))
    expect(world.seen[0]?.body).not.toHaveProperty("response_format")
  })

  const pictured = (...fallback: ReadonlyArray<{ readonly provider: string; readonly model?: string }>) => {
    const route = { name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "deepseek" }], fallback }
    const request = S.request("deepseek-v4-pro", { messages: [showing(picture)] })
    return { request, config: S.options({ routes: [route] }) }
  }

  it("is not made where the model is known not to take what the request holds, as long as another may", async () => {
    const { config, request } = pictured({ provider: "deepseek", model: "deepseek-flash" })
    const { trail, world } = await Effect.runPromise(
      throughCore(({ model }) => S.json(200, S.completion(model)), { request }, config)
    )
    expect(trail.map((record) => [record.model, outcomeOf(record), nextOf(record), !isSent(record)])).toEqual([
      ["deepseek-v4-pro", "skipped(unsuited)", "next target", true],
      ["deepseek-flash", "ok", "answer", false]
    ])
    expect(world.seen.map(({ model }) => model)).toEqual(["deepseek-flash"])
  })

  it("is not made as the last resort either", async () => {
    const { config, request } = pictured({ provider: "qwen", model: "qwen3-vl-plus" })
    const { reason, trail } = await failed(throughCore(() => S.json(503, {}), { request }, config))
    expect(reason._tag).toBe("UpstreamFailed")
    expect(trail.map((record) => [record.model, outcomeOf(record)])).toEqual([
      ["deepseek-v4-pro", "skipped(unsuited)"],
      ["qwen3-vl-plus", "Overloaded"],
      ["qwen3-vl-plus", "Overloaded"]
    ])
  })

  it("is made all the same where no model of the route is known to take it: the vendor has the word", async () => {
    const { config, request } = pictured({ provider: "qwen", model: "qwen-plus" })
    const message = "this model does not support image input"
    const refuse = () => S.json(400, { error: { message } })
    const { reason, trail } = await failed(throughCore(refuse, { request }, config))
    expect(reason).toMatchObject({ _tag: "Rejected", failure: { vendor: { status: 400, message } } })
    expect(trail.map((record) => [record.model, outcomeOf(record)])).toEqual([
      ["deepseek-v4-pro", "Unsuited"],
      ["qwen-plus", "Unsuited"]
    ])
  })

  it("is not made where the request is nested too deeply to be written anew, and costs neither the call nor the target", async () => {
    const nested = `${"[".repeat(50_000)}${"]".repeat(50_000)}`
    const text = `{"model":"deep","messages":[{"role":"user","content":"Where?"}],"metadata":${nested}}`
    const request = JSON.parse(text) as ChatCompletionRequest
    const config = (fallback: { readonly provider: string; readonly model?: string }) => ({
      ...S.options(),
      routes: [
        {
          name: "r",
          match: { model: { exact: "deep" } },
          targets: [{ provider: "qwen", model: "qwen-plus" }],
          fallback: [fallback]
        }
      ]
    })
    const vendor = ({ model }: S.Seen) => S.json(200, S.completion(model))
    const { trail } = await Effect.runPromise(throughCore(vendor, { request, text }, config({ provider: "deepseek" })))
    expect(trail.map((record) => [record.model, outcomeOf(record)])).toEqual([
      ["qwen-plus", "Unsuited"],
      ["deep", "ok"]
    ])
    const { reason } = await failed(
      throughCore(vendor, { request, text }, config({ provider: "deepseek", model: "deepseek-flash" }))
    )
    const message = "The request cannot be written anew for qwen: it is nested too deeply"
    expect(reason).toMatchObject({ _tag: "Rejected", failure: { vendor: { status: 400, message } } })
  })

  it("goes to DeepSeek's beta path when it is to go on with a text, whichever vendor's word the caller used", async () => {
    for (const word of ["prefix", "partial"]) {
      const messages = [user, { ...plain, [word]: true }]
      const { world } = await Effect.runPromise(
        throughCore(down, { request: S.request("deepseek-chat", { messages }) })
      )
      expect(world.seen[0]).toMatchObject({
        path: "/beta/chat/completions",
        body: { messages: [user, { prefix: true }] }
      })
    }
  })
})
