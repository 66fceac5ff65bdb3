/** What fails a ChatModel's call fails the AI SDK's, once. */
import { APICallError } from "@ai-sdk/provider"
import { ChatModelError, type Reason, type VendorFailure } from "@understudy/chat-model/ChatModelError"
import * as TestChatModel from "@understudy/chat-model/TestChatModel"
import type { Trail } from "@understudy/core/failure/Trail"
import { generateText } from "ai"
import { expect, it } from "vitest"
import { createUnderstudy } from "../src/UnderstudyProvider.ts"

const vendor: VendorFailure = {
  kind: "InvalidRequest",
  detail: "qwen said no",
  status: undefined,
  type: undefined,
  code: undefined,
  param: undefined
}

const trail: Trail = [
  {
    _tag: "Failed",
    provider: "qwen",
    model: "qwen-turbo",
    key: "kabc",
    millis: 3,
    next: { _tag: "NextTarget" },
    reason: { _tag: "Unauthorized" },
    afterContent: false,
    status: 401,
    message: "qwen answered 401"
  }
]

const failed = (reason: Reason) => new ChatModelError({ message: "It failed.", reason, trail })

const rows: ReadonlyArray<readonly [Reason, number]> = [
  [{ _tag: "InvalidPrompt", field: "messages", got: "none", allowed: "a list" }, 400],
  [{ _tag: "NoRoute", model: "gpt", routes: [] }, 404],
  [{ _tag: "NoTarget", route: "aliyun", retryAfter: 1000 }, 503],
  [{ _tag: "Limited", retryAfter: 1500 }, 429],
  [{ ...vendor, _tag: "Rejected", status: 422 }, 422],
  [{ ...vendor, _tag: "Rejected", status: 200 }, 400],
  [{ ...vendor, _tag: "Rejected" }, 400],
  [{ ...vendor, _tag: "UpstreamFailed", status: 500 }, 502],
  [{ ...vendor, _tag: "Broken" }, 502],
  [{ _tag: "DeadlineExceeded", total: 10 }, 504]
]

it.each(rows)("asks once and fails for %j with status %i", async (reason, statusCode) => {
  const chatModel = await TestChatModel.promise([failed(reason)])
  const model = createUnderstudy({ chatModel })("qwen-plus")
  const error = await generateText({ model, prompt: "hi" }).then(
    () => undefined,
    (error: unknown) => error
  )
  expect(APICallError.isInstance(error)).toBe(true)
  expect(error).toMatchObject({
    message: "It failed.",
    statusCode,
    isRetryable: false,
    url: "understudy://qwen/qwen-turbo",
    data: { reason: reason._tag, isRetryable: expect.any(Boolean), trail: [{ reason: { _tag: "Unauthorized" } }] },
    cause: { _tag: "ChatModelError" }
  })
  expect(chatModel.prompts).toHaveLength(1)
})

it("keeps what the vendor meant and when to ask again", async () => {
  const chatModel = await TestChatModel.promise([
    failed({ _tag: "Limited", retryAfter: 1500 }),
    failed({ ...vendor, _tag: "Rejected", kind: "ContextTooLong" })
  ])
  const ask = () => generateText({ model: createUnderstudy({ chatModel })("qwen-plus"), prompt: "hi" })
  await expect(ask()).rejects.toMatchObject({
    data: { retryAfter: 1500, isRetryable: true },
    responseHeaders: { "retry-after": "2" },
    responseBody: expect.stringContaining('"error":{"message":"It failed."}')
  })
  await expect(ask()).rejects.toMatchObject({ data: { kind: "ContextTooLong", isRetryable: false } })
})

it("says what is wrong with a configuration, at the first call", async () => {
  const understudy = createUnderstudy({ path: "/nowhere/understudy.yaml" })
  const asked = generateText({ model: understudy("qwen-plus"), prompt: "hi" })
  await expect(asked).rejects.toMatchObject({ _tag: "ConfigError" })
  await understudy.close()
})

it("has no other models", async () => {
  const chatModel = await TestChatModel.promise([])
  const understudy = createUnderstudy({ chatModel })
  expect(() => understudy.imageModel("wanx")).toThrow("wanx")
  await expect(understudy.embeddingModel("text-embedding-v4").doEmbed({ values: ["a"] })).rejects.toThrow(
    "embeddingModel is not given"
  )
})
