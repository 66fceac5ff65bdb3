import { describe, expect, it } from "vitest"
import * as Endpoint from "../../src/internal/face/Endpoint.ts"

const find = (target: string, base: "/v1" | "" = "/v1") => Endpoint.find(Endpoint.pathOf(target), base)

const chat = { endpoint: "chat", model: undefined }

describe("find", () => {
  it.each([
    ["/v1/chat/completions", chat],
    ["/v1/chat/completions/", chat],
    ["/v1/chat/completions//?a=b/", chat],
    ["//v1//chat///completions", chat],
    ["/v1/v1/chat/completions", chat],
    ["/team%20a/v1/%63hat/completions", chat],
    ["http://localhost:8080/v1/chat/completions?x=1", chat],
    ["/v1/completions/", { endpoint: "completions", model: undefined }],
    ["/openai/deployments/a/completions", { endpoint: "completions", model: "a" }],
    ["/v1/embeddings", { endpoint: "embeddings", model: undefined }],
    ["/openai/v1/models/", { endpoint: "models", model: undefined }],
    ["/v1/models/m1", { endpoint: "model", model: "m1" }],
    ["/v1/models/qwen%2Fqwen3%3A8b", { endpoint: "model", model: "qwen/qwen3:8b" }],
    ["/v1/models/qwen/qwen3:8b/", { endpoint: "model", model: "qwen/qwen3:8b" }],
    ["/v1/models/accounts/a/v1/models/b", { endpoint: "model", model: "accounts/a/v1/models/b" }],
    ["/v1/models/50%25%2F", { endpoint: "model", model: "50%/" }],
    ["/v1/models/%zz", { endpoint: "model", model: "%zz" }],
    ["/openai/deployments/gpt-4o/chat/completions?api-version=2024-06-01", { endpoint: "chat", model: "gpt-4o" }],
    ["/openai/deployments/a%2Fb/embeddings", { endpoint: "embeddings", model: "a/b" }],
    ["/x/openai/deployments/m/v1/chat/completions", { endpoint: "chat", model: "m/v1" }],
    ["/openai/deployments//chat/completions", undefined],
    ["/chat/completions", undefined],
    ["/v1/chat", undefined],
    ["/v1", undefined],
    ["/", undefined],
    ["*", undefined],
    ["", undefined]
  ])("reads %s", (target, place) => {
    expect(find(target)).toEqual(place)
  })

  it("does without /v1 where nothing has to stand before OpenAI's paths", () => {
    expect(find("http://anywhere/chat/completions", "")).toEqual(chat)
    expect(find("/models/m/x", "")).toEqual({ endpoint: "model", model: "m/x" })
  })
})

describe("withModel", () => {
  it.each([
    ['{ "n": 1.50, "messages": [] }', '{"model":"a\\"b", "n": 1.50, "messages": [] }'],
    [" \n{}", '{"model":"a\\"b"}'],
    ['{"model":"own"}', '{"model":"own"}'],
    ['{"model":null}', '{"model":null}'],
    ["[1]", "[1]"],
    ["nonsense {", "nonsense {"],
    ["", ""]
  ])("puts the model into %j, and changes nothing else", (text, whole) => {
    expect(Endpoint.withModel(text, 'a"b')).toBe(whole)
  })
})
